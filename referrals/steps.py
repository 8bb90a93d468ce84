"""The steps 0 to 10 of linkage as data, whose they are, and the fidelity they add up to.

Timko 2006 and Manning 2012 are where the steps come from: what works is a person and a date,
not a list. A person's own pages carry the forms; what a step sets in motion lives in linkage.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID, uuid4

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from finder.models import User
from referrals import audit
from referrals.models import Hand, Kind, Plan, Step
from referrals.permissions import Permission, allows, membership_of

HISTORY, CHOOSE, PREPARE, CALL, MEET, HANDOUT, REMIND, JOURNAL, FIRST, SECOND, CLOSE = range(11)


@dataclass(frozen=True)
class Kept:
    """One step: what it is, whose it is, and whether it counts towards fidelity."""

    number: int
    name: str
    label: Promise
    hand: Hand
    counts: bool = False


STEPS: Mapping[int, Kept] = {
    step.number: step
    for step in (
        Kept(HISTORY, "history", _("Ask about earlier groups"), Hand.PEER),
        Kept(CHOOSE, "choose", _("Explain and choose"), Hand.PRESCRIBER, counts=True),
        Kept(PREPARE, "prepare", _("Prepare for questions on medication"), Hand.PEER),
        Kept(CALL, "call", _("They call, with you beside them"), Hand.PEER, counts=True),
        Kept(MEET, "meet", _("Agree a meeting and who goes along"), Hand.PRESCRIBER, counts=True),
        Kept(HANDOUT, "handout", _("Give the handout"), Hand.PRESCRIBER),
        Kept(REMIND, "remind", _("Remind them the same evening"), Hand.PEER, counts=True),
        Kept(JOURNAL, "journal", _("They tell how it went"), Hand.PEER),
        Kept(FIRST, "first-check", _("First check-in, day 7"), Hand.PEER, counts=True),
        Kept(SECOND, "second-check", _("Second check-in, day 28"), Hand.PEER, counts=True),
        Kept(CLOSE, "close", _("Last check-in, day 84"), Hand.PEER),
    )
}
COUNTED = tuple(number for number, step in STEPS.items() if step.counts)


def fidelity(done: Iterable[int]) -> int:
    """Count the steps done that carry the effect, out of six (COUNTED).

    >>> fidelity([0, 1, 1, 4, 7])
    2
    """
    return len(set(done) & set(COUNTED))


def may_take(step: Kept, *, by: User) -> bool:
    """Say whether a step is this member's: a prescriber may do every one, a peer worker theirs."""
    membership = membership_of(by)
    if membership is None:
        return False
    wanted = Permission.PRESCRIBE_STEP if step.hand == Hand.PRESCRIBER else Permission.TAKE_STEP
    return allows(by, wanted, organization=membership.organization)


def role_of(by: User) -> str:
    """Name the role of a member, for the history."""
    return membership_of(by).role


def append(
    plan: Plan,
    step: Kept,
    *,
    details: dict,
    role: str,
    by: User | None,
    now: datetime,
    key: UUID | None = None,
) -> Step:
    """Write down that a step was done; the same ``key`` again is the same step."""
    key = key or uuid4()
    if same := plan.steps.filter(key=key).first():
        return same
    row = Step.objects.create(
        organization=plan.organization,
        plan=plan,
        number=step.number,
        details=details,
        role=role,
        by=by,
        at=now,
        key=key,
    )
    audit.record(Kind.STEP_DONE, target=row, by=by, organization=plan.organization)
    return row
