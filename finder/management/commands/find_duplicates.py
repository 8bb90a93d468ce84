"""Looks for groups that two sources may both list; nothing is merged by itself."""

from django.core.management.base import BaseCommand
from django.utils import timezone

from finder import curation


class Command(BaseCommand):
    """Bring the curators' queue of possible duplicates up to date."""

    help = "Look for groups that two sources may both list, for curators to decide."

    def handle(self, **options):
        """Print how many pairs wait."""
        count = curation.find_duplicates(now=timezone.now())
        self.stdout.write(f"{count:,} possible duplicates wait for a curator.")
