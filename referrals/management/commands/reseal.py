"""reseal: a sentence around resealing."""

from django.core.management.base import BaseCommand

from referrals.resealing import reseal
from referrals.sealed import ring


class Command(BaseCommand):
    """Move patient fields to the newest key of PHI_KEYS."""

    help = (
        "Seal every patient field with the newest key. Add the new key in front of PHI_KEYS, "
        "run this, and only then take the old key out."
    )

    def handle(self, *args, **options) -> None:
        written = reseal()
        self.stdout.write(f"{written} rows now sealed with {ring().newest}; none with another.")
