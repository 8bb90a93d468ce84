"""Pages of consents: taking one down, reading and ending it, and what the accounting shows."""

from uuid import uuid4

import pytest
from django.core import mail
from django.urls import reverse

from referrals import consent as consents
from referrals.consent.reading import missing
from referrals.models import Consent, Disclosure, Revocation
from referrals.tenancy import organization
from tests.factories import make_group
from tests.referrals.conftest import LABEL, REASON
from tests.referrals.consenting import NAME


def url(name, pk, *more):
    return reverse(f"referrals:{name}", args=[pk, *more])


def posted(referral, **changes):
    """What a whole form sends."""
    told = {
        "patient_name": NAME,
        "referrals": [str(referral.pk)],
        "recipient": "",
        "recipient_name": "Dr. Ana Ruiz",
        "categories": ["groups"],
        "purpose": "coordination",
        "expiry": "date",
        "expires_on": "2026-12-31",
        "signer": "patient",
        "method": "typed",
        "signature": NAME,
        "tells_how_to_revoke": "on",
        "language": "en",
        "key": str(uuid4()),
    }
    return told | changes


@pytest.fixture
def take(client, clinician, referral):
    """Send the form of a consent as the clinician."""

    def send(**changes):
        client.force_login(clinician)
        return client.post(url("consent-new", referral.patient_id), posted(referral, **changes))

    return send


def kept(clinic):
    with organization(clinic.pk):
        return list(Consent.objects.select_related("recipient_organization"))


def test_consent_is_taken_down_with_the_words_that_were_shown(take, clinic, client):
    answer = take()

    (row,) = kept(clinic)
    assert answer["Location"] == url("consent", row.pk)
    assert (row.wording_version, row.wording_language) == ("2026-1", "en")
    assert len(row.wording_hash) == 64
    # The day named ends at midnight in New York.
    assert row.expires_at.isoformat() == "2027-01-01T05:00:00+00:00"
    page = client.get(answer["Location"]).content.decode()
    assert NAME in page and "Dr. Ana Ruiz" in page and "Dec. 31, 2026" in page


def test_sent_twice_is_one_consent(take, clinic):
    key = str(uuid4())
    for _time in range(2):
        take(key=key)

    assert len(kept(clinic)) == 1


BLANKS = ("", "   ", "\N{SMILING FACE WITH SMILING EYES}")


@pytest.mark.parametrize("blank", BLANKS)
@pytest.mark.parametrize("field", ["patient_name", "recipient_name", "signature"])
def test_blank_element_is_refused_by_name(field, blank, take, clinic):
    answer = take(**{field: blank})

    assert answer.status_code == 400
    assert list(answer.context["form"].errors) == [field]
    assert kept(clinic) == []


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"categories": []}, "categories"),
        ({"categories": ["counselling"]}, "categories"),
        ({"purpose": ""}, "purpose"),
        ({"purpose": "research"}, "purpose"),
        ({"tells_how_to_revoke": ""}, "tells_how_to_revoke"),
        ({"expiry": ""}, "expiry"),
        ({"expiry": "date", "expires_on": ""}, "expiry"),
        ({"expiry": "none"}, "expiry"),
        ({"expires_on": "2020-01-01"}, "expires_on"),
        ({"expires_on": "9999-12-31"}, "expires_on"),
        ({"method": "paper", "scan_number": "", "signed_on": "2026-11-01"}, "signature"),
        ({"method": "paper", "scan_number": "S-1", "signed_on": ""}, "signed_on"),
        ({"method": "paper", "scan_number": "S-1", "signed_on": "2027-01-01"}, "signed_on"),
        ({"purpose": "tpo", "tells_of_passing_on": "on"}, "tells_of_passing_on"),
        ({"purpose": "tpo", "tells_of_refusing": "on"}, "tells_of_passing_on"),
        ({"signer": "representative"}, "authority"),
        ({"signer": "minor", "state": "NE", "authority": "parent"}, "authority"),
        ({"signer": ""}, "authority"),
        ({"recipient_name": "my treating providers"}, "recipient_name"),
        ({"referrals": []}, "referrals"),
        ({"referrals": [str(uuid4())]}, "referrals"),
        ({"key": "x"}, "key"),
        ({"patient_name": "a\x00b"}, "patient_name"),
    ],
)
def test_missing_element_is_refused_beside_its_field(changes, field, take, clinic):
    answer = take(**changes)

    assert answer.status_code == 400
    assert field in answer.context["form"].errors
    assert kept(clinic) == []


@pytest.mark.parametrize(
    "changes",
    [
        {"method": "paper", "signature": "", "scan_number": "S-1", "signed_on": "2026-11-01"},
        {"purpose": "tpo", "tells_of_passing_on": "on", "tells_of_refusing": "on",
         "expiry": "none", "expires_on": ""},
        {"signer": "minor", "state": "NE", "guardian_signature": "A", "authority": "parent"},
        {"signer": "representative", "authority": "power of attorney"},
        {"expiry": "event", "expires_on": ""},
    ],
)  # fmt: skip
def test_other_ways_to_sign_and_to_end_are_taken(changes, take, clinic):
    assert take(**changes).status_code == 302
    assert missing(kept(clinic)[0]) == frozenset()


def test_nothing_is_consented_for_a_group(take, clinic):
    make_group(name="Walnut NA Evening")

    answer = take(recipient_name="walnut na  evening")

    assert "Nothing is ever told to a group" in answer.content.decode()
    assert kept(clinic) == []


def test_own_organization_is_not_among_the_recipients(take, clinic):
    assert "recipient" in take(recipient=str(clinic.pk)).context["form"].errors


def test_second_consent_ends_the_first(take, clinic):
    take()
    take(recipient_name="dr ana  RUIZ")

    with organization(clinic.pk):
        assert Consent.objects.count() == 2
        assert Revocation.objects.get().ending == "superseded"


@pytest.mark.parametrize(
    ("role", "code"), [("clinician", 302), ("administrator", 302), ("assigned_peer", 403)]
)
def test_consent_is_ended_by_who_may(role, code, request, client, consent, clinic):
    client.force_login(request.getfixturevalue(role))

    answer = client.post(url("consent-end", consent.pk), {"ending": "revoked", "note": "letter"})

    assert answer.status_code == code
    with organization(clinic.pk):
        assert Revocation.objects.filter(consent=consent).exists() == (code == 302)


def test_administrator_reads_a_consent_and_gives_none(client, administrator, consent, referral):
    client.force_login(administrator)

    assert client.get(url("consent", consent.pk)).status_code == 200
    assert client.get(url("disclosures", referral.pk)).status_code == 200
    assert client.get(url("consent-new", referral.patient_id)).status_code == 404
    assert client.get(url("referral-print", referral.pk)).status_code == 403


@pytest.mark.parametrize("method", ["put", "patch", "delete", "post"])
@pytest.mark.parametrize(
    ("role", "code"), [("clinician", 405), ("receiver", 405), ("colleague", 404)]
)
def test_consent_cannot_be_changed_or_deleted(role, code, method, request, client, consent):
    client.force_login(request.getfixturevalue(role))

    assert getattr(client, method)(url("consent", consent.pk)).status_code == code


# --- Paper, emergencies and what is held back -----------------------------------------


def test_clinic_prints_with_the_consent_and_the_notice(client, clinician, consent, referral):
    client.force_login(clinician)

    page = client.get(url("referral-print", referral.pk)).content.decode()

    assert "42 CFR part 2 protects this record" in page and "Harbor Clinic" in page
    assert REASON not in page and LABEL not in page


def test_without_a_consent_there_is_no_print(client, clinician, referral, assigned_peer):
    client.force_login(clinician)
    assert client.get(url("referral-print", referral.pk)).status_code == 403
    assert "Print for whom" not in client.get(url("referral", referral.pk)).content.decode()


def test_emergency_is_written_down_and_administrators_are_told_nothing_but_to_look(
    client, clinician, administrator, referral, clinic, django_capture_on_commit_callbacks
):
    client.force_login(clinician)
    where = url("emergency", referral.patient_id)
    assert client.post(where, {"to": "Dr. Ruiz"}).status_code == 400
    told = {"to": "Dr. Ruiz", "affiliation": "County Hospital", "nature": "ZQ7-nature"}

    with django_capture_on_commit_callbacks(execute=True):
        page = client.post(where, told).content.decode()

    assert "methadone" in page
    with organization(clinic.pk):
        line = Disclosure.objects.get()
    assert line.facts["to"] == "Dr. Ruiz" and line.facts["by"] == clinician.email
    (letter,) = mail.outbox
    assert letter.to == [administrator.email]
    for hidden in ("ZQ7", "Ruiz", "methadone", "Quiet Harbor"):
        assert hidden not in letter.subject + letter.body


def test_emergency_waits_for_a_look_at_what_is_held_back(client, clinician, referral, clinic, now):
    with organization(clinic.pk):
        consents.ask_to_hold_back(referral.patient, "w", by=None, now=now, key=uuid4())
    client.force_login(clinician)
    told = {"to": "Dr. Ruiz", "affiliation": "County Hospital", "nature": "fell"}
    where = url("emergency", referral.patient_id)

    refused = client.post(where, told)
    assert "is_restriction_checked" in refused.context["form"].errors
    assert client.post(where, told | {"is_restriction_checked": "on"}).status_code == 200
    with organization(clinic.pk):
        assert Disclosure.objects.count() == 1


def test_page_of_a_patient_lists_all_and_answers(client, clinician, consent, referral, clinic, now):
    with organization(clinic.pk):
        asked = consents.ask_to_hold_back(
            referral.patient, "ZQ7-words", by=None, now=now, key=uuid4()
        )
    client.force_login(clinician)
    client.get(url("referral-print", referral.pk))
    where = url("consents", referral.patient_id)
    assert "ZQ7-words" in client.get(where).content.decode()

    client.post(url("restriction", asked.pk), {"answer": "We will not tell her."})
    client.get(url("referral-print", referral.pk))
    page = client.get(where).content.decode()
    assert "We will not tell her." in page and "Harbor Clinic" in page and "On paper" in page
