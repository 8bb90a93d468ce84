"""Asking groups about medication: whom to ask next, what came of it, and the monthly figures."""

from finder.asking.figures import publish_figures
from finder.asking.inquiring import (
    Told,
    is_in_sample,
    note_answer,
    record_inquiry,
    withdraw_consent,
)
from finder.asking.planning import Plan, Prospect, plan
from finder.asking.sampling import draw_sample

__all__ = [
    "Plan",
    "Prospect",
    "Told",
    "draw_sample",
    "is_in_sample",
    "note_answer",
    "plan",
    "publish_figures",
    "record_inquiry",
    "withdraw_consent",
]
