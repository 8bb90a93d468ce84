"""Make the demonstration's clinic, its four sign-ins and its invented patients."""

from dataclasses import dataclass

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.models import Permission
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction
from django.utils import timezone
from django.utils.datastructures import MultiValueDict

from finder.models import User
from referrals import lifecycle, suggested
from referrals.backends import DEMO_DOMAIN
from referrals.caseload import add_patient, assign
from referrals.forms import NeedsForm
from referrals.management.history import make_history
from referrals.matching import suggest
from referrals.models import Membership, Organization, Patient, Role
from referrals.onboarding import add_member, create_organization
from referrals.tenancy import organization as as_organization

CLINIC = "Paper Lantern Clinic (demonstration)"
PATIENTS = ("Demo 101", "Demo 102", "Demo 103")
# What the first patient needs, as a provider would type it.
NEEDS = {"place": ["68102"], "medication": ["methadone"], "travel": ["bus"], "no_religion": ["on"]}
# What a curator works on in the admin; they see no patient.
CURATED = (
    *("bodylink", "cardsheet", "codemapping", "draw", "duplicatepair", "evidence", "fieldlock"),
    *("group", "groupreply", "groupstatement", "importrun", "inquiry", "meeting"),
    *("meetingexception", "merge", "place", "privatecontact", "program", "servicebody"),
    *("source", "suggestion", "tombstone"),
)
READ_ONLY = ("assessment", "importproblem", "job", "monthfigures", "record")


@dataclass(frozen=True)
class SignIn:
    """One account whose password everyone may know."""

    name: str
    password: str
    what_for: str

    @property
    def email(self) -> str:
        return f"{self.name}@{DEMO_DOMAIN}"


PROVIDER = SignIn("provider", "paper-boat-on-the-river", "refers patients: /referrals/")
PEER = SignIn("peer", "kettle-on-the-back-stove", "walks with a patient: /referrals/")
ADMIN = SignIn("admin", "two-chairs-and-a-teapot", "runs the clinic: /referrals/")
EARLIER = f"earlier@{DEMO_DOMAIN}"
CURATOR = SignIn("curator", "porch-light-in-the-rain", "keeps listings true: /admin/")


class Command(BaseCommand):
    help = "Make the demonstration's clinic and sign-ins; a second run writes nothing."

    def handle(self, *args, **options) -> None:
        if not settings.DEMO:
            raise CommandError("These sign-ins have public passwords. Set DEMO=1 to make them.")
        with transaction.atomic():
            clinic = self._clinic()
            provider = self._member(clinic, PROVIDER, Role.CLINICIAN)
            peer = self._member(clinic, PEER, Role.PEER)
            self._member(clinic, ADMIN, Role.ADMIN)
            self._curator()
            with as_organization(clinic.pk):
                patients = [
                    add_patient(label, organization=clinic, by=provider)[0] for label in PATIENTS
                ]
                _plan(patients[0], by=provider)
                make_history(clinic, by=self._earlier(clinic), now=timezone.now())
                assign(patients[0], peer.memberships.get(is_active=True), by=provider)
        self.stdout.write("Demonstration sign-ins (this machine only):")
        for entry in (PROVIDER, PEER, ADMIN, CURATOR):
            self.stdout.write(f"  {entry.email}  {entry.password}  {entry.what_for}")

    def _clinic(self) -> Organization:
        found = Organization.objects.filter(name=CLINIC).first()
        if found is None:
            found = create_organization(CLINIC, by=None, agreement_on=timezone.localdate())
        elif found.agreement_on is None:
            # Made before agreements were kept.
            found.agreement_on = timezone.localdate()
            found.save(update_fields=["agreement_on"])
        return found

    def _member(self, clinic: Organization, entry: SignIn, role: Role) -> User:
        found = Membership.objects.active().filter(user__email=entry.email).first()
        if found is None:
            found = add_member(clinic, entry.email, role=role, by=None, password=entry.password)
        return found.user

    def _earlier(self, clinic: Organization) -> User:
        """Find or make the colleague who left, whose patients the report still counts."""
        user, is_new = User.objects.get_or_create(username=EARLIER, defaults={"email": EARLIER})
        if is_new:
            user.set_unusable_password()
            user.save(update_fields=["password"])
            now = timezone.now()
            Membership.objects.create(
                user=user,
                organization=clinic,
                role=Role.CLINICIAN,
                is_active=False,
                ended_by=user,
                ended_at=now,
            )
        return user

    def _curator(self) -> None:
        user = User.objects.filter(email=CURATOR.email).first()
        if user is None:
            user = User.objects.create_user(
                CURATOR.email, CURATOR.email, CURATOR.password, is_staff=True
            )
            EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
        user.user_permissions.set(_curating())


def _plan(patient: Patient, *, by: User) -> None:
    """Give a patient without a plan the three meetings that are suggested, if any can be."""
    form = NeedsForm(MultiValueDict(NEEDS))
    # Without places or listings loaded there is nothing to choose from, and no plan.
    if patient.plans.exists() or not form.is_valid():
        return
    needs, now = form.needs(), timezone.now()
    found = suggest(needs, now=now)
    cards = suggested.cards(found.chosen, needs=needs, now=now)
    if cards:
        lifecycle.save_plan(
            patient,
            needs={"form": NEEDS, "needs": needs.document()},
            suggestions=suggested.document(found, now=now),
            chosen=suggested.choices(cards, [card.best.id for card in cards]),
            medication=needs.medication,
            by=by,
            now=now,
        )


def _curating() -> list[Permission]:
    """Find the rights of a curator: nothing is deleted by hand, so there is no right to."""
    codes = [f"{verb}_{model}" for verb in ("view", "add", "change") for model in CURATED]
    codes += [f"view_{model}" for model in READ_ONLY]
    return list(Permission.objects.filter(content_type__app_label="finder", codename__in=codes))
