"""Behind the code: what a patient allowed, who was told, and the way back."""

import json
from uuid import uuid4

import pytest

from referrals import consent
from referrals.models import (
    Disclosure,
    Revocation,
    Task,
    TaskKind,
)
from referrals.tenancy import organization
from tests.referrals.consenting import filled as filled_consent
from tests.referrals.views.own_page import main, open_page


@pytest.fixture
def allowed(made, clinic, other_clinic, clinician, now):
    """A consent for another clinic, and a line that something was told under it."""
    with organization(clinic.pk):
        referral = made.link.patient.referrals.select_related("patient__organization").first()
        row = filled_consent(made.link.patient, other_clinic, now)
        given = consent.give(row, [referral], by=clinician, now=now)
        told = {"by": clinician, "now": now, "referral": referral}
        consent.release(made.link.patient, "referral_print", **told)
    return given


def behind(client, address, made, **more):
    """Press a button behind the code."""
    proof = client.post(address, {"do": "code", "code": made.code}).context["proof"]
    return client.post(address, {"proof": proof} | more)


def test_patient_sees_what_they_allowed_and_who_was_told(client, made, address, allowed):
    said = main(client.post(address, {"do": "code", "code": made.code}))

    assert "Harbor Clinic" in said and "On paper" in said and "Take it back now" in said


def test_patient_takes_a_permission_back_at_once(client, made, address, allowed, clinic):
    answer = behind(client, address, made, do="end-consent", which=str(allowed.pk))

    assert "It has ended" in main(answer) and "Take it back now" not in main(answer)
    with organization(clinic.pk):
        ended = Revocation.objects.get(consent=allowed)
        assert (ended.by, ended.role) == (None, "patient")
        assert allowed.shared.filter(ended_at=None).count() == 0
        assert Task.objects.filter(kind=TaskKind.CONSENT_ENDED, is_urgent=True).count() == 1


@pytest.mark.parametrize("which", ["", "x", "0f9d2a54-6b1c-4c3e-9a7d-5e8f00000000"])
def test_permission_of_somebody_else_is_not_there(which, client, made, address, allowed, clinic):
    assert behind(client, address, made, do="end-consent", which=which).status_code == 404
    with organization(clinic.pk):
        assert not Revocation.objects.exists()


def test_without_the_code_nothing_is_taken_back(client, made, address, allowed, clinic):
    for proof in ("", "x"):
        told = {"do": "end-consent", "proof": proof, "which": str(allowed.pk)}
        assert client.post(address, told).status_code == 400
    with organization(clinic.pk):
        assert not Revocation.objects.exists()


def test_patient_holds_something_back_until_they_are_answered(
    client, made, address, allowed, clinic, clinician, now
):
    assert behind(client, address, made, do="hold-back", words="").status_code == 400
    told = {"words": "not my sister", "key": str(uuid4())}

    answer = behind(client, address, made, do="hold-back", **told)

    assert "not my sister" in main(answer)
    with organization(clinic.pk):
        referral = made.link.patient.referrals.first()
        told = {"by": clinician, "now": now, "referral": referral}
        with pytest.raises(consent.NotReleased):
            consent.release(made.link.patient, "referral_print", **told)


def test_copy_holds_consents_and_the_accounting(client, made, address, allowed):
    copy = json.loads(behind(client, address, made, do="copy").content)

    assert copy["consent"][0]["patient_name"] == "ZQ7-name"
    assert [row["exit"] for row in copy["disclosure"]].count("referral_print") == 1


def test_every_view_of_their_own_is_in_the_accounting(client, made, address, clinic):
    open_page(client, address)
    behind(client, address, made, do="copy")

    with organization(clinic.pk):
        exits = sorted(Disclosure.objects.values_list("exit", flat=True))
    assert exits == ["own_copy", "own_page", "own_record"]


def test_clinic_without_an_agreement_shows_nothing(client, address, clinic):
    clinic.agreement_on = None
    clinic.save(update_fields=["agreement_on"])

    assert client.post(address, {"do": "open"}).status_code == 404
