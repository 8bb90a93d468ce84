"""Members and the record, for those who run an organization."""

import pytest
from django.core import mail
from django.urls import reverse

from referrals import audit
from referrals.models import Kind, Membership
from referrals.tenancy import organization


@pytest.fixture(autouse=True)
def signed_in(client, administrator):
    client.force_login(administrator)


def page(name, row):
    return reverse(f"referrals:{name}", args=[row.pk])


def test_invitation_is_mailed_with_the_address_of_this_site(
    client, clinic, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page("members", clinic), {"email": "new@example.org", "role": "peer"})

    assert "http://testserver/accounts/password/reset/key/" in mail.outbox[0].body
    assert Membership.objects.get(user__email="new@example.org").role == "peer"


@pytest.mark.parametrize(
    "posted",
    [
        {"email": "clinician@example.org", "role": "peer"},
        {"email": "not an address", "role": "peer"},
        {"email": "new@example.org", "role": "king"},
        {},
    ],
)
def test_invitation_that_cannot_be_is_said_on_the_page(posted, client, clinic, clinician):
    answer = client.post(page("members", clinic), posted)

    assert answer.status_code == 400
    assert not mail.outbox
    assert Membership.objects.count() == 2


def test_removed_member_is_out_at_the_next_request(client, clinic, clinician, patient):
    client.post(page("member-remove", clinician.memberships.get()))

    client.force_login(clinician)
    assert client.get(page("patient", patient)).status_code == 404


def test_administrator_cannot_remove_themselves(client, administrator):
    answer = client.post(page("member-remove", administrator.memberships.get()))

    assert answer.status_code == 403
    assert administrator.memberships.get().is_active


def test_record_shows_events_of_this_organization_alone(
    client, clinic, other_clinic, patient, clinician
):
    with organization(clinic.pk):
        audit.record(Kind.PATIENT_READ, target=patient, by=clinician, organization=clinic)
    with organization(other_clinic.pk):
        audit.record(
            Kind.HANDOUT_MADE, target=("patient", "x"), by=clinician, organization=other_clinic
        )

    body = client.get(page("audit", clinic)).content.decode()

    assert "Patient read" in body
    assert clinician.email in body
    assert str(patient.pk) in body
    assert "Handout made" not in body
    assert patient.label not in body


def test_superuser_manages_members_of_any_organization(client, clinic, superuser):
    client.force_login(superuser)

    assert client.get(page("members", clinic)).status_code == 200
    assert client.get(page("audit", clinic)).status_code == 200
