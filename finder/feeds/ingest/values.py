"""Plain values that pass between the parts of an import; no database."""

from dataclasses import dataclass, field
from enum import StrEnum

from finder.feeds.identity import Gathering
from finder.feeds.record import Problem
from finder.models import FieldLock, Group, Meeting, Place, Record

COUNTS = ("read", "created", "updated", "unchanged", "retired", "rejected", "repaired", "parked")


class ImportRefused(Exception):
    """The feed cannot be applied at all; the message is a sentence, and nothing was changed."""


class ImportBusy(ImportRefused):
    """Another import of the same source is under way; later is soon enough."""


class Fate(StrEnum):
    """What became of one row that was kept."""

    CREATED = "created"
    UPDATED = "updated"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an import did, or would do: one fate for each row, and meetings counted apart."""

    counts: dict[str, int]
    meetings: int
    problems: tuple[Problem, ...]
    parked_because: str = ""

    def document(self) -> dict:
        """Return what ``import_feed --json`` prints."""
        problems = [
            {"row": p.row, "field": p.field, "code": p.code, "message": p.message}
            for p in self.problems
        ]
        return {**self.counts, "meetings": self.meetings, "problems": problems}


@dataclass(slots=True)
class State:
    """What the directory holds of one source, before the import."""

    groups: list[Group] = field(default_factory=list)
    places: list[Place] = field(default_factory=list)
    meetings: list[Meeting] = field(default_factory=list)
    records: dict[int, Record] = field(default_factory=dict)
    locks: dict[tuple[str, int], dict[str, FieldLock]] = field(default_factory=dict)
    # Identities of groups that asked to be taken out.
    tombstones: frozenset[str] = frozenset()
    # Groups that another source lists too, since a merge.
    listed_elsewhere: frozenset[int] = frozenset()

    def locks_of(self, row: Group | Place | Meeting) -> dict[str, FieldLock]:
        """Return the locks on a row, by field."""
        return self.locks.get((row._meta.model_name, row.pk), {})

    def locked(self, row: Group | Place | Meeting) -> set[str]:
        """Return the fields of a row that a curator has the last word on."""
        return set(self.locks_of(row))


@dataclass(slots=True)
class Match:
    """One meeting of the feed and the one in the directory it was before, if any."""

    gathering: Gathering
    meeting: Meeting | None = None
    is_reidentified: bool = False


@dataclass(slots=True)
class Plan:
    """Every change an import would make; nothing is written yet."""

    new_groups: list[Group] = field(default_factory=list)
    new_places: list[Place] = field(default_factory=list)
    new_meetings: list[Meeting] = field(default_factory=list)
    changed_groups: list[Group] = field(default_factory=list)
    changed_places: list[Place] = field(default_factory=list)
    changed_meetings: list[Meeting] = field(default_factory=list)
    retired: list[Meeting] = field(default_factory=list)
    records: list[tuple[Meeting, Gathering]] = field(default_factory=list)
    fates: dict[int, Fate] = field(default_factory=dict)
    # What stood in a changed row, by the identity of the object.
    before: dict[int, dict[str, object]] = field(default_factory=dict)
    # Locks, whether the feed says other than their fields, and what.
    said_of_locks: list[tuple[FieldLock, bool, object]] = field(default_factory=list)
    # Groups whose being listed changed: their assessments are read anew.
    relisted_groups: list[Group] = field(default_factory=list)
