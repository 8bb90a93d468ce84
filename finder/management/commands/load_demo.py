"""Load the invented directory for demonstrations."""

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from finder import curation, demo
from finder.search import index


class Command(BaseCommand):
    help = "Load about 600 invented groups, dated to today; a second run that day writes nothing."

    def handle(self, *args, **options) -> None:
        today = timezone.localdate()
        try:
            loaded = demo.load(today=today)
        except demo.DemoError as error:
            raise CommandError(str(error)) from error
        if loaded.has_changed:
            curation.reassess(today=today)
            index.rebuild()
        what = "Loaded" if loaded.has_changed else "Nothing to change:"
        self.stdout.write(
            f"{what} {loaded.groups} invented groups of {loaded.programs} programs, "
            f"{loaded.meetings} meetings, {loaded.evidence} pieces of evidence."
        )
