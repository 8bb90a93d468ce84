"""Recompute every listing from its meeting; searches find the old ones until it is done."""

from django.core.management.base import BaseCommand

from finder.search import index


class Command(BaseCommand):
    """Rebuild the read model; changes nothing else."""

    help = __doc__

    def handle(self, *args, **options) -> None:
        self.stdout.write(f"{index.rebuild()} meetings can be found.")
