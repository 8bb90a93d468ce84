"""The directory's models, re-exported; import them from here."""

from finder.models.accounts import User
from finder.models.assessments import Assessment
from finder.models.evidence import DIMENSIONS, Evidence
from finder.models.geography import Locality
from finder.models.groups import Group, PrivateContact, Program
from finder.models.letters import Letter
from finder.models.listings import Listing
from finder.models.meetings import CREDENTIALS, Meeting, MeetingException, Place
from finder.models.outbox import Job, Worker
from finder.models.service_bodies import (
    BodyLink,
    GroupReply,
    GroupStatement,
    ServiceBody,
    StatementForm,
    link_ends,
)
from finder.models.sources import (
    FieldLock,
    ImportProblem,
    ImportRun,
    ImportStatus,
    Record,
    Source,
    Tombstone,
)
from finder.models.suggestions import (
    Salt,
    Suggestion,
    SuggestionKind,
    SuggestionMessage,
    SuggestionState,
    Tally,
)

__all__ = [
    "CREDENTIALS",
    "DIMENSIONS",
    "Assessment",
    "BodyLink",
    "Evidence",
    "FieldLock",
    "Group",
    "GroupReply",
    "GroupStatement",
    "ImportProblem",
    "ImportRun",
    "ImportStatus",
    "Job",
    "Letter",
    "Listing",
    "Locality",
    "Meeting",
    "MeetingException",
    "Place",
    "PrivateContact",
    "Program",
    "Record",
    "Salt",
    "ServiceBody",
    "Source",
    "StatementForm",
    "Suggestion",
    "SuggestionKind",
    "SuggestionMessage",
    "SuggestionState",
    "Tally",
    "Tombstone",
    "User",
    "Worker",
    "link_ends",
]
