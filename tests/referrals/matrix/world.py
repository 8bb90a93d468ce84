"""The cast and the things of the table, with a mark in everything that is a patient's."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from finder.models import User
from finder.search.index import rebuild
from referrals import consent, sharing, tokens
from referrals.consent.receiving import hand_to
from referrals.lifecycle import Choice, save_plan
from referrals.management.commands.load_demo_clinic import CURATED, READ_ONLY
from referrals.models import (
    Assignment,
    Consent,
    Membership,
    Organization,
    Referral,
    Role,
    Scope,
    SharedReferral,
)
from referrals.tenancy import organization
from tests.factories import make_group, make_locality, make_meeting, make_user
from tests.referrals.conftest import make_clinic, make_member, make_patient
from tests.referrals.consenting import filled
from tests.signing_in import ProvedClient

MARK = "ZQ7-"
MINE = ("prov1", "noMFA", "disabled")


def make_curator() -> User:
    """Make a curator with the rights that the demonstration's has."""
    codes = [f"{verb}_{model}" for verb in ("view", "add", "change") for model in CURATED]
    codes += [f"view_{model}" for model in READ_ONLY]
    user = make_user(is_staff=True, password=None, email="curator@example.org")
    rights = Permission.objects.filter(content_type__app_label="finder", codename__in=codes)
    user.user_permissions.set(rights)
    return user


@dataclass
class World:
    """Three organizations; the referral R1 of the first with all that hangs on it."""

    clinic: Organization
    other: Organization
    receiving: Organization
    people: dict[str, User]
    r1: Referral
    c1: Consent
    link_token: str
    link_code: str
    link: Any
    newcomer: Membership
    # What programs show at the API, by role.
    secrets: dict[str, str]
    notes: dict[str, Any] = field(default_factory=dict)

    @property
    def patient(self):
        return self.r1.patient_id

    def page(self, name: str, *args: object) -> str:
        """Give the address of a page of the referral tool."""
        return reverse(f"referrals:{name}", args=args)

    def client(self, role: str, *, is_fresh: bool = True) -> ProvedClient:
        """Give a browser, or a program, as one of the roles has it."""
        secret = self.secrets.get(role)
        client = ProvedClient(headers={"Authorization": f"Bearer {secret}"} if secret else None)
        if role in self.people:
            proved = "password" if role == "noMFA" else "mfa"
            client.force_login(self.people[role], proved=proved)
            if role == "superBG":
                self._open_in_an_emergency(client)
            if not is_fresh:
                client.grow_stale()
            # Signing in is no part of what is tried.
            User.objects.filter(pk=self.people[role].pk).update(last_login=None)
        return client

    def _open_in_an_emergency(self, client: ProvedClient) -> None:
        reason = f"{MARK}emergency: the clinic is closed tonight"
        told = {"reason": reason, "minutes": "30"}
        client.post(self.page("emergency-open", self.clinic.pk), told)


def make_world() -> World:
    """Make everything, through the tool's own functions where there are any."""
    clinic, other = make_clinic("Walnut Street Clinic"), make_clinic("Harbor Clinic")
    receiving = make_clinic("Juniper House")
    prov1 = make_member(clinic, Role.CLINICIAN, email="prov1@example.org").user
    peer = make_member(clinic, Role.PEER, email="peer@example.org")
    people = {
        **dict.fromkeys(MINE, prov1),
        "peer": peer.user,
        "prov1b": make_member(clinic, Role.CLINICIAN, email="prov1b@example.org").user,
        "recv": make_member(receiving, Role.CLINICIAN, email="recv@example.org").user,
        "oadm1": make_member(clinic, Role.ADMIN, email="oadm1@example.org").user,
        "prov2": make_member(other, Role.CLINICIAN, email="prov2@example.org").user,
        "oadm2": make_member(other, Role.ADMIN, email="oadm2@example.org").user,
        "curator": make_curator(),
        "super": make_user(is_staff=True, is_superuser=True, email="super@example.org"),
        "superBG": make_user(is_staff=True, is_superuser=True, email="superbg@example.org"),
    }
    meeting = make_meeting(group=make_group(name="Quiet Harbor"), name="Quiet Harbor")
    make_locality()
    rebuild()
    now = timezone.now()
    with organization(clinic.pk):
        patient = make_patient(clinic, prov1, label=f"{MARK}label")
        Assignment.objects.create(
            organization=clinic, patient=patient, member=peer, assigned_by=prov1
        )
        save_plan(
            patient,
            needs={"form": {"place": [f"{MARK}place"]}, "needs": {"mark": f"{MARK}needs"}},
            suggestions={},
            chosen=[Choice(meeting.group_id, (meeting.pk,), reason=f"{MARK}reason")],
            medication="methadone",
            by=prov1,
            now=now,
        )
        r1 = Referral.objects.select_related("organization", "patient", "plan", "group").get()
        made = sharing.make(patient, by=prov1, now=now)
        c1 = consent.give(filled(patient, receiving, now), [r1], by=prov1, now=now)
    head = make_member(receiving, Role.LEAD, email="head@example.org").user
    with organization(receiving.pk):
        recv = Membership.objects.get(user=people["recv"])
        hand_to(SharedReferral.objects.get(), recv, by=head, now=now)
    newcomer = make_member(clinic, Role.PEER, email="newcomer@example.org")
    secrets = {
        "tokDir": make_token(other, people["oadm2"], Scope.DIRECTORY),
        "tok1": make_token(clinic, people["oadm1"], Scope.REFERRALS),
        "tok2": make_token(other, people["oadm2"], Scope.REFERRALS),
    }
    return World(
        clinic,
        other,
        receiving,
        people,
        r1,
        c1,
        made.token,
        made.code,
        made.link,
        newcomer,
        secrets,
    )


def make_token(place: Organization, by: User, scope: Scope) -> str:
    """Make a program's token and give its secret."""
    return tokens.make(place, "x", scopes=[scope], days=30, by=by, now=timezone.now()).secret
