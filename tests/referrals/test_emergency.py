"""Opening an organization in an emergency: why, for how long, who is told, and what it lets do."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from referrals.models import AuditEvent, BreakGlass, Kind
from referrals.tenancy import organization
from tests.referrals.conftest import LABEL, REASON
from tests.signing_in import ProvedClient

WHY = "ZQ7-why: found unconscious, the clinic is closed"


def page(name, *args):
    return reverse(f"referrals:{name}", args=args)


@pytest.fixture
def open_it(client, superuser, clinic, django_capture_on_commit_callbacks):
    """Open the clinic in this client's session."""

    def post(**told):
        client.force_login(superuser)
        with django_capture_on_commit_callbacks(execute=True):
            data = {"reason": WHY, "minutes": "30"} | told
            return client.post(page("emergency-open", clinic.pk), data)

    return post


@pytest.mark.parametrize(
    "told",
    [
        {"reason": ""},
        {"reason": " " * 40},
        {"reason": "nineteen characters"},
        {"minutes": "61"},
        {"minutes": "0"},
        {"minutes": "soon"},
    ],
)
def test_it_takes_a_reason_and_an_hour_at_the_most(told, open_it, clinic):
    assert open_it(**told).status_code == 400

    with organization(clinic.pk):
        assert not BreakGlass.objects.exists()


def test_database_knows_the_hour_too(open_it, clinic):
    open_it()

    with organization(clinic.pk), pytest.raises(IntegrityError), transaction.atomic():
        row = BreakGlass.objects.get()
        row.ends_at = row.opened_at + timedelta(minutes=61)
        row.save()


def test_superuser_reads_what_was_opened_and_it_is_recorded_as_such(
    open_it, client, clinic, superuser, referral
):
    assert client.get(page("referral", referral.pk)).status_code == 302
    client.force_login(superuser)
    assert client.get(page("referral", referral.pk)).status_code == 404

    open_it()

    assert REASON in client.get(page("referral", referral.pk)).content.decode()
    assert LABEL in client.get(page("patients")).content.decode()
    assert client.get(page("dashboard")).status_code == 200
    with organization(clinic.pk):
        opening = BreakGlass.objects.get()
        kinds = AuditEvent.objects.filter(under_id=opening.pk).values_list("kind", flat=True)
        assert {Kind.REFERRAL_READ, Kind.PATIENT_LISTED, Kind.REFERRAL_LISTED} <= set(kinds)
        assert AuditEvent.objects.filter(kind=Kind.BREAK_GLASS_OPENED).count() == 1


def test_nothing_is_changed_under_it(open_it, client, clinic, referral):
    open_it()

    answers = [
        client.post(page("referral-move", referral.pk), {"step": "decline", "reason": "r"}),
        client.post(page("needs", referral.patient_id), {"place": "62701"}),
        client.post(page("patient-assign", referral.patient_id), {"member": "x"}),
        client.get(page("handout", referral.patient_id)),
        client.post(page("share-make", referral.plan_id)),
        client.post(page("patient-new"), {"label": "x"}),
        client.post(page("plan-step", referral.plan_id, 1), {}),
    ]

    assert {answer.status_code for answer in answers} <= {400, 403}
    with organization(clinic.pk):
        referral.refresh_from_db()
        assert referral.state == "draft"


def test_it_opens_one_organization_in_one_session(open_it, superuser, other_clinic, referral):
    open_it()
    elsewhere = ProvedClient()
    elsewhere.force_login(superuser)

    assert elsewhere.get(page("referral", referral.pk)).status_code == 404
    with organization(other_clinic.pk):
        assert not BreakGlass.objects.exists()


@pytest.mark.parametrize("change", ["time", "ended", "switched off", "no superuser"])
def test_it_ends_at_once(change, open_it, client, clinic, superuser, referral, now):
    open_it()
    moment = now
    match change:
        case "time":
            moment = now + timedelta(minutes=30)
        case "ended":
            with organization(clinic.pk):
                opening = BreakGlass.objects.get()
            client.post(page("emergency-end", opening.pk))
        case "switched off":
            superuser.is_active = False
        case "no superuser":
            superuser.is_superuser = False
    superuser.save()

    with time_machine.travel(moment, tick=False):
        client.get(page("dashboard"))
        with time_machine.travel(moment, tick=False):
            answer = client.get(page("referral", referral.pk))
    assert answer.status_code in (302, 404)
    assert REASON not in answer.content.decode()


def test_those_who_run_the_organization_are_told_and_may_end_it(
    open_it, administrator, clinician, strange_administrator, clinic, referral
):
    open_it()

    message = mail.outbox[0]
    assert message.to == [administrator.email]
    assert len(mail.outbox) == 1
    assert not [word for word in (WHY, LABEL, clinic.name) if word in message.body]
    with organization(clinic.pk):
        opening = BreakGlass.objects.get()
    other = ProvedClient()
    other.force_login(administrator)
    assert "found unconscious" in other.get(page("dashboard")).content.decode()
    for user, status in ((strange_administrator, 404), (clinician, 403), (administrator, 302)):
        other.force_login(user)
        assert other.post(page("emergency-end", opening.pk)).status_code == status
    with organization(clinic.pk):
        assert BreakGlass.objects.get().ended_at
        assert AuditEvent.objects.filter(kind=Kind.BREAK_GLASS_ENDED).count() == 1


def test_it_asks_for_the_second_step_anew(client, superuser, clinic):
    client.force_login(superuser, ago=301)

    answer = client.get(page("emergency-open", clinic.pk))

    assert answer.status_code == 403
    assert "Confirm that it is you" in answer.content.decode()


def test_reason_is_sealed(open_it, clinic):
    open_it()

    with organization(clinic.pk), connection.cursor() as cursor:
        cursor.execute("SELECT reason::text FROM referrals_breakglass")
        assert WHY.encode().hex() not in cursor.fetchone()[0]
        assert BreakGlass.objects.get().reason == WHY
