"""The one door: who gets through, and the line that is written each time."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction

from referrals.consent import (
    Emergency,
    NotReleased,
    Rule,
    answer_restriction,
    ask_to_hold_back,
    document,
    give,
    may,
    release,
    revoke,
    rows,
    text,
)
from referrals.consent.exits import EXITS
from referrals.consent.reading import missing
from referrals.lifecycle import move
from referrals.models import (
    AuditEvent,
    Basis,
    Category,
    Disclosure,
    Ending,
    Expiry,
    Kind,
    Method,
    Purpose,
    Revocation,
)
from referrals.tenancy import organization
from tests.referrals.consenting import filled


def read(referral, by, now, exit="received_page", **told):
    with organization(referral.organization_id):
        return release(referral.patient, exit, by=by, now=now, referral=referral, **told)


def refused(referral, by, now, exit="received_page", **told):
    with pytest.raises(NotReleased) as error:
        read(referral, by, now, exit, **told)
    return error.value.decision.rule


def lines(referral):
    with organization(referral.organization_id):
        return list(Disclosure.objects.all())


def test_reader_gets_what_the_consent_names_and_one_line_is_written(
    referral, consent, receiver, now
):
    given = read(referral, receiver, now)

    (line,) = lines(referral)
    assert given.categories == {Category.GROUPS, Category.MEDICATION}
    assert (line.basis, line.exit) == (Basis.CONSENT, "received_page")
    assert (line.by_id, line.consent_id) == (receiver.pk, consent.pk)
    assert line.recipient == "Harbor Clinic"
    assert line.notice_version == consent.wording_version
    assert sorted(line.categories) == ["groups", "medication"]
    with organization(referral.organization_id):
        event = AuditEvent.objects.get(kind=Kind.DISCLOSED)
    assert (event.target_id, event.actor_id) == (str(line.pk), receiver.pk)


def test_notice_and_scope_travel_in_every_format(referral, consent, receiver, now):
    given = read(referral, receiver, now)
    notice = given.wording.notice

    assert document(given)["notice"] == notice
    assert list(rows(given))[-1][1] == notice
    assert text(given).endswith(notice)
    for told in (str(document(given)["consent"]), str(list(rows(given))), text(given)):
        assert "Harbor Clinic" in told and "Walnut Street Clinic" in told


@pytest.mark.parametrize("ending", [Ending.REVOKED, Ending.FALSE])
def test_nothing_is_read_once_a_consent_ended(ending, referral, consent, receiver, clinician, now):
    with organization(referral.organization_id):
        revoke(consent, by=clinician, now=now, ending=ending)

    assert refused(referral, receiver, now) == Rule.CONSENT_DOES_NOT_HOLD
    assert lines(referral) == []


def test_nothing_is_read_after_its_last_moment(referral, consent, receiver, now):
    last = consent.expires_at

    assert read(referral, receiver, last - timedelta(seconds=1))
    assert refused(referral, receiver, last) == Rule.CONSENT_DOES_NOT_HOLD


def test_who_was_not_given_it_is_not_authorised(
    referral, consent, receiver_head, colleague, clinician, now
):
    for somebody in (receiver_head, colleague, clinician):
        assert refused(referral, somebody, now) == Rule.NOT_AUTHORISED


def test_more_than_the_consent_names_is_refused(referral, consent, receiver, now):
    asked = [Category.GROUPS, Category.NOTES]

    assert refused(referral, receiver, now, categories=asked) == Rule.BEYOND_SCOPE


def test_without_an_agreement_nothing_leaves(referral, consent, receiver, clinic, now):
    clinic.agreement_on = None
    clinic.save(update_fields=["agreement_on"])
    referral.patient.organization.refresh_from_db()

    assert refused(referral, receiver, now) == Rule.NO_AGREEMENT


def test_what_is_asked_to_be_held_back_waits_for_the_clinic(
    referral, consent, receiver, clinician, now
):
    with organization(referral.organization_id):
        asked = ask_to_hold_back(referral.patient, "not my sister", by=None, now=now, key=uuid4())
    assert refused(referral, receiver, now) == Rule.RESTRICTED

    with organization(referral.organization_id):
        answer_restriction(asked, "We will not.", by=clinician, now=now)
    assert read(referral, receiver, now)


def test_consent_that_ends_with_the_referral_does(
    clinic, other_clinic, referral, clinician, consent, receiver, now
):
    with organization(clinic.pk):
        row = filled(referral.patient, other_clinic, now, expiry=Expiry.EVENT, expires_at=None)
        give(row, [referral], by=clinician, now=now)
        assert Revocation.objects.get(consent=consent).ending == Ending.SUPERSEDED
        move(referral, "decline", by=clinician, now=now, reason="no")
        referral.refresh_from_db()

    assert refused(referral, receiver, now) in {Rule.NOT_AUTHORISED, Rule.CONSENT_DOES_NOT_HOLD}


def test_patient_and_paper_need_no_consent_and_are_accounted_for(referral, clinician, now):
    read(referral, clinician, now, "handout")
    read(referral, None, now, "own_record")

    assert [line.basis for line in lines(referral)] == [Basis.OWN, Basis.OWN]


def test_clinic_prints_for_whom_the_consent_names(referral, consent, clinician, peer, now):
    given = read(referral, clinician, now, "referral_print")

    assert given.consent.pk == consent.pk
    assert refused(referral, peer, now, "referral_print") == Rule.NOT_AUTHORISED


def test_without_a_consent_nothing_is_printed(referral, clinician, now):
    assert refused(referral, clinician, now, "referral_print") == Rule.NO_CONSENT


def test_emergency_is_told_with_its_four_facts(referral, clinician, now):
    facts = Emergency("Dr. Ruiz", "Harbor Clinic", "ZQ7-nature", now, clinician.email)

    read(referral, clinician, now, "emergency", emergency=facts)

    (line,) = lines(referral)
    assert (line.basis, line.purpose) == (Basis.EMERGENCY, Purpose.EMERGENCY)
    assert line.facts["nature"] == "ZQ7-nature" and line.consent is None
    assert refused(referral, clinician, now, "emergency") == Rule.EMERGENCY


def test_asking_whether_leaves_no_trace(referral, consent, receiver, now):
    with organization(referral.organization_id):
        assert may(referral.patient, "received_page", by=receiver, now=now, referral=referral)

    assert lines(referral) == []


def test_every_exit_goes_to_the_patient_the_clinic_or_somebody_named():
    # There is none to a group, and none by mail, message or to another system unasked.
    assert {each.relation for each in EXITS.values()} == {"patient", "internal", "other"}
    assert not {each.medium for each in EXITS.values()} & {"email", "sms", "push", "webhook"}


def test_paper_consent_needs_the_number_of_its_scan(clinic, other_clinic, referral, now):
    with organization(clinic.pk):
        row = filled(referral.patient, other_clinic, now, method=Method.PAPER, signature="")
        assert missing(row) == {"signature"}
        row.scan_number = "S-1"
        assert missing(row) == frozenset()


def test_reader_says_how_it_went_and_nothing_more(referral, consent, receiver, now):
    with organization(referral.organization_id):
        moved = move(referral, "attend", by=receiver, now=now)

        assert moved.state == "attended"
        assert moved.events.get(to_state="attended").role == "recipient"
        for step in ("withdraw", "offer", "void"):
            with pytest.raises(PermissionDenied), transaction.atomic():
                move(moved, step, by=receiver, now=now, reason="r")


def test_reader_says_nothing_once_the_consent_ended(referral, consent, receiver, clinician, now):
    with organization(referral.organization_id):
        revoke(consent, by=clinician, now=now)
        with pytest.raises(PermissionDenied):
            move(referral, "attend", by=receiver, now=now)
