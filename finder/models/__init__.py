"""The directory's models, re-exported; import them from here."""

from finder.models.accounts import User
from finder.models.assessments import Assessment
from finder.models.evidence import DIMENSIONS, Evidence
from finder.models.geography import Locality
from finder.models.groups import Group, PrivateContact, Program
from finder.models.listings import Listing
from finder.models.meetings import CREDENTIALS, Meeting, MeetingException, Place
from finder.models.outbox import Job, Worker
from finder.models.sources import (
    FieldLock,
    ImportProblem,
    ImportRun,
    ImportStatus,
    Record,
    Source,
    Tombstone,
)

__all__ = [
    "CREDENTIALS",
    "DIMENSIONS",
    "Assessment",
    "Evidence",
    "FieldLock",
    "Group",
    "ImportProblem",
    "ImportRun",
    "ImportStatus",
    "Job",
    "Listing",
    "Locality",
    "Meeting",
    "MeetingException",
    "Place",
    "PrivateContact",
    "Program",
    "Record",
    "Source",
    "Tombstone",
    "User",
    "Worker",
]
