"""restore: argument parsing around backup.load and backup.repeat."""

from pathlib import Path

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction
from django.utils import timezone

from finder.models import User
from referrals import audit, backup
from referrals.models import Kind, Organization


class Command(BaseCommand):
    """Put a copy into an empty database, without bringing back what was ended since."""

    help = (
        "Put an encrypted copy into an empty database. Consents, links, memberships, tokens and "
        "records that were ended or deleted since it was made are ended and deleted again, in the "
        "same transaction: nobody sees a row before that. Sessions are not restored."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--anchors", type=Path, help="the notes to repeat from (default: AUDIT_ANCHORS)"
        )
        parser.add_argument(
            "--without-notes",
            action="store_true",
            help="restore although there are no notes: what was ended since comes back",
        )

    def handle(self, *args, **options) -> None:
        journal = audit.Journal.read(options["anchors"])
        if journal.forged:
            raise CommandError(f"Notes that are not ours: {', '.join(journal.forged)}.")
        if not journal.heads and not options["without_notes"]:
            raise CommandError("There are no notes of what was ended since. See --anchors.")
        try:
            self._restore(options["file"], journal)
        except (backup.Broken, backup.NotWhole) as problem:
            raise CommandError(f"{problem} Nothing was restored.") from problem
        except OSError as error:
            raise CommandError(f"{options['file']} cannot be read: {error.strerror}.") from error

    def _restore(self, path: Path, journal: audit.Journal) -> None:
        # Once to its end before anything is touched: a changed byte may be the last one.
        with backup.opened(path) as file:
            header = backup.read_header(file)
            while file.read(1 << 20):
                pass
        self._make_tables(header)
        now = timezone.now()
        with transaction.atomic(), backup.opened(path) as file:
            backup.read_header(file)
            counts = backup.load(file)
            again = backup.repeat(journal, now=now)
            target = ("copy", header.made_at[:19])
            audit.record(Kind.RESTORED, target=target, by=None, organization=None)
        call_command("migrate", verbosity=0)
        audit.restart(now=now)
        self.stdout.write(f"{sum(counts.values())} rows of {len(counts)} tables restored.")
        for kind, count in again.items():
            if count:
                self.stdout.write(f"Done again since {header.made_at[:16]}: {kind}, {count}.")

    def _make_tables(self, header: backup.Header) -> None:
        tables = connection.introspection.table_names()
        in_use = Organization._meta.db_table in tables and (
            Organization.objects.exists() or User.objects.exists()
        )
        if in_use:
            raise CommandError("This database is in use. Make an empty one, and name that.")
        for app, name in header.migrations:
            call_command("migrate", app, name, verbosity=0)
