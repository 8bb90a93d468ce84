"""Keys can be changed: every sealed value moves, and the old key may go."""

import base64
import os

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from referrals.lifecycle import move
from referrals.models import Patient, Plan, Referral, ReferralEvent
from referrals.resealing import reseal, sealed_fields
from referrals.sealed import Unreadable, ring
from referrals.tenancy import organization
from tests.referrals.conftest import LABEL, REASON
from tests.referrals.rows import Rows


@pytest.fixture
def new_key(settings):
    key = f"k9:{base64.b64encode(os.urandom(32)).decode()}"
    settings.PHI_KEYS = f"{key},{settings.PHI_KEYS}"
    return key


@pytest.fixture
def written(referral, clinician, now):
    """A patient, a plan, a referral and a history with a reason, under the old key."""
    with organization(referral.organization_id):
        move(referral, "decline", by=clinician, now=now, reason="ZQ7-declined")
    return referral


def test_everything_opens_with_the_new_key_alone(written, new_key, settings):
    # Patient, plan, step, referral, two events, three tasks.
    assert reseal() == 9

    settings.PHI_KEYS = new_key
    with organization(written.organization_id):
        assert Patient.objects.get().label == LABEL
        assert Plan.objects.get().needs["form"] == {"place": ["62701"]}
        assert (Referral.objects.get().reason, Referral.objects.get().medication) == (
            REASON,
            "methadone",
        )
        assert {event.reason for event in ReferralEvent.objects.all()} == {"", "ZQ7-declined"}


def test_without_it_nothing_opens_with_the_new_key(written, new_key, settings):
    settings.PHI_KEYS = new_key

    with organization(written.organization_id), pytest.raises(Unreadable):
        _ = Patient.objects.get().label


def test_second_run_writes_nothing(written, new_key):
    reseal()

    assert reseal() == 0


def test_history_is_closed_again_afterwards(written, new_key):
    reseal()

    closed = pytest.raises(DatabaseError, match="keeps what was written")
    with organization(written.organization_id), closed, transaction.atomic():
        ReferralEvent.objects.update(to_state="draft")


def test_role_that_serves_pages_cannot_do_it(as_the_site, written, new_key):
    with pytest.raises(DatabaseError), transaction.atomic():
        reseal()
    with connection.cursor() as cursor:
        cursor.execute("SELECT tgenabled FROM pg_trigger WHERE tgname LIKE '%referralevent_app%'")
        assert cursor.fetchone() == ("O",)


def test_command_says_what_it_did(written, new_key, capsys):
    call_command("reseal")

    assert capsys.readouterr().out.startswith("9 rows now sealed with k9")


def test_label_is_found_under_a_new_index_key(written, settings):
    settings.PHI_INDEX_KEY = base64.b64encode(os.urandom(32)).decode()
    owner = written.organization
    with organization(owner.pk):
        assert not Patient.objects.labelled(LABEL, organization=owner).exists()

    assert reseal() == 1

    with organization(owner.pk):
        assert Patient.objects.labelled(LABEL, organization=owner).exists()
    assert reseal() == 0


def test_every_table_with_sealed_fields_is_moved(clinic, new_key):
    with organization(clinic.pk):
        rows = Rows(clinic)
        rows.every()
    reseal()

    left = []
    for model, fields in sealed_fields():
        with organization(clinic.pk):
            for row in model.objects.filter(organization=clinic):
                left += [field for field in fields if ring().is_stale(row.__dict__[field.attname])]
    assert left == []
    assert len(rows.marks) > 20
