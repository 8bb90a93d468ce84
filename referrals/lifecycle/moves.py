"""The table of moves: what may follow which state, who may do it, and what needs a reason."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from referrals.models import LIVE_STATES, State
from referrals.permissions import Permission


class Who(StrEnum):
    """In which standing someone moves a referral; one person may have several."""

    REFERRER = "referrer"
    WORKER = "worker"
    AUTHOR = "author"
    SUPERVISOR = "supervisor"
    PATIENT = "patient"
    SYSTEM = "system"
    # A member of the organization that a consent names.
    RECIPIENT = "recipient"


class Outsider(StrEnum):
    """Who acts without an account: the patient by their own link, or the passing of time."""

    PATIENT = "patient"
    SYSTEM = "system"


@dataclass(frozen=True)
class Move:
    """One thing that can happen to a referral."""

    name: str
    label: Promise
    sources: tuple[State, ...]
    target: State
    who: frozenset[Who]
    permission: Permission = Permission.MOVE_REFERRAL
    needs_reason: bool = False


_CLINIC = frozenset({Who.REFERRER, Who.WORKER})
_BOTH_SIDES = _CLINIC | {Who.PATIENT}
# How it went, as whoever works with the person knows it.
_WHOEVER_KNOWS = _BOTH_SIDES | {Who.RECIPIENT}
_UNDER_WAY = (State.OFFERED, State.AGREED, State.LINKED, State.MISSED, State.ATTENDED)
_ANY_TIME = (*_UNDER_WAY, State.PAUSED)
# A person may go before anyone wrote down that the paper was given.
_BEFORE_GOING = (State.DRAFT, State.OFFERED, State.AGREED, State.LINKED, State.MISSED)

MOVES: Mapping[str, Move] = {
    move.name: move
    for move in (
        Move(
            "offer",
            _("The handout was given"),
            (State.DRAFT,),
            State.OFFERED,
            # A peer worker gives no paper.
            frozenset({Who.REFERRER}),
        ),
        Move(
            "agree",
            _("They chose a meeting"),
            (State.DRAFT, State.OFFERED, State.MISSED, State.ATTENDED),
            State.AGREED,
            _BOTH_SIDES,
        ),
        Move("link", _("Someone will meet them"), (State.AGREED,), State.LINKED, _CLINIC),
        Move(
            "miss",
            _("They missed it"),
            (State.DRAFT, State.OFFERED, State.AGREED, State.LINKED),
            State.MISSED,
            _WHOEVER_KNOWS,
        ),
        Move("attend", _("They went"), _BEFORE_GOING, State.ATTENDED, _WHOEVER_KNOWS),
        Move("engage", _("They go regularly"), (State.ATTENDED,), State.ENGAGED, _WHOEVER_KNOWS),
        Move("pause", _("Pause"), _UNDER_WAY, State.PAUSED, _CLINIC, needs_reason=True),
        Move("resume", _("Take up again"), (State.PAUSED,), State.OFFERED, _CLINIC),
        Move(
            "close_as_poor_fit",
            _("Poor fit or bad experience"),
            _ANY_TIME,
            State.POOR_FIT,
            _WHOEVER_KNOWS,
            needs_reason=True,
        ),
        Move(
            "lose_contact",
            _("Lost contact"),
            _ANY_TIME,
            State.LOST_CONTACT,
            _CLINIC | {Who.SYSTEM},
            needs_reason=True,
        ),
        Move(
            "decline",
            _("They decline"),
            (State.DRAFT, *_ANY_TIME),
            State.DECLINED,
            _WHOEVER_KNOWS,
            needs_reason=True,
        ),
        Move(
            "withdraw",
            _("Withdraw"),
            LIVE_STATES,
            State.WITHDRAWN,
            _BOTH_SIDES | {Who.SUPERVISOR, Who.SYSTEM},
            Permission.CANCEL_REFERRAL,
            needs_reason=True,
        ),
        Move(
            "void",
            _("Entered in error"),
            LIVE_STATES,
            State.ENTERED_IN_ERROR,
            frozenset({Who.AUTHOR, Who.SUPERVISOR}),
            Permission.CANCEL_REFERRAL,
            needs_reason=True,
        ),
    )
}


def open_moves(state: str) -> tuple[Move, ...]:
    """Return the moves that may follow a state, whoever makes them."""
    return tuple(move for move in MOVES.values() if state in move.sources)
