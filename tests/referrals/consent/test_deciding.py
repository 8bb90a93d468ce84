"""The one decision: all its inputs, each rule by an example, and what it never allows."""

from dataclasses import replace
from datetime import timedelta

import pytest

from benchmarks import decisions
from benchmarks.decisions import DOCTOR, ELSEWHERE, HERE, NOW, SOUND, under
from referrals.consent.deciding import (
    Element,
    Emergency,
    Recipient,
    Relation,
    Rule,
    decide,
    folded,
    names_a_class,
    says_something,
)
from referrals.models import Category, Ending, Expiry, Medium, Purpose, RecipientKind

ASK = under((Purpose.COORDINATION, frozenset({Category.GROUPS}), (False, False)))
FACTS = Emergency("Dr. Ruiz", "Harbor Clinic", "fell down", NOW, "a member")
NOBODY = Recipient(RecipientKind.NAMED, name="?!")


@pytest.fixture(scope="module")
def enumerated():
    return decisions.verdicts()


def test_whole_enumeration_agrees_with_the_oracle_and_no_weakening_opens_a_door(enumerated):
    found, wrong = enumerated

    assert wrong == []
    assert list(decisions.before_a_consent()) == []
    assert list(decisions.missing_elements()) == []
    assert found.any()
    assert list(decisions.weakened(found)) == []


def test_a_weakening_that_opens_a_door_would_be_seen(enumerated):
    found = enumerated[0].copy()
    # A consent of another patient is refused; say that one without a signature was not.
    found[1, 1, 0, 0, 0, 0, 0, 0, 0, 0] = True

    assert "an element is removed: 1 doors opened" in list(decisions.weakened(found))


@pytest.mark.parametrize(
    ("asked", "consent", "rule"),
    [
        ({"is_authorised": False}, SOUND, Rule.NOT_AUTHORISED),
        ({"has_agreement": False}, SOUND, Rule.NO_AGREEMENT),
        ({"categories": frozenset({Category.COUNSELLING})}, SOUND, Rule.COUNSELLING_NOTES),
        ({"purpose": Purpose.PROCEEDING}, SOUND, Rule.FORBIDDEN_PURPOSE),
        ({"purpose": Purpose.RESEARCH}, SOUND, Rule.FORBIDDEN_PURPOSE),
        ({"purpose": Purpose.UNKNOWN}, SOUND, Rule.FORBIDDEN_PURPOSE),
        ({"categories": frozenset()}, SOUND, Rule.NO_CATEGORY),
        ({"medium": Medium.EMAIL}, SOUND, Rule.FORBIDDEN_MEDIUM),
        ({"medium": Medium.WEBHOOK}, SOUND, Rule.FORBIDDEN_MEDIUM),
        ({"relation": Relation.GROUP}, SOUND, Rule.NEVER_TO_A_GROUP),
        ({"relation": Relation.INTERNAL}, None, Rule.INTERNAL),
        ({"relation": Relation.PATIENT}, None, Rule.OWN_VIEW),
        ({"is_restricted": True}, SOUND, Rule.RESTRICTED),
        ({"purpose": Purpose.EMERGENCY, "emergency": FACTS}, None, Rule.EMERGENCY),
        ({"purpose": Purpose.EMERGENCY}, SOUND, Rule.EMERGENCY),
        ({}, None, Rule.NO_CONSENT),
        ({}, replace(SOUND, ending=Ending.REVOKED), Rule.CONSENT_DOES_NOT_HOLD),
        ({}, replace(SOUND, ending=Ending.FALSE), Rule.CONSENT_DOES_NOT_HOLD),
        ({}, replace(SOUND, covers_referral=False), Rule.CONSENT_DOES_NOT_HOLD),
        ({"recipient": ELSEWHERE}, SOUND, Rule.NOT_NAMED),
        ({"recipient": None}, SOUND, Rule.NOT_NAMED),
        ({"purpose": Purpose.TPO}, SOUND, Rule.OTHER_PURPOSE),
        ({"categories": frozenset({Category.NOTES})}, SOUND, Rule.BEYOND_SCOPE),
        ({"passes_on": True, "is_covered_entity": True}, SOUND, Rule.PASSED_ON),
        ({}, SOUND, Rule.CONSENTED),
    ],
)
def test_rule_decides(asked, consent, rule):
    decision = decide(replace(ASK, **asked), consent)

    is_allowed = rule in {Rule.INTERNAL, Rule.OWN_VIEW, Rule.EMERGENCY, Rule.CONSENTED}
    assert decision.rule == rule
    assert decision.is_allowed == (is_allowed and asked != {"purpose": Purpose.EMERGENCY})


@pytest.mark.parametrize(
    ("before_end", "is_allowed"), [(timedelta(seconds=1), True), (timedelta(0), False)]
)
def test_consent_ends_at_its_very_moment(before_end, is_allowed):
    consent = replace(SOUND, expiry=Expiry.DATE, expires_at=NOW + before_end)

    assert decide(ASK, consent).is_allowed == is_allowed


@pytest.mark.parametrize("fact", ["to", "affiliation", "nature", "by"])
@pytest.mark.parametrize("blank", ["", "   ", "\N{WARNING SIGN}", "?!"])
def test_emergency_needs_each_of_its_four_facts(fact, blank):
    told = replace(FACTS, **{fact: blank})

    assert not decide(replace(ASK, purpose=Purpose.EMERGENCY, emergency=told), None).is_allowed


def test_same_question_gets_the_same_answer_ten_thousand_times():
    answers = {decide(ASK, SOUND) for _time in range(10_000)}

    assert len(answers) == 1


def test_refusal_names_what_is_missing():
    consent = replace(SOUND, missing=frozenset({Element.SIGNATURE, Element.EXPIRY}))

    assert decide(ASK, consent).missing == {Element.SIGNATURE, Element.EXPIRY}


@pytest.mark.parametrize(
    ("mine", "theirs", "is_same"),
    [
        (DOCTOR, Recipient(RecipientKind.NAMED, name="dr ana ruiz"), True),
        (DOCTOR, Recipient(RecipientKind.NAMED, name="Dr. Ana Ruiz Jr."), False),
        (DOCTOR, HERE, False),
        (NOBODY, NOBODY, False),
        (Recipient(RecipientKind.ORGANIZATION), Recipient(RecipientKind.ORGANIZATION), False),
    ],
)
def test_recipient_is_the_one_that_was_named(mine, theirs, is_same):
    assert mine.is_same(theirs) == is_same


@pytest.mark.parametrize(
    ("name", "is_class"),
    [
        ("my treating providers", True),
        ("Any doctor", True),
        ("health plans", True),
        ("mis médicos", True),
        ("anyone who asks", True),
        ("Los Angeles Clinic", False),
        ("All Saints Clinic", False),
        ("Dr. Every Young", False),
    ],
)
def test_class_of_people_names_nobody(name, is_class):
    assert names_a_class(name) == is_class


@pytest.mark.parametrize(
    ("text", "says"), [("", False), (" \t", False), ("\N{SMILING FACE WITH SMILING EYES}", False),
                       ("-", False), ("李", True), ("A", True), ("7", True)]
)  # fmt: skip
def test_pictures_and_spaces_say_nothing(text, says):
    assert says_something(text) == says


def test_names_are_compared_as_people_read_them():
    assert folded("DR.  ANA\u00a0Ruiz") == folded("Dr Ana Ruiz")
