"""The demonstration's sign-ins exist, do their work, and work in a demonstration alone."""

from io import StringIO

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.password_validation import validate_password
from django.core.management import CommandError, call_command
from django.utils import timezone

from finder.models import Locality, User
from finder.search import index
from referrals import reports
from referrals.management.commands.load_demo_clinic import (
    ADMIN,
    CLINIC,
    CURATOR,
    EARLIER,
    PATIENTS,
    PEER,
    PROVIDER,
)
from referrals.management.history import PEOPLE
from referrals.models import AuditEvent, Membership, Organization, Patient, Referral, Role
from referrals.tenancy import organization
from tests.factories import make_group, make_meeting, make_place, make_program

SIGN_INS = [PROVIDER, PEER, ADMIN, CURATOR]


@pytest.fixture
def demo(settings, db):
    settings.DEMO = True
    said = StringIO()
    call_command("load_demo_clinic", stdout=said)
    return said.getvalue()


def user_of(entry):
    return User.objects.get(email=entry.email)


def test_command_is_refused_outside_a_demonstration(settings, db):
    settings.DEMO = False

    with pytest.raises(CommandError, match="Set DEMO=1"):
        call_command("load_demo_clinic")

    assert User.objects.count() == 0


def test_command_prints_the_sign_ins(demo):
    for entry in SIGN_INS:
        assert entry.email in demo
        assert entry.password in demo


def test_members_belong_to_the_clinic(demo):
    roles = dict(Membership.objects.active().values_list("user__email", "role"))

    assert roles == {
        PROVIDER.email: Role.CLINICIAN,
        PEER.email: Role.PEER,
        ADMIN.email: Role.ADMIN,
    }
    assert Organization.objects.get().name == CLINIC


def test_provider_sees_the_invented_patients_and_the_others_none(demo):
    with organization(Organization.objects.get().pk):
        labels = {patient.label for patient in Patient.objects.visible_to(user_of(PROVIDER))}
        assert labels == set(PATIENTS)
        assert [row.label for row in Patient.objects.visible_to(user_of(PEER))] == [PATIENTS[0]]
        for entry in (ADMIN, CURATOR):
            assert not Patient.objects.visible_to(user_of(entry)).exists()


def test_first_patient_has_a_plan_where_listings_are_loaded(settings, db):
    settings.DEMO = True
    Locality.objects.create(
        kind="zip", name="68102", key="68102", state="NE", lat=41.26, lng=-95.93,
        timezone="America/Chicago",
    )  # fmt: skip
    meeting = make_meeting(place=make_place(lat=41.27, lng=-95.94, timezone="America/Chicago"))
    index.rebuild()

    call_command("load_demo_clinic", stdout=StringIO())
    call_command("load_demo_clinic", stdout=StringIO())

    with organization(Organization.objects.get().pk):
        referral = Referral.objects.get()
        assert referral.plan.patient.label == PATIENTS[0]
        assert referral.meetings == [meeting.pk]
        assert referral.medication == "methadone"


def test_report_has_earlier_quarters_to_tell_where_groups_are_loaded(settings, db):
    settings.DEMO = True
    for model in ("12-step", "smart", "buddhist", "secular"):
        make_meeting(group=make_group(program=make_program(model=model)))

    for _time in range(2):
        call_command("load_demo_clinic", stdout=StringIO())

    clinic, now = Organization.objects.get(), timezone.now()
    with organization(clinic.pk):
        assert Patient.objects.count() == len(PATIENTS) + PEOPLE
        quarters = list(reports.released_quarters(clinic, now=now))
        told = [
            reports.released(each, organization=clinic, by=user_of(ADMIN), now=now)
            for each in quarters
        ]
        assert any(report.total.attended for report in told)
        # The colleague who left signs in nowhere, and nobody has their patients.
        earlier = User.objects.get(email=EARLIER)
        assert not earlier.has_usable_password()
        for entry in SIGN_INS:
            seen = Patient.objects.visible_to(user_of(entry))
            assert {row.label for row in seen} <= set(PATIENTS)


def test_curator_may_change_listings_and_evidence_but_delete_nothing(demo):
    curator = user_of(CURATOR)

    assert curator.is_staff
    assert not curator.is_superuser
    assert curator.has_perms(["finder.add_evidence", "finder.change_group", "finder.view_record"])
    assert not [name for name in curator.get_all_permissions() if "delete" in name]
    assert {name.split(".")[0] for name in curator.get_all_permissions()} == {"finder"}


@pytest.mark.parametrize("entry", SIGN_INS, ids=lambda entry: entry.name)
def test_passwords_satisfy_the_rules_of_the_site(demo, entry):
    validate_password(entry.password, user_of(entry))


def test_command_run_again_writes_nothing(demo, settings):
    def state():
        with organization(Organization.objects.get().pk):
            events = AuditEvent.objects.count()
            patients = Patient.objects.count()
        users = list(User.objects.order_by("pk").values_list("pk", "password", "is_staff"))
        return events, patients, users

    before = state()

    call_command("load_demo_clinic", stdout=StringIO())

    assert state() == before


@pytest.mark.parametrize("entry", SIGN_INS, ids=lambda entry: entry.name)
def test_demonstration_account_signs_in_only_with_demo_on(demo, settings, rf, entry):
    def sign_in(**who):
        return authenticate(rf.get("/"), password=entry.password, **who)

    user = user_of(entry)
    assert sign_in(email=entry.email) == user

    settings.DEMO = False

    assert sign_in(email=entry.email) is None
    assert sign_in(username=user.username) is None


def test_session_of_a_demonstration_account_ends_with_demo(demo, settings, client):
    client.force_login(user_of(CURATOR))
    assert client.get("/admin/").status_code == 200

    settings.DEMO = False

    assert client.get("/admin/").status_code == 302


def test_other_accounts_sign_in_whatever_demo_says(settings, rf, db):
    settings.DEMO = False
    user = User.objects.create_user("real", "real@example.org", "a long enough password")

    found = authenticate(rf.get("/"), email="real@example.org", password="a long enough password")

    assert found == user
