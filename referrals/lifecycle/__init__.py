"""How plans are saved and referrals move: one table says which move may follow which state."""

from referrals.lifecycle.moves import MOVES, Move, Outsider, Who, open_moves
from referrals.lifecycle.moving import (
    Conflict,
    Refused,
    account_of,
    move,
    moves_for,
    reopen,
    role_of,
)
from referrals.lifecycle.planning import Choice, keep_needs, save_plan

__all__ = [
    "MOVES",
    "Choice",
    "Conflict",
    "Move",
    "Outsider",
    "Refused",
    "Who",
    "account_of",
    "keep_needs",
    "move",
    "moves_for",
    "open_moves",
    "reopen",
    "role_of",
    "save_plan",
]
