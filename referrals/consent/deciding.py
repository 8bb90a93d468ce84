"""May this be told? One pure decision over plain values, rules R01 to R17; it reads no row.

The rules stand in a table, in order: the first that speaks decides, and where none does the
answer is no. 42 CFR part 2 in the version of 2024 is what they follow; counsel has the last word.
"""

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from referrals.models import (
    CONSENTABLE,
    Category,
    Ending,
    Expiry,
    Medium,
    Purpose,
    RecipientKind,
)


class Relation(StrEnum):
    """What the one who would be told is to the patient."""

    INTERNAL = "internal"
    PATIENT = "patient"
    OTHER = "other"
    GROUP = "group"


class Element(StrEnum):
    """What a consent needs before it is one: the elements of 2.31(a)."""

    PATIENT_NAME = "patient_name"
    DISCLOSER = "discloser"
    CATEGORIES = "categories"
    RECIPIENT = "recipient"
    PURPOSE = "purpose"
    REVOCATION = "tells_how_to_revoke"
    EXPIRY = "expiry"
    SIGNATURE = "signature"
    SIGNED_AT = "signed_at"
    STATEMENTS = "tells_of_passing_on"
    AUTHORITY = "authority"


class Rule(StrEnum):
    """Which rule decided; a code that says nothing of a patient."""

    NOT_AUTHORISED = "R01"
    NO_AGREEMENT = "R02"
    COUNSELLING_NOTES = "R03"
    FORBIDDEN_PURPOSE = "R04"
    NO_CATEGORY = "R05"
    FORBIDDEN_MEDIUM = "R06"
    INTERNAL = "R07"
    OWN_VIEW = "R08"
    RESTRICTED = "R09"
    EMERGENCY = "R10"
    NO_CONSENT = "R11"
    CONSENT_DOES_NOT_HOLD = "R12"
    NOT_NAMED = "R13"
    OTHER_PURPOSE = "R14"
    BEYOND_SCOPE = "R15"
    PASSED_ON = "R16"
    CONSENTED = "R17"
    NEVER_TO_A_GROUP = "R24"


class Duty(StrEnum):
    """What has to happen with a release."""

    AUDIT = "audit"
    ACCOUNT = "account"
    NOTICE = "notice"
    SCOPE = "scope"
    TELL_ADMINISTRATORS = "tell_administrators"


FORBIDDEN_MEDIA = frozenset({Medium.EMAIL, Medium.SMS, Medium.PUSH, Medium.WEBHOOK})
# A class of people names nobody in particular (2.31(a)(4)).
_CLASS_WORDS = re.compile(
    r"^(?:my|any|all|every|other|mis|mi|todos?|todas?|cualquier)\b.*\b(?:providers?|doctors?"
    r"|nurses?|programs|clinics|payers?|plans?|staff|team|people|proveedor(?:es)?|médicos?"
    r"|clínicas|programas|personal|personas)\b"
    r"|^(?:any|every|cualquier) (?:clinic|program|clínica|programa)\b"
    r"|^(?:treating providers?|health plans?|third[- ]party payers?)$"
    r"|^(?:anyone|anybody|everyone|everybody|whoever|cualquiera|todos|todas)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Emergency:
    """The four facts of 2.51(c); each must say something."""

    to: str
    affiliation: str
    nature: str
    at: datetime | None
    by: str

    @property
    def is_complete(self) -> bool:
        """Say whether all are there."""
        told = (self.to, self.affiliation, self.nature, self.by)
        return all(says_something(text) for text in told) and self.at is not None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who would be told: an organization here by its id, anyone else by a name."""

    kind: RecipientKind
    organization: UUID | None = None
    name: str = ""

    def is_same(self, other: "Recipient") -> bool:
        """Say whether both name one recipient; a class of people never does."""
        if self.kind != other.kind:
            return False
        if self.kind == RecipientKind.ORGANIZATION:
            return self.organization is not None and self.organization == other.organization
        mine, theirs = folded(self.name), folded(other.name)
        return bool(mine) and mine == theirs and not names_a_class(self.name)


@dataclass(frozen=True, slots=True)
class Signed:
    """A consent as the decision reads it."""

    patient: UUID
    missing: frozenset[Element]
    recipient: Recipient
    purpose: Purpose
    categories: frozenset[Category]
    signed_at: datetime
    expiry: Expiry
    expires_at: datetime | None = None
    # For one that ends with the referral: whether that is over.
    is_event_over: bool = False
    covers_referral: bool = True
    ending: Ending | None = None


@dataclass(frozen=True, slots=True)
class Ask:
    """What would be told, to whom, what for and how, and what is known besides a consent."""

    relation: Relation
    purpose: Purpose
    categories: frozenset[Category]
    medium: Medium
    patient: UUID
    now: datetime
    is_authorised: bool
    has_agreement: bool
    recipient: Recipient | None = None
    is_restricted: bool = False
    is_restriction_checked: bool = False
    emergency: Emergency | None = None
    passes_on: bool = False
    is_covered_entity: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """Yes or no, by which rule, and what a yes asks for or a no is missing."""

    is_allowed: bool
    rule: Rule
    duties: frozenset[Duty] = frozenset()
    missing: frozenset[Element] = field(default=frozenset())


def decide(ask: Ask, consent: Signed | None) -> Decision:
    """Answer by the first rule that speaks; nothing but the arguments is read."""
    for rule, answer in _RULES:
        found = answer(ask, consent)
        if found is not None:
            return _decision(rule, found, consent)
    return Decision(False, Rule.NO_CONSENT)


def _decision(rule: Rule, is_allowed: bool, consent: Signed | None) -> Decision:
    if is_allowed:
        return Decision(True, rule, _DUTIES[rule])
    missing = frozenset()
    if rule == Rule.CONSENT_DOES_NOT_HOLD and consent is not None:
        missing = consent.missing
    return Decision(False, rule, missing=missing)


# Each rule answers yes, no, or nothing at all.
Answer = Callable[[Ask, Signed | None], bool | None]


def _no_if(test: Callable[[Ask, Signed | None], bool]) -> Answer:
    return lambda ask, consent: False if test(ask, consent) else None


def _yes_if(test: Callable[[Ask, Signed | None], bool]) -> Answer:
    return lambda ask, consent: True if test(ask, consent) else None


_TOLD_FOR = frozenset({*CONSENTABLE, Purpose.OWN, Purpose.INTERNAL, Purpose.EMERGENCY})


def _emergency(ask: Ask, consent: Signed | None) -> bool | None:
    if ask.purpose != Purpose.EMERGENCY:
        return None
    return ask.emergency is not None and ask.emergency.is_complete


def _does_not_hold(ask: Ask, consent: Signed | None) -> bool:
    """R12: of another person, incomplete, not yet, no longer, or not for this."""
    return (
        consent.patient != ask.patient
        or bool(consent.missing)
        or consent.signed_at > ask.now
        or consent.ending is not None
        or not consent.covers_referral
        or _is_over(ask, consent)
    )


def _is_over(ask: Ask, consent: Signed) -> bool:
    match consent.expiry:
        case Expiry.DATE:
            return consent.expires_at is None or consent.expires_at <= ask.now
        case Expiry.EVENT:
            return consent.is_event_over
        case Expiry.NONE:
            return consent.purpose != Purpose.TPO
    return True


def _is_not_named(ask: Ask, consent: Signed) -> bool:
    return ask.recipient is None or not consent.recipient.is_same(ask.recipient)


def _is_passed_on(ask: Ask, consent: Signed) -> bool:
    """R16: only a covered entity may pass on what it got for treatment, payment, operations."""
    return ask.passes_on and not (ask.is_covered_entity and consent.purpose == Purpose.TPO)


_RULES: tuple[tuple[Rule, Answer], ...] = (
    (Rule.NOT_AUTHORISED, _no_if(lambda ask, consent: not ask.is_authorised)),
    (Rule.NO_AGREEMENT, _no_if(lambda ask, consent: not ask.has_agreement)),
    (Rule.COUNSELLING_NOTES, _no_if(lambda ask, consent: Category.COUNSELLING in ask.categories)),
    (Rule.FORBIDDEN_PURPOSE, _no_if(lambda ask, consent: ask.purpose not in _TOLD_FOR)),
    (Rule.NO_CATEGORY, _no_if(lambda ask, consent: not ask.categories)),
    (Rule.FORBIDDEN_MEDIUM, _no_if(lambda ask, consent: ask.medium in FORBIDDEN_MEDIA)),
    (Rule.NEVER_TO_A_GROUP, _no_if(lambda ask, consent: ask.relation == Relation.GROUP)),
    (Rule.INTERNAL, _yes_if(lambda ask, consent: ask.relation == Relation.INTERNAL)),
    (Rule.OWN_VIEW, _yes_if(lambda ask, consent: ask.relation == Relation.PATIENT)),
    (
        Rule.RESTRICTED,
        _no_if(lambda ask, consent: ask.is_restricted and not ask.is_restriction_checked),
    ),
    (Rule.EMERGENCY, _emergency),
    (Rule.NO_CONSENT, _no_if(lambda ask, consent: consent is None)),
    (Rule.CONSENT_DOES_NOT_HOLD, _no_if(_does_not_hold)),
    (Rule.NOT_NAMED, _no_if(_is_not_named)),
    (Rule.OTHER_PURPOSE, _no_if(lambda ask, consent: ask.purpose != consent.purpose)),
    (Rule.BEYOND_SCOPE, _no_if(lambda ask, consent: not ask.categories <= consent.categories)),
    (Rule.PASSED_ON, _no_if(_is_passed_on)),
    (Rule.CONSENTED, _yes_if(lambda ask, consent: ask.relation == Relation.OTHER)),
)

_DUTIES = {
    Rule.INTERNAL: frozenset({Duty.AUDIT}),
    Rule.OWN_VIEW: frozenset({Duty.AUDIT, Duty.ACCOUNT}),
    Rule.EMERGENCY: frozenset({Duty.AUDIT, Duty.ACCOUNT, Duty.TELL_ADMINISTRATORS}),
    Rule.CONSENTED: frozenset({Duty.AUDIT, Duty.ACCOUNT, Duty.NOTICE, Duty.SCOPE}),
}


def says_something(text: str) -> bool:
    """Say whether a text holds a letter or a digit: spaces, signs and pictures say nothing.

    >>> says_something("  "), says_something("\\N{WAVING HAND SIGN}"), says_something("A. Doe")
    (False, False, True)
    """
    return any(unicodedata.category(character)[0] in "LN" for character in text)


def folded(name: str) -> str:
    """Write a name in the one way in which names are compared.

    >>> folded(" Dr.  Ana   RUIZ ")
    'dr ana ruiz'
    """
    text = unicodedata.normalize("NFKC", name).casefold()
    return " ".join(re.sub(r"[^\w\s]", " ", text).split())


def names_a_class(name: str) -> bool:
    """Say whether a name stands for a class of people, which names nobody.

    >>> names_a_class("my treating providers"), names_a_class("Harbor Clinic, Dr. Ruiz")
    (True, False)
    """
    return bool(_CLASS_WORDS.search(name))
