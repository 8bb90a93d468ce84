"""What people decide about listings and evidence: each write names who did it."""

from finder.curation.code_mappings import UnknownCode, map_code, unknown_codes
from finder.curation.corrections import correct
from finder.curation.duplicates import find_duplicates
from finder.curation.evidence import (
    EvidenceRefused,
    ask_for_reply,
    check_evidence,
    record_evidence,
    record_reply,
    review,
    withdraw,
)
from finder.curation.history import CannotRevert, Event, history_of, revert
from finder.curation.locks import (
    keep_ours,
    lock,
    lockable_fields,
    locks_of,
    row_of,
    take_theirs,
    unlock,
)
from finder.curation.merging import CannotMerge, keep_apart, merge, unmerge
from finder.curation.places import change_many, close_place, open_place
from finder.curation.reassessing import assess_unasked, reassess
from finder.curation.standing import confirm, pause, resume, retire, take_out

__all__ = [
    "CannotMerge",
    "CannotRevert",
    "Event",
    "EvidenceRefused",
    "UnknownCode",
    "ask_for_reply",
    "assess_unasked",
    "change_many",
    "check_evidence",
    "close_place",
    "confirm",
    "correct",
    "find_duplicates",
    "history_of",
    "keep_apart",
    "keep_ours",
    "lock",
    "lockable_fields",
    "locks_of",
    "map_code",
    "merge",
    "open_place",
    "pause",
    "reassess",
    "record_evidence",
    "record_reply",
    "resume",
    "retire",
    "revert",
    "review",
    "row_of",
    "take_out",
    "take_theirs",
    "unknown_codes",
    "unlock",
    "unmerge",
    "withdraw",
]
