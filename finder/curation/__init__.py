"""What people decide about listings and evidence: each write names who did it."""

from finder.curation.corrections import correct
from finder.curation.evidence import (
    EvidenceRefused,
    ask_for_reply,
    check_evidence,
    record_evidence,
    review,
    withdraw,
)
from finder.curation.reassessing import reassess
from finder.curation.standing import confirm, pause, resume, retire, take_out

__all__ = [
    "EvidenceRefused",
    "ask_for_reply",
    "check_evidence",
    "confirm",
    "correct",
    "pause",
    "reassess",
    "record_evidence",
    "resume",
    "retire",
    "review",
    "take_out",
    "withdraw",
]
