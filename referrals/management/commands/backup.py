"""backup: argument parsing around backup.write."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from referrals import backup


class Command(BaseCommand):
    """Write an encrypted copy of the whole database."""

    help = (
        "Write every table, as of one moment, to a file that only BACKUP_KEY opens. The site may "
        "go on meanwhile. Keep the key, PHI_KEYS, PHI_INDEX_KEY and AUDIT_KEY apart from the file."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)

    def handle(self, *args, **options) -> None:
        path = options["file"]
        try:
            with backup.sealed(path) as file:
                counts = backup.write(file, now=timezone.now())
        except OSError as error:
            raise CommandError(f"{path} cannot be written: {error.strerror}.") from error
        size = path.stat().st_size / 1e6
        self.stdout.write(f"{sum(counts.values())} rows of {len(counts)} tables, {size:.1f} MB.")
