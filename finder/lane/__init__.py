"""The lane of service bodies: a secret link to see, confirm, answer and take out their groups."""

from finder.lane.links import find, groups_of, keep_email, make_link, revoke, welcome
from finder.lane.reminding import due, remind, stop_asking
from finder.lane.speaking import (
    Position,
    confirm,
    decide_statement,
    reply,
    state,
    take_out,
    withdraw_reply,
)

__all__ = [
    "Position",
    "confirm",
    "decide_statement",
    "due",
    "find",
    "groups_of",
    "keep_email",
    "make_link",
    "remind",
    "reply",
    "revoke",
    "state",
    "stop_asking",
    "take_out",
    "welcome",
    "withdraw_reply",
]
