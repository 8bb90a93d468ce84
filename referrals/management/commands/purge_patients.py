"""purge_patients: argument parsing around retention."""

from uuid import UUID

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from referrals import retention
from referrals.models import Kind
from referrals.tenancy import organization


class Command(BaseCommand):
    """Delete what is held of patients when its time is over."""

    help = (
        "Delete what was kept as long as it must be, class by class. Without a patient named, run "
        "it each night. What was deleted is noted outside the database and stays deleted after a "
        "restore."
    )

    def add_arguments(self, parser) -> None:
        names = [each.name for each in retention.CLASSES]
        parser.add_argument("--dry-run", action="store_true", help="count, and delete nothing")
        parser.add_argument("--only", action="append", choices=names, help="may be repeated")
        one = parser.add_mutually_exclusive_group()
        one.add_argument("--patient", type=UUID, help="delete this one now, whatever its age")
        one.add_argument("--hold", type=UUID, help="keep this one until --release")
        one.add_argument("--release", type=UUID, help="let this one go again when its time comes")

    def handle(self, *args, **options) -> None:
        for name in ("patient", "hold", "release"):
            if options[name]:
                self._one(name, options[name], is_rehearsal=options["dry_run"])
                return
        counts = retention.purge(
            now=timezone.now(),
            only=tuple(options["only"] or ()),
            is_rehearsal=options["dry_run"],
        )
        verb = "would be deleted" if options["dry_run"] else "deleted"
        for each in retention.CLASSES:
            if each.name in counts:
                self.stdout.write(f"{each.name}: {counts[each.name]} {verb}. {each.sentence}")

    def _one(self, what: str, pk: UUID, *, is_rehearsal: bool) -> None:
        found = retention.find_patient(pk)
        if found is None:
            raise CommandError("There is no patient with this id.")
        patient, owner = found
        if what != "patient":
            retention.hold(patient, owner, is_held=what == "hold")
            self.stdout.write("Held." if what == "hold" else "Released.")
        elif patient.is_held:
            raise CommandError("This record is held and may not be deleted. See --release.")
        elif not is_rehearsal:
            with organization(owner.pk):
                retention.delete(patient, kind=Kind.PATIENT_PURGED, owner=owner)
            self.stdout.write("Deleted.")
