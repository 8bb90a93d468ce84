"""Suggestions of visitors: opened, talked over, decided; only a curator's yes changes anything."""

from finder.suggestions.changes import CannotApply
from finder.suggestions.deciding import (
    AlreadyDecided,
    accept,
    decline,
    pause_listing,
    record_hearsay,
    resume_listing,
)
from finder.suggestions.opening import Told, open_suggestion
from finder.suggestions.queue import Waiting, waiting
from finder.suggestions.threads import answer, find, forget, say, sender_of_link_request

__all__ = [
    "AlreadyDecided",
    "CannotApply",
    "Told",
    "Waiting",
    "accept",
    "answer",
    "decline",
    "find",
    "forget",
    "open_suggestion",
    "pause_listing",
    "record_hearsay",
    "resume_listing",
    "say",
    "sender_of_link_request",
    "waiting",
]
