"""What the organization that a consent names reads of a referral, and for how long."""

from datetime import timedelta

import pytest
from django.urls import reverse

from referrals import consent as consents
from referrals.models import AuditEvent, Disclosure, Kind
from referrals.tenancy import organization
from tests.referrals.conftest import LABEL, REASON
from tests.referrals.consenting import NAME, filled


def url(name, pk, *more):
    return reverse(f"referrals:{name}", args=[pk, *more])


def test_reader_sees_what_is_shared_with_notice_and_consent(client, receiver, consent, referral):
    client.force_login(receiver)

    page = client.get(url("referral", referral.pk)).content.decode()

    assert "Quiet Harbor" in page and "methadone" in page
    assert NAME in page and "42 CFR part 2 protects this record" in page
    assert LABEL not in page and REASON not in page


def test_reader_finds_it_on_their_first_page(client, receiver, referral):
    client.force_login(receiver)

    page = client.get(reverse("referrals:dashboard")).content.decode()

    assert str(referral.pk) in page
    assert "Quiet Harbor" not in page and LABEL not in page


def test_reader_meets_a_no_for_what_is_not_theirs(client, receiver, consent, referral):
    client.force_login(receiver)
    answers = [
        client.post(url("consent-end", consent.pk)),
        client.post(url("referral-assign", referral.pk), {"member": ""}),
        client.post(url("referral-reopen", referral.pk)),
        client.post(url("referral-move", referral.pk), {"step": "withdraw", "reason": "r"}),
        client.get(url("disclosures", referral.pk)),
        client.get(url("patient", referral.patient_id)),
        client.get(url("plan", referral.plan_id)),
        client.post(url("share-make", referral.plan_id)),
        client.get(url("consent-new", referral.patient_id)),
    ]

    assert {answer.status_code for answer in answers} == {403}
    assert not any(LABEL in answer.content.decode() for answer in answers)


def test_reader_says_how_it_went(client, receiver, referral, clinic):
    client.force_login(receiver)

    answer = client.post(url("referral-move", referral.pk), {"step": "attend", "version": 1})

    assert answer.status_code == 302
    with organization(clinic.pk):
        referral.refresh_from_db()
    assert referral.state == "attended"


@pytest.mark.parametrize("how", ["revoked", "expired"])
def test_reader_meets_a_404_once_it_ended(
    how, client, receiver, consent, referral, clinician, clinic, now, settings
):
    client.force_login(receiver)
    if how == "revoked":
        with organization(clinic.pk):
            consents.revoke(consent, by=clinician, now=now)
    else:
        with organization(clinic.pk):
            consent.shared.update(expires_at=now - timedelta(seconds=1))

    names = ("referral", "referral-print", "consent", "disclosures")
    ids = dict.fromkeys(names, referral.pk) | {"consent": consent.pk}
    assert {client.get(url(name, ids[name])).status_code for name in names} == {404}
    assert str(referral.pk) not in client.get(reverse("referrals:dashboard")).content.decode()


def test_notice_is_in_every_format_letter_by_letter(client, receiver, consent, referral):
    client.force_login(receiver)
    notice = "42 CFR part 2 protects this record. You may not use or disclose it"

    for where in (
        url("referral", referral.pk),
        url("referral-print", referral.pk),
        url("received-file", referral.pk, "json"),
        url("received-file", referral.pk, "csv"),
    ):
        answer = client.get(where)
        assert notice in answer.content.decode(), where
        assert NAME in answer.content.decode(), where
    assert client.get(url("received-file", referral.pk, "pdf")).status_code == 403


def test_every_reading_is_one_line(client, receiver, referral, clinic):
    client.force_login(receiver)
    for name in ("referral", "referral", "referral-print"):
        client.get(url(name, referral.pk))

    with organization(clinic.pk):
        exits = sorted(Disclosure.objects.values_list("exit", flat=True))
        assert AuditEvent.objects.filter(kind=Kind.DISCLOSED).count() == 3
    assert exits == ["received_page", "received_page", "received_print"]


def test_head_hands_a_referral_to_a_member_who_alone_reads_it(
    client, consent, referral, stranger, receiver_head, other_clinic
):
    client.force_login(receiver_head)
    with organization(other_clinic.pk):
        shared = consent.shared.model.objects.get()
    assert client.get(url("referral", referral.pk)).status_code == 404

    client.post(url("received-hand", shared.pk), {"member": stranger.memberships.get().pk})
    page = client.get(reverse("referrals:received")).content.decode()
    assert "stranger@example.org" in page

    client.force_login(stranger)
    assert client.get(url("referral", referral.pk)).status_code == 200
    with organization(other_clinic.pk):
        reader = shared.readers.get()
    client.force_login(receiver_head)
    assert client.post(url("reader-end", reader.pk)).status_code == 302
    client.force_login(stranger)
    assert client.get(url("referral", referral.pk)).status_code == 404


def test_list_of_received_asks_the_same_number_of_queries_for_many(
    client, consent, referral, receiver, receiver_head, clinic, other_clinic, clinician, now,
    django_assert_num_queries, django_assert_max_num_queries,
):  # fmt: skip
    client.force_login(receiver_head)
    client.get(reverse("referrals:received"))
    with django_assert_max_num_queries(40) as counted:
        client.get(reverse("referrals:received"))
    with organization(clinic.pk):
        for number in range(4):
            row = filled(referral.patient, other_clinic, now + timedelta(seconds=number))
            row.signed_at = now
            consents.give(row, [referral], by=clinician, now=now)
        consent.shared.model.objects.update(ended_at=None)
    with django_assert_num_queries(len(counted.captured_queries)):
        page = client.get(reverse("referrals:received")).content.decode()
    assert page.count("Walnut Street Clinic") >= 5
