"""Publishes a month that ended and reads all evidence anew, since it ages; run it nightly."""

from datetime import date

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from finder.asking import publish_figures
from finder.curation import reassess


class Command(BaseCommand):
    help = "Read the evidence of every group anew. Run it nightly: evidence ages."

    def add_arguments(self, parser):
        parser.add_argument(
            "--date", dest="day", help="the day to read for, as YYYY-MM-DD (default: today)"
        )

    def handle(self, *args, **options):
        day = options["day"]
        today = _day(day) if day else timezone.now().date()
        publish_figures(today=today)
        changed = reassess(today=today)
        self.stdout.write(f"{changed} readings changed.")


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise CommandError(f"{text} is not a day. Write it as YYYY-MM-DD.") from error
