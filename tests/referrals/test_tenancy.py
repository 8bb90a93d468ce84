"""The database itself keeps organizations apart, and its record as it was written."""

import psycopg2
import pytest
from django.conf import settings as site_settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from finder.env import database, env_secret
from referrals import audit
from referrals.models import (
    Assignment,
    AuditEvent,
    CheckIn,
    Contribution,
    Introduction,
    Kind,
    Membership,
    NeedsDraft,
    NewcomerContact,
    Patient,
    Plan,
    Referral,
    ReferralEvent,
    Role,
    ShareLink,
    Shortlist,
    ShortlistEntry,
    Step,
    Task,
)
from referrals.tenancy import organization
from tests.factories import make_user
from tests.referrals.conftest import make_clinic, make_member, make_patient

PATIENT_MODELS = [
    *[Patient, Assignment, NeedsDraft, Plan, Referral, ReferralEvent],
    *[Step, CheckIn, Contribution, Task, ShareLink, NewcomerContact, Introduction],
    *[Shortlist, ShortlistEntry],
]


def as_mhg_app():
    """Connect as the role that serves pages, to the database of the tests."""
    ours = connection.settings_dict
    if env_secret("DATABASE_OWNER_URL"):
        role = database(env_secret("DATABASE_URL"), name="DATABASE_URL")
    else:
        role = ours | {"USER": "mhg_app"}
    return psycopg2.connect(
        host=ours["HOST"],
        port=ours["PORT"] or None,
        dbname=ours["NAME"],
        user=role["USER"],
        password=role["PASSWORD"] or None,
    )


def has_every_policy(table):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s", [table]
        )
        return cursor.fetchone() == (True, True)


@pytest.mark.django_db
def test_every_table_that_names_an_organization_is_fenced():
    fenced = {model for model in PATIENT_MODELS if has_every_policy(model._meta.db_table)}

    assert fenced == set(PATIENT_MODELS)
    assert has_every_policy(AuditEvent._meta.db_table)


def test_rows_show_only_inside_their_organization(clinic, other_clinic, patient):
    assert Patient.objects.count() == 0
    with organization(clinic.pk):
        assert Patient.objects.count() == 1
    with organization(other_clinic.pk):
        assert Patient.objects.count() == 0
    with organization(None):
        assert Patient.objects.count() == 0


def test_rows_of_another_organization_cannot_be_written(clinic, other_clinic, clinician):
    with organization(other_clinic.pk), pytest.raises(DatabaseError), transaction.atomic():
        make_patient(clinic, clinician)


def test_setting_goes_back_when_blocks_are_nested(clinic, other_clinic, patient):
    with organization(clinic.pk):
        with organization(other_clinic.pk):
            assert Patient.objects.count() == 0
        assert Patient.objects.count() == 1
    assert Patient.objects.count() == 0


def test_setting_goes_back_after_an_error(clinic, patient):
    with pytest.raises(ValueError), organization(clinic.pk):
        raise ValueError
    assert Patient.objects.count() == 0


def test_a_row_cannot_point_at_a_patient_of_another_organization(
    clinic, other_clinic, patient, stranger, now
):
    # The foreign key alone would allow it: keys are checked behind the policies.
    with organization(other_clinic.pk), pytest.raises(IntegrityError), transaction.atomic():
        NeedsDraft.objects.create(
            organization=other_clinic,
            patient_id=patient.pk,
            needs={},
            written_by=stranger,
            written_at=now,
        )
        with connection.cursor() as cursor:
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_site_role_sees_only_its_organization(as_the_site, clinic, other_clinic, patient):
    assert Patient.objects.count() == 0
    with organization(clinic.pk):
        assert Patient.objects.get() == patient
    with organization(other_clinic.pk):
        assert Patient.objects.count() == 0


# --- Connected as the role that serves pages ------------------------------------------


@pytest.fixture
def committed_patient(transactional_db):
    """A patient that another connection can see, if it may."""
    clinic = make_clinic("Walnut Street Clinic")
    other = make_clinic("Harbor Clinic")
    author = make_member(clinic, Role.CLINICIAN).user
    with organization(clinic.pk):
        patient = make_patient(clinic, author)
        audit.record(Kind.PATIENT_CREATED, target=patient, by=author, organization=clinic)
    return clinic, other, patient


def choose(cursor, organization_id):
    cursor.execute("SELECT set_config('mhg.organization', %s, true)", [str(organization_id)])


def count(cursor, table):
    cursor.execute(f"SELECT count(*) FROM {table}")
    return cursor.fetchone()[0]


def test_as_mhg_app_no_row_without_an_organization(committed_patient):
    with as_mhg_app() as session, session.cursor() as cursor:
        counts = {model: count(cursor, model._meta.db_table) for model in PATIENT_MODELS}
        counts[AuditEvent] = count(cursor, AuditEvent._meta.db_table)
    session.close()

    assert set(counts.values()) == {0}


def test_as_mhg_app_no_row_of_another_organization(committed_patient):
    clinic, other, _ = committed_patient

    with as_mhg_app() as session, session.cursor() as cursor:
        choose(cursor, other.pk)
        elsewhere = count(cursor, "referrals_patient"), count(cursor, "referrals_auditevent")
        choose(cursor, clinic.pk)
        at_home = count(cursor, "referrals_patient"), count(cursor, "referrals_auditevent")
    session.close()

    assert elsewhere == (0, 0)
    assert at_home == (1, 1)


def test_as_mhg_app_the_organization_is_forgotten_with_the_transaction(committed_patient):
    clinic, _, _ = committed_patient
    session = as_mhg_app()

    with session, session.cursor() as cursor:
        choose(cursor, clinic.pk)
    with session, session.cursor() as cursor:
        afterwards = count(cursor, "referrals_patient")
    session.close()

    assert afterwards == 0


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE referrals_auditevent SET kind = 'refused'",
        "DELETE FROM referrals_auditevent",
        "TRUNCATE referrals_auditevent",
        "UPDATE referrals_referralevent SET to_state = 'draft'",
        "DELETE FROM referrals_referralevent",
        "TRUNCATE referrals_referralevent",
        "UPDATE referrals_step SET number = 1",
        "DELETE FROM referrals_step",
        "UPDATE referrals_checkin SET role = 'x'",
        "DELETE FROM referrals_checkin",
        "DELETE FROM referrals_task",
        "DELETE FROM referrals_sharelink",
        "DELETE FROM referrals_patient",
        "DELETE FROM referrals_plan",
        "DELETE FROM referrals_referral",
        "ALTER TABLE referrals_patient DISABLE ROW LEVEL SECURITY",
        "DROP POLICY referrals_patient_organization ON referrals_patient",
        "ALTER TABLE referrals_auditevent DISABLE TRIGGER ALL",
        "SET ROLE mhg_owner",
    ],
)
def test_as_mhg_app_the_record_and_the_fence_stand(committed_patient, statement):
    clinic, _, _ = committed_patient
    session = as_mhg_app()

    with pytest.raises(psycopg2.errors.InsufficientPrivilege), session, session.cursor() as cursor:
        choose(cursor, clinic.pk)
        cursor.execute(statement)
    session.close()


@pytest.mark.django_db
def test_mhg_app_cannot_step_around_policies():
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT rolsuper, rolbypassrls, rolcreaterole FROM pg_roles WHERE rolname = 'mhg_app'"
        )
        assert cursor.fetchone() == (False, False, False)


@pytest.mark.django_db
def test_tests_run_as_a_role_that_policies_bind():
    # Otherwise none of the tests above could fail.
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
    assert site_settings.DATABASES["default"]["USER"] not in {"postgres", "root"}


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_owner_cannot_rewrite_the_record_either(in_clinic, clinician, verb):
    audit.record(Kind.PATIENT_LISTED, target=("patient", ""), by=clinician, organization=in_clinic)

    with pytest.raises(DatabaseError, match="keeps what was written"), transaction.atomic():
        if verb == "update":
            AuditEvent.objects.update(kind=Kind.REFUSED)
        else:
            AuditEvent.objects.all()._raw_delete("default")


def test_one_person_works_for_one_organization_at_a_time(clinic, other_clinic):
    person = make_user()
    Membership.objects.create(user=person, organization=clinic, role=Role.CLINICIAN)

    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.create(user=person, organization=other_clinic, role=Role.CLINICIAN)
