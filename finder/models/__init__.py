"""The directory's models, re-exported; import them from here."""

from finder.models.accounts import User
from finder.models.asking import (
    ANSWERS_GIVEN,
    Draw,
    DrawnGroup,
    Inquiry,
    InquiryOutcome,
    InquiryRoute,
    MonthFigures,
    Rurality,
)
from finder.models.assessments import Assessment
from finder.models.cards import CARDS_LAST, CardSheet, PaperCard
from finder.models.changes import ImportChange, ParkedRow
from finder.models.code_mappings import MAPPED, CodeMapping
from finder.models.evidence import ANSWERS, DIMENSIONS, Evidence
from finder.models.geography import Locality, Population
from finder.models.groups import Group, PrivateContact, Program
from finder.models.letters import Letter
from finder.models.listings import DirectoryChange, Listing, ListingText
from finder.models.meetings import CREDENTIALS, Meeting, MeetingException, Place, not_joined
from finder.models.merges import DuplicatePair, Merge, PairState
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
from finder.models.words import ListedWord

__all__ = [
    "ANSWERS",
    "ANSWERS_GIVEN",
    "CARDS_LAST",
    "CREDENTIALS",
    "DIMENSIONS",
    "MAPPED",
    "Assessment",
    "BodyLink",
    "CardSheet",
    "CodeMapping",
    "DirectoryChange",
    "Draw",
    "DrawnGroup",
    "DuplicatePair",
    "Evidence",
    "FieldLock",
    "Group",
    "GroupReply",
    "GroupStatement",
    "ImportChange",
    "ImportProblem",
    "ImportRun",
    "ImportStatus",
    "Inquiry",
    "InquiryOutcome",
    "InquiryRoute",
    "Job",
    "Letter",
    "ListedWord",
    "Listing",
    "ListingText",
    "Locality",
    "Meeting",
    "MeetingException",
    "Merge",
    "MonthFigures",
    "PairState",
    "PaperCard",
    "ParkedRow",
    "Place",
    "Population",
    "PrivateContact",
    "Program",
    "Record",
    "Rurality",
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
    "not_joined",
]
