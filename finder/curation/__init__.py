"""What people decide about listings and evidence: each write names who did it."""

from finder.curation.code_mappings import UnknownCode, map_code, unknown_codes
from finder.curation.corrections import correct
from finder.curation.evidence import (
    EvidenceRefused,
    ask_for_reply,
    check_evidence,
    record_evidence,
    record_reply,
    review,
    withdraw,
)
from finder.curation.places import change_many, close_place, open_place
from finder.curation.reassessing import reassess
from finder.curation.standing import confirm, pause, resume, retire, take_out

__all__ = [
    "EvidenceRefused",
    "UnknownCode",
    "ask_for_reply",
    "change_many",
    "check_evidence",
    "close_place",
    "confirm",
    "correct",
    "map_code",
    "open_place",
    "pause",
    "reassess",
    "record_evidence",
    "record_reply",
    "resume",
    "retire",
    "review",
    "take_out",
    "unknown_codes",
    "withdraw",
]
