"""The cast: people of two organizations, a curator and a superuser, and one patient."""

from datetime import date, time

import pytest

from finder.curation import reassess
from finder.search.index import rebuild
from finder.vocab import Format, Model, PriorClass
from referrals.consent import give
from referrals.consent.receiving import hand_to
from referrals.lifecycle import Choice, save_plan
from referrals.models import (
    Assignment,
    Membership,
    Organization,
    Patient,
    Referral,
    Role,
    SharedReferral,
)
from referrals.onboarding import add_member
from referrals.sealed import blind_index
from referrals.tenancy import organization
from tests.factories import make_group, make_locality, make_meeting, make_program, make_user
from tests.referrals.consenting import filled
from tests.signing_in import PASSWORD, set_up_app

# Marks that must never be seen where they do not belong.
LABEL = "ZQ7-label"
REASON = "ZQ7-reason"


def make_clinic(name, **fields):
    """Make an organization whose agreement is on file."""
    return Organization.objects.create(**{"name": name, "agreement_on": date(2026, 1, 5)} | fields)


def make_member(clinic, role, **fields):
    """Make a person who works for a clinic; tests sign them in without a password."""
    user = make_user(**{"password": None} | fields)
    return Membership.objects.create(user=user, organization=clinic, role=role)


def make_patient(clinic, author, label=LABEL):
    """Make a patient of a clinic; needs the clinic's rows to be open."""
    index = blind_index(label, scope=str(clinic.pk))
    return Patient.objects.create(
        organization=clinic, label=label, label_index=index, created_by=author
    )


@pytest.fixture
def clinic(db):
    return make_clinic("Walnut Street Clinic")


@pytest.fixture
def other_clinic(db):
    return make_clinic("Harbor Clinic")


@pytest.fixture
def clinician(clinic):
    return make_member(clinic, Role.CLINICIAN, email="clinician@example.org").user


@pytest.fixture
def colleague(clinic):
    """Works in the same clinic; assigned to nobody."""
    return make_member(clinic, Role.CLINICIAN, email="colleague@example.org").user


@pytest.fixture
def peer(clinic):
    return make_member(clinic, Role.PEER, email="peer@example.org").user


@pytest.fixture
def administrator(clinic):
    return make_member(clinic, Role.ADMIN, email="administrator@example.org").user


@pytest.fixture
def stranger(other_clinic):
    """A clinician of another organization."""
    return make_member(other_clinic, Role.CLINICIAN, email="stranger@example.org").user


@pytest.fixture
def strange_administrator(other_clinic):
    return make_member(other_clinic, Role.ADMIN, email="admin2@example.org").user


@pytest.fixture
def curator(db):
    return make_user(email="curator@example.org", is_staff=True, password=None)


@pytest.fixture
def superuser(db):
    return make_user(email="super@example.org", is_staff=True, is_superuser=True, password=None)


@pytest.fixture
def in_clinic(clinic):
    """Open the clinic's rows for the rest of the test."""
    with organization(clinic.pk):
        yield clinic


@pytest.fixture
def patient(clinic, clinician):
    with organization(clinic.pk):
        return make_patient(clinic, clinician)


@pytest.fixture
def assigned_peer(clinic, patient, clinician, peer):
    """The peer worker, assigned to the patient."""
    with organization(clinic.pk):
        Assignment.objects.create(
            organization=clinic,
            patient=patient,
            member=peer.memberships.get(),
            assigned_by=clinician,
        )
    return peer


# --- A small directory ----------------------------------------------------------------


@pytest.fixture
def springfield(db):
    """The ZIP code 62701."""
    return make_locality()


@pytest.fixture
def directory(springfield, now):
    """Springfield on a Tuesday: a near NA group, SMART online, and MARA by phone."""
    return make_directory(now)


def make_directory(now):
    """Make those three groups with their listings."""
    na = make_program(slug="na", name="Narcotics Anonymous", short_name="NA")
    smart = make_program(
        slug="smart",
        name="SMART Recovery",
        short_name="SMART",
        model=Model.SMART,
        is_secular=True,
        prior_class=PriorClass.EXPLICIT,
    )
    mara = make_program(
        slug="mara",
        name="Medication-Assisted Recovery Anonymous",
        short_name="MARA",
        model=Model.MEDICATION,
        prior_class=PriorClass.BUILT_FOR,
    )
    near = make_group(program=na, name="Walnut NA Evening")
    online = make_group(program=smart, name="Blue Kettle")
    phone = make_group(program=mara, name="Copper Bell")
    found = {
        "near": make_meeting(group=near, name="Walnut NA Evening", weekday=1, start=time(19)),
        "later": make_meeting(group=near, name="Walnut NA Friday", weekday=4, start=time(18)),
        "online": make_meeting(group=online, format=Format.ONLINE, weekday=2, start=time(20)),
        "phone": make_meeting(group=phone, format=Format.PHONE, weekday=3, start=time(18)),
    }
    reassess(today=now.date())
    rebuild()
    return found


# --- A plan under way -----------------------------------------------------------------


@pytest.fixture
def referral(clinic, patient, clinician, springfield, now):
    """A drafted referral to one group, with a reason nobody else may read."""
    meeting = make_meeting(name="Quiet Harbor", group=make_group(name="Quiet Harbor"))
    with organization(clinic.pk):
        save_plan(
            patient,
            needs={"form": {"place": ["62701"]}, "needs": {}},
            suggestions={},
            chosen=[Choice(meeting.group_id, (meeting.pk,), reason=REASON)],
            medication="methadone",
            by=clinician,
            now=now,
        )
        return Referral.objects.select_related("organization", "patient", "group").get()


# --- A consent that names the other clinic ----------------------------------------------


@pytest.fixture
def consent(clinic, other_clinic, referral, clinician, now):
    """C1: the patient lets the other clinic read group, state and medication."""
    with organization(clinic.pk):
        row = filled(referral.patient, other_clinic, now)
        return give(row, [referral], by=clinician, now=now)


@pytest.fixture
def receiver_head(other_clinic):
    return make_member(other_clinic, Role.LEAD, email="head@example.org").user


@pytest.fixture
def receiver(consent, stranger, other_clinic, receiver_head, now):
    """A clinician of the other clinic who was given the referral."""
    with organization(other_clinic.pk):
        hand_to(
            SharedReferral.objects.get(),
            stranger.memberships.get(),
            by=receiver_head,
            now=now,
        )
    return stranger


@pytest.fixture
def member(clinic):
    """A clinician who signs in with a password of their own."""
    return add_member(clinic, "m@example.org", role=Role.CLINICIAN, by=None, password=PASSWORD).user


@pytest.fixture
def secret(member):
    """What the member's authenticator app holds."""
    return set_up_app(member)
