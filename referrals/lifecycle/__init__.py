"""How plans are saved and referrals move: one table says which move may follow which state."""

from referrals.lifecycle.moves import MOVES, Move, Outsider, Who, open_moves
from referrals.lifecycle.moving import Conflict, Refused, move, moves_for, reopen
from referrals.lifecycle.planning import Choice, save_plan

__all__ = [
    "MOVES",
    "Choice",
    "Conflict",
    "Move",
    "Outsider",
    "Refused",
    "Who",
    "move",
    "moves_for",
    "open_moves",
    "reopen",
    "save_plan",
]
