"""Copy the listings into the files that matching weighs all groups from; the worker does, too."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from finder.search import snapshot


class Command(BaseCommand):
    """Write a snapshot of this machine, unless the newest still tells the directory as it is."""

    help = __doc__

    def handle(self, *args, **options) -> None:
        place = snapshot.write(now=timezone.now())
        self.stdout.write(f"Wrote {place}." if place else "Nothing has changed.")
