"""The lane of service bodies: a secret link to see, confirm, answer and take out their groups."""

from finder.lane.links import find, groups_of, keep_email, make_link, revoke, welcome
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
    "find",
    "groups_of",
    "keep_email",
    "make_link",
    "reply",
    "revoke",
    "state",
    "take_out",
    "welcome",
    "withdraw_reply",
]
