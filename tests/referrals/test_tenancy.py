"""The database itself keeps organizations apart, and its record as it was written."""

import psycopg2
import pytest
from django.conf import settings as site_settings
from django.db import DatabaseError, IntegrityError, connection, transaction

from finder.env import database, env_secret
from referrals import audit
from referrals.models import (
    ApiToken,
    AuditEvent,
    Kind,
    Membership,
    NeedsDraft,
    Patient,
    Role,
    SharedReferral,
)
from referrals.sealed import SealedTextField
from referrals.tenancy import organization
from tests.factories import make_user
from tests.referrals.conftest import make_clinic, make_member, make_patient
from tests.referrals.rows import Rows, clinic_models, owned

# The two that belong to an organization and tell no patient; why, in one sentence each.
UNFENCED = {
    Membership: "Says who works where, and is asked before anyone's organization is known.",
    ApiToken: "Says which program may ask, and is looked up before its organization is known.",
}
# Shown to a second organization, which a consent names; written by the first alone.
SHOWN_TO_TWO = {SharedReferral: "recipient_id"}
FENCED = [model for model in clinic_models() if owned(model) and model not in UNFENCED]


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


@pytest.mark.django_db
@pytest.mark.parametrize("model", FENCED, ids=lambda model: model.__name__)
def test_table_of_an_organization_is_fenced(model):
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relrowsecurity, relforcerowsecurity FROM pg_class WHERE relname = %s",
            [model._meta.db_table],
        )
        assert cursor.fetchone() == (True, True)
        cursor.execute(
            "SELECT cmd, qual, with_check FROM pg_policies WHERE tablename = %s"
            " AND 'public' = ANY(roles)",
            [model._meta.db_table],
        )
        [(command, shown, taken)] = cursor.fetchall()
    assert command == "ALL"
    if model in SHOWN_TO_TWO:
        assert shown.replace("organization_id", SHOWN_TO_TWO[model]).count(SHOWN_TO_TWO[model]) == 2
    else:
        assert shown == taken
    assert "organization_id = (NULLIF(current_setting('mhg.organization'" in taken
    assert taken.strip("()") in shown


@pytest.mark.django_db
def test_no_other_table_holds_sealed_fields():
    sealed = {
        model
        for model in clinic_models()
        if any(isinstance(field, SealedTextField) for field in model._meta.fields)
    }

    assert sealed <= set(FENCED)


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


@pytest.fixture
def two_full_clinics(transactional_db):
    """Two organizations with a row in every table, committed."""
    clinics = [make_clinic("Walnut Street Clinic"), make_clinic("Harbor Clinic")]
    made = []
    for clinic in clinics:
        with organization(clinic.pk):
            made.append(Rows(clinic).every())
    return *clinics, made[0]


def tried(session, clinic, statement, *values):
    """Give how many rows a statement reached as mhg_app in an organization; 0 when refused."""
    try:
        with session, session.cursor() as cursor:
            choose(cursor, clinic.pk)
            cursor.execute(statement, values)
            return cursor.rowcount
    except (psycopg2.errors.InsufficientPrivilege, psycopg2.errors.RaiseException):
        return 0


def test_as_mhg_app_no_row_without_an_organization(two_full_clinics):
    with as_mhg_app() as session, session.cursor() as cursor:
        counts = {model: count(cursor, model._meta.db_table) for model in FENCED}
    session.close()

    assert set(counts.values()) == {0}


def test_as_mhg_app_only_rows_of_the_own_organization(two_full_clinics):
    clinic, other, _ = two_full_clinics
    found = {}

    with as_mhg_app() as session, session.cursor() as cursor:
        for place in (clinic, other):
            choose(cursor, place.pk)
            for model in FENCED:
                cursor.execute(f"SELECT DISTINCT organization_id::text FROM {model._meta.db_table}")
                found[model, place] = [row[0] for row in cursor.fetchall()]
    session.close()

    assert found == {(m, p): [str(p.pk)] for m in FENCED for p in (clinic, other)}


def test_as_mhg_app_no_row_of_another_can_be_changed_deleted_made_or_moved(two_full_clinics):
    clinic, other, made = two_full_clinics
    session, reached = as_mhg_app(), {}

    for model in FENCED:
        table, pk = model._meta.db_table, made[model].pk
        columns = [field.column for field in model._meta.fields if not field.primary_key]
        names = ", ".join(columns)
        values = ", ".join("%s::uuid" if name == "organization_id" else name for name in columns)
        for what, statement, told in (
            ("changed", f"UPDATE {table} SET id = id WHERE id = %s", [pk]),
            ("deleted", f"DELETE FROM {table} WHERE id = %s", [pk]),
            ("moved", f"UPDATE {table} SET organization_id = %s", [clinic.pk]),
            (
                "made",
                f"INSERT INTO {table} (id, {names}) SELECT gen_random_uuid(), {values}"
                f" FROM {table} LIMIT 1",
                [clinic.pk],
            ),
        ):
            reached[model.__name__, what] = tried(session, other, statement, *map(str, told))
    session.close()

    assert {name for name, rows in reached.items() if rows} == set()
    assert len(reached) == 4 * len(FENCED)


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
        "UPDATE referrals_consent SET purpose = 'tpo'",
        "DELETE FROM referrals_consent",
        "TRUNCATE referrals_consent CASCADE",
        "UPDATE referrals_revocation SET role = 'x'",
        "DELETE FROM referrals_revocation",
        "UPDATE referrals_disclosure SET exit = 'x'",
        "DELETE FROM referrals_disclosure",
        "TRUNCATE referrals_disclosure",
        "DELETE FROM referrals_sharedreferral",
        "DELETE FROM referrals_reader",
        "DELETE FROM referrals_restriction",
        "UPDATE referrals_consent SET purpose = 'tpo'",
        "DELETE FROM referrals_consent",
        "TRUNCATE referrals_consent CASCADE",
        "UPDATE referrals_revocation SET role = 'x'",
        "DELETE FROM referrals_revocation",
        "UPDATE referrals_disclosure SET exit = 'x'",
        "DELETE FROM referrals_disclosure",
        "TRUNCATE referrals_disclosure",
        "DELETE FROM referrals_sharedreferral",
        "DELETE FROM referrals_reader",
        "DELETE FROM referrals_restriction",
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
