"""Every input of the decision on disclosures, held to an oracle written apart from it.

Two products are tried whole: all that stands before a consent with a consent of each sort, and all
that a consent can say with all that can be asked under it; every set of missing elements besides.
"""

import itertools
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any
from uuid import UUID

import numpy as np

from benchmarks.outcomes import Outcome
from referrals.consent.deciding import (
    Ask,
    Duty,
    Element,
    Emergency,
    Recipient,
    Relation,
    Rule,
    Signed,
    decide,
)
from referrals.models import Category, Ending, Expiry, Medium, Purpose, RecipientKind

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)
PATIENT, SOMEBODY_ELSE = UUID(int=1), UUID(int=2)
HERE = Recipient(RecipientKind.ORGANIZATION, UUID(int=10))
ELSEWHERE = Recipient(RecipientKind.ORGANIZATION, UUID(int=11))
DOCTOR = Recipient(RecipientKind.NAMED, name="Dr. Ana  Ruiz")
A_CLASS = Recipient(RecipientKind.NAMED, name="my treating providers")
NAMED_KINDS = frozenset({Category.GROUPS, Category.MEDICATION})
ELEMENTS = tuple(Element)

# --- What can be asked, and what a consent can say; the first of each is the soundest ---
ASKS: dict[str, tuple] = {
    "is_authorised": (True, False),
    "has_agreement": (True, False),
    "relation": tuple(Relation),
    "purpose": tuple(Purpose),
    "categories": (
        frozenset({Category.GROUPS}),
        frozenset({Category.GROUPS, Category.NOTES}),
        frozenset({Category.COUNSELLING}),
        frozenset(),
    ),
    "medium": (Medium.PAPER, Medium.EMAIL),
    "is_restricted": (False, True),
    "is_restriction_checked": (False, True),
    "emergency": (
        None,
        Emergency("Dr. Ruiz", "Harbor Clinic", "fell down", NOW, "a member"),
        Emergency("Dr. Ruiz", " ", "fell down", NOW, "a member"),
    ),
    "passing": ((False, False), (True, True), (True, False)),
}
CONSENTS: dict[str, tuple] = {
    "missing": (frozenset(), *(frozenset({one}) for one in ELEMENTS), frozenset(ELEMENTS)),
    "patient": (PATIENT, SOMEBODY_ELSE),
    "signed_at": (NOW, NOW + HOUR),
    "end": (
        (Expiry.DATE, NOW + HOUR, False),
        (Expiry.DATE, NOW, False),
        (Expiry.DATE, None, False),
        (Expiry.EVENT, None, False),
        (Expiry.EVENT, None, True),
        (Expiry.NONE, None, False),
    ),
    "ending": (None, *Ending),
    "covers_referral": (True, False),
    "recipient": (HERE, ELSEWHERE, A_CLASS),
    "purpose": (Purpose.COORDINATION, Purpose.REQUEST, Purpose.TPO),
    "categories": (
        NAMED_KINDS | {Category.NOTES},
        NAMED_KINDS,
        frozenset({Category.GROUPS}),
        frozenset({Category.MEDICATION}),
        frozenset(),
    ),
}
ASKED_UNDER: dict[str, tuple] = {
    "asked_for": (Purpose.COORDINATION, Purpose.REQUEST, Purpose.TPO),
    "asked": (frozenset({Category.GROUPS}), NAMED_KINDS),
    "passing": ((False, False), (True, True), (True, False)),
}
SOUND = Signed(
    patient=PATIENT,
    missing=frozenset(),
    recipient=HERE,
    purpose=Purpose.COORDINATION,
    categories=NAMED_KINDS,
    signed_at=NOW,
    expiry=Expiry.DATE,
    expires_at=NOW + HOUR,
)
# Pairs of "sounder" and "weaker" on each side of a consent: none may open a closed door.
WEAKENINGS = {
    "an element is removed": ("missing", [(0, n) for n in range(1, len(CONSENTS["missing"]))]),
    "of another patient": ("patient", [(0, 1)]),
    "signed later": ("signed_at", [(0, 1)]),
    "it expires": ("end", [(0, 1), (0, 2), (3, 4)]),
    "it is revoked, false or replaced": ("ending", [(0, 1), (0, 2), (0, 3)]),
    "the referral is left out": ("covers_referral", [(0, 1)]),
    "another recipient": ("recipient", [(0, 1), (0, 2)]),
    "the scope is narrowed": ("categories", [(0, 1), (1, 2), (1, 3), (2, 4), (3, 4)]),
}


def oracle(ask: Ask, consent: Signed | None) -> bool:
    """Answer as the law reads, in one sentence of conditions; shares nothing with the rules."""
    told_of = set(ask.categories)
    gates = (
        ask.is_authorised
        and ask.has_agreement
        and bool(told_of)
        and "counselling" not in told_of
        and ask.medium not in ("email", "sms", "push", "webhook")
        and ask.purpose not in ("proceeding", "research", "fundraising", "marketing", "unknown")
        and ask.relation != "group"
    )
    if not gates or ask.relation in ("internal", "patient"):
        return gates
    if ask.is_restricted and not ask.is_restriction_checked:
        return False
    if ask.purpose == "emergency":
        facts = ask.emergency
        return bool(facts and facts.at) and all(
            text.strip() for text in (facts.to, facts.affiliation, facts.nature, facts.by)
        )
    if consent is None or consent.missing or consent.ending or not consent.covers_referral:
        return False
    ends = {
        "date": bool(consent.expires_at) and ask.now < consent.expires_at,
        "event": not consent.is_event_over,
        "none": consent.purpose == "tpo",
    }
    return (
        ends[consent.expiry]
        and consent.signed_at <= ask.now
        and consent.patient == ask.patient
        and _who(consent.recipient) == _who(ask.recipient) is not None
        and consent.purpose == ask.purpose
        and not told_of - set(consent.categories)
        and (not ask.passes_on or (ask.is_covered_entity and consent.purpose == "tpo"))
    )


def _who(recipient: Recipient | None) -> Any:
    if recipient is None or recipient.name.startswith("my "):
        return None
    return recipient.organization or recipient.name.lower().replace(".", "").split()


def asks() -> Iterator[Ask]:
    """Yield every ask of the first product."""
    for *plain, passing in itertools.product(*ASKS.values()):
        told = dict(zip(ASKS, plain, strict=False))
        yield _ask(told, passing)


def _ask(told: dict, passing: tuple[bool, bool]) -> Ask:
    passes_on, is_covered = passing
    return Ask(patient=PATIENT, now=NOW, recipient=HERE, passes_on=passes_on,
               is_covered_entity=is_covered, **told)  # fmt: skip


@cache
def sorts_of_consent() -> tuple[Signed | None, ...]:
    """Give none, the sound one for each purpose, and each with one defect."""
    sound = [replace(SOUND, purpose=purpose) for purpose in CONSENTS["purpose"]]
    defects = [
        {"missing": frozenset({Element.SIGNATURE})},
        {"ending": Ending.REVOKED},
        {"expires_at": NOW},
        {"patient": SOMEBODY_ELSE},
        {"recipient": ELSEWHERE},
        {"categories": frozenset({Category.MEDICATION})},
        {"expiry": Expiry.NONE, "expires_at": None},
    ]
    return None, *sound, *(replace(one, **defect) for one in sound for defect in defects)


def signed(values: tuple) -> Signed:
    """Make a consent of one value for each side."""
    told = dict(zip(CONSENTS, values, strict=True))
    expiry, expires_at, is_event_over = told.pop("end")
    return Signed(expiry=expiry, expires_at=expires_at, is_event_over=is_event_over, **told)


def under(values: tuple) -> Ask:
    """Make an ask that passes all that stands before a consent."""
    purpose, categories, passing = values
    told = {"is_authorised": True, "has_agreement": True, "relation": Relation.OTHER,
            "purpose": purpose, "categories": categories, "medium": Medium.SCREEN}  # fmt: skip
    return _ask(told, passing)


def before_a_consent() -> Iterator[str]:
    """Yield what is wrong in the first product; its asks with each sort of consent."""
    for ask in asks():
        for consent in sorts_of_consent():
            yield from _compare(ask, consent)


def verdicts() -> tuple[np.ndarray, list[str]]:
    """Decide the second product; return yes and no by the sides of the consent, and complaints."""
    wrong: list[str] = []
    questions = [under(values) for values in itertools.product(*ASKED_UNDER.values())]
    shape = [*(len(values) for values in CONSENTS.values()), len(questions)]
    found = np.zeros(shape, dtype=bool)
    flat = found.reshape(-1)
    at = 0
    for values in itertools.product(*CONSENTS.values()):
        consent = signed(values)
        for ask in questions:
            flat[at] = decide(ask, consent).is_allowed
            if flat[at] != oracle(ask, consent):
                wrong.append(f"{ask} {consent}")
            at += 1
    return found, wrong


def weakened(found: np.ndarray) -> Iterator[str]:
    """Yield each weakening that opened a closed door somewhere in the second product."""
    for words, (side, pairs) in WEAKENINGS.items():
        axis = list(CONSENTS).index(side)
        for sounder, weaker in pairs:
            opened = found.take(weaker, axis) & ~found.take(sounder, axis)
            if opened.any():
                yield f"{words}: {int(opened.sum())} doors opened"


def missing_elements() -> Iterator[str]:
    """Yield what is wrong where any set of elements is missing, all others being sound."""
    ask = under((Purpose.COORDINATION, frozenset({Category.GROUPS}), (False, False)))
    for size in range(len(ELEMENTS) + 1):
        for lacking in itertools.combinations(ELEMENTS, size):
            consent = replace(SOUND, missing=frozenset(lacking))
            yield from _compare(ask, consent)
            decision = decide(ask, consent)
            if size and (decision.rule, decision.missing) != (
                Rule.CONSENT_DOES_NOT_HOLD,
                consent.missing,
            ):
                yield f"did not name {lacking}"


_TRAVELS = {Duty.AUDIT, Duty.ACCOUNT, Duty.NOTICE, Duty.SCOPE}


def _compare(ask: Ask, consent: Signed | None) -> Iterator[str]:
    decision = decide(ask, consent)
    if decision.is_allowed != oracle(ask, consent):
        yield f"{decision} {ask} {consent}"
    if decision.rule == Rule.CONSENTED and not decision.duties >= _TRAVELS:
        yield f"without notice: {ask}"


def whole() -> Iterator[Outcome]:
    """Enumerate all, and tell how many decisions agreed."""
    firsts = int(np.prod([len(v) for v in ASKS.values()])) * len(sorts_of_consent())
    wrong = list(before_a_consent())
    yield Outcome(
        "all that stands before a consent, with a consent of each sort",
        f"{firsts:,} decisions, {len(wrong)} unlike the oracle",
        is_met=not wrong,
    )
    found, wrong = verdicts()
    wrong += missing_elements()
    yield Outcome(
        "all that a consent can say, and all that is asked under it",
        f"{found.size + 2 ** len(ELEMENTS):,} decisions, {int(found.sum()):,} allowed, "
        f"{len(wrong)} unlike the oracle",
        is_met=not wrong,
    )
    opened = list(weakened(found))
    pairs = sum(len(pairs) for _side, pairs in WEAKENINGS.values())
    yield Outcome(
        f"{pairs} weakenings of every consent",
        "; ".join(opened) or "no refusal became a release",
        is_met=not opened,
    )
