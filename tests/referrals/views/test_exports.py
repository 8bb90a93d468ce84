"""A list of referrals as a file: for whom, behind what, accounted for, and what is in it."""

import csv
import io

import pytest
from django.urls import reverse

from referrals.models import AuditEvent, Disclosure, Kind
from referrals.tenancy import organization
from tests.referrals.conftest import LABEL, REASON

ASKED = {"quarter": "2026-q4", "basis": "operations"}


def address(clinic):
    return reverse("referrals:referral-export", args=[clinic.pk])


def test_list_holds_group_state_and_dates_and_nothing_written(
    client, clinic, referral, administrator
):
    client.force_login(administrator)
    assert client.get(address(clinic)).status_code == 200

    answer = client.post(address(clinic), ASKED)

    assert answer["Content-Disposition"] == 'attachment; filename="list-2026-q4.csv"'
    body = answer.content.decode()
    (row,) = csv.DictReader(io.StringIO(body))
    assert (row["id"], row["group"], row["state"]) == (str(referral.pk), "Quiet Harbor", "draft")
    for hidden in (LABEL, REASON, "methadone", str(referral.patient_id)):
        assert hidden not in body


def test_each_patient_is_accounted_for_and_the_purpose_recorded(
    client, clinic, referral, administrator
):
    client.force_login(administrator)

    client.post(address(clinic), ASKED)

    with organization(clinic.pk):
        told = Disclosure.objects.get()
        event = AuditEvent.objects.get(kind=Kind.REFERRALS_EXPORTED)
    assert (told.patient_id, told.exit, told.by) == (referral.patient_id, "export", administrator)
    assert (event.actor_id, event.target_id) == (administrator.pk, "2026-q4 operations")


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("clinician", 403),
        ("assigned_peer", 403),
        ("curator", 403),
        ("superuser", 403),
        ("stranger", 404),
        ("strange_administrator", 404),
    ],
)
def test_list_is_for_who_runs_the_organization_alone(
    client, clinic, referral, request, who, status
):
    client.force_login(request.getfixturevalue(who))

    assert client.get(address(clinic)).status_code == status
    assert client.post(address(clinic), ASKED).status_code == status
    with organization(clinic.pk):
        assert not Disclosure.objects.exists()


def test_list_needs_the_second_step_anew(client, clinic, referral, administrator):
    client.force_login(administrator, ago=400)

    for answer in (client.get(address(clinic)), client.post(address(clinic), ASKED)):
        assert answer.status_code == 403
        assert "Quiet Harbor" not in answer.content.decode()
    with organization(clinic.pk):
        assert not Disclosure.objects.exists()


@pytest.mark.parametrize("change", [{"basis": ""}, {"basis": "marketing"}, {"quarter": "2026-q9"}])
def test_list_without_a_purpose_or_a_quarter_is_asked_for_again(
    client, clinic, referral, administrator, change
):
    client.force_login(administrator)

    answer = client.post(address(clinic), ASKED | change)

    assert answer.status_code == 400
    with organization(clinic.pk):
        assert not Disclosure.objects.exists()


def test_nothing_leaves_of_a_clinic_without_an_agreement(client, clinic, referral, administrator):
    clinic.agreement_on = None
    clinic.save()
    client.force_login(administrator)

    answer = client.post(address(clinic), ASKED)

    assert answer.status_code in (403, 404)
    assert "draft" not in answer.content.decode()


def test_report_leads_who_runs_the_organization_to_the_list(client, clinic, administrator):
    client.force_login(administrator)

    body = client.get(reverse("referrals:report", args=[clinic.pk])).content.decode()

    assert address(clinic) in body
