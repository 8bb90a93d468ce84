"""verify_audit: sentences around audit.verify."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from referrals.audit import Journal, verify
from referrals.audit.proving import Count


class Command(BaseCommand):
    """Prove that nobody changed the record of who read and did what."""

    help = (
        "Walk along every chain of the record, and compare it with what was noted outside the "
        "database. Exit code 1 when a line was changed, taken out, moved or put in."
    )

    def add_arguments(self, parser) -> None:
        parser.add_argument(
            "--anchors", type=Path, help="a folder with notes (default: AUDIT_ANCHORS)"
        )

    def handle(self, *args, **options) -> None:
        journal, count = Journal.read(options["anchors"]), Count()
        problems = list(verify(journal, count=count))
        for problem in problems:
            self.stdout.write(str(problem))
        told = f"{count.lines} lines in {count.chains} chains, {len(journal.heads)} noted outside"
        if problems:
            raise CommandError(f"The record was tampered with ({told}).")
        self.stdout.write(f"The record is whole: {told}.")
