"""What is held of patients goes when its time is over: not late, not early, and all of it."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, transaction
from django.utils import timezone

from referrals import audit, retention
from referrals.belonging import paths
from referrals.models import (
    AuditEvent,
    Disclosure,
    Introduction,
    Kind,
    NeedsDraft,
    NewcomerContact,
    Patient,
    Reader,
    ShareLink,
)
from referrals.retention import purge
from referrals.tenancy import organization
from tests.referrals.matrix.world import make_world
from tests.referrals.rows import THEN, Rows

YEAR = timedelta(days=365.25)


@pytest.fixture
def made(clinic):
    """A row of every table, of one patient."""
    with organization(clinic.pk):
        return Rows(clinic).every()


@pytest.fixture
def elsewhere(other_clinic):
    """The same in another organization, where something was told lately."""
    with organization(other_clinic.pk):
        return Rows(other_clinic).every()


def left(clinic):
    with organization(clinic.pk):
        return {
            model.__name__
            for model in paths()
            if model._base_manager.filter(organization=clinic).exists()
        }


def test_every_table_that_leads_to_a_patient_is_found(made):
    assert {model.__name__ for model in paths()} >= {
        *{"Patient", "Plan", "Referral", "ReferralEvent", "Step", "CheckIn", "Contribution"},
        *{"Task", "ShareLink", "Assignment", "NeedsDraft", "Introduction"},
        *{"Consent", "Disclosure"},
    }
    assert list(paths())[-1] is Patient


def test_record_stays_while_its_time_lasts(clinic, made):
    before = left(clinic)

    counts = purge(now=timezone.now() + 7 * YEAR - timedelta(days=3), only=("record",))

    assert counts == {"record": 0}
    assert left(clinic) == before


def test_record_goes_whole_when_its_time_is_over(clinic, made, elsewhere, other_clinic):
    later = timezone.now() + 7 * YEAR + timedelta(days=3)
    with organization(other_clinic.pk):
        ShareLink.objects.update(revoked_at=later - timedelta(days=9), revoked_by=None)

    assert purge(now=later, only=("record",)) == {"record": 1}

    assert left(clinic) == set()
    assert "Patient" in left(other_clinic)
    with organization(clinic.pk):
        event = AuditEvent.objects.get(kind=Kind.PATIENT_PURGED)
        assert event.target_id == str(made[Patient].pk)
        # What is not of the patient stays.
        assert NewcomerContact.objects.exists()


def test_record_that_others_read_under_a_consent_goes_with_their_part(db):
    world = make_world()

    call_command("purge_patients", patient=world.patient)

    with organization(world.receiving.pk):
        assert not Reader.objects.exists()
    assert left(world.clinic) == set()


def test_held_record_stays_until_it_is_released(clinic, made, capsys):
    pk, later = made[Patient].pk, timezone.now() + 9 * YEAR
    call_command("purge_patients", hold=pk)

    assert purge(now=later)["record"] == 0
    with pytest.raises(CommandError, match="held"):
        call_command("purge_patients", patient=pk)

    call_command("purge_patients", release=pk)
    assert purge(now=later)["record"] == 1
    assert capsys.readouterr().out == "Held.\nReleased.\n"


@pytest.mark.parametrize(
    ("name", "model", "last_day"),
    [
        ("draft", NeedsDraft, THEN + retention.DRAFTS),
        ("link", ShareLink, THEN + retention.LINKS),
        ("contact", NewcomerContact, THEN + retention.CONTACTS),
        ("accounting", Disclosure, THEN + 6 * YEAR),
    ],
)
def test_class_goes_on_its_day(clinic, made, name, model, last_day):
    with organization(clinic.pk):
        NewcomerContact.objects.update(ended_on=THEN.date())

    early = purge(now=last_day - timedelta(days=1), only=(name,))
    late = purge(now=last_day + timedelta(days=2), only=(name,))

    assert (early, late) == ({name: 0}, {name: 1})
    with organization(clinic.pk):
        assert not model.objects.exists()
        assert Patient.objects.exists()
        assert Introduction.objects.exists() is (name != "contact")


def test_rehearsal_deletes_nothing(clinic, made, capsys):
    before = left(clinic)

    assert purge(now=timezone.now() + 9 * YEAR, is_rehearsal=True)["record"] == 1
    call_command("purge_patients", dry_run=True)

    assert left(clinic) == before
    told = capsys.readouterr().out
    assert "record: 0 would be deleted. A patient's record: RECORD_YEARS" in told


def test_one_record_is_deleted_on_an_order(clinic, made, capsys):
    call_command("purge_patients", patient=made[Patient].pk)

    assert left(clinic) == set()
    assert capsys.readouterr().out == "Deleted.\n"
    with pytest.raises(CommandError, match="no patient"):
        call_command("purge_patients", patient=uuid4())


def test_record_of_who_did_what_is_whole_afterwards(clinic, made, clinician):
    target = made[Patient]
    with organization(clinic.pk):
        audit.record(Kind.PATIENT_READ, target=target, by=clinician, organization=clinic)
    call_command("purge_patients", patient=target.pk)

    with organization(clinic.pk):
        kinds = {event.kind for event in audit.trail(target)}
    assert kinds >= {Kind.PATIENT_READ, Kind.PATIENT_PURGED}


def test_role_that_serves_pages_deletes_nothing(as_the_site, clinic, made):
    with organization(clinic.pk), pytest.raises(DatabaseError), transaction.atomic():
        retention.delete(made[Patient], kind=Kind.PATIENT_PURGED, owner=clinic)
