"""What matching may choose from: groups near a place and those joined from anywhere.

Facts are handed over as they are known (yes, no, not known); judging them belongs to matching.
"""

from dataclasses import dataclass
from datetime import date, datetime

from finder.vocab import Fact


@dataclass(frozen=True)
class Slot:
    """When a meeting starts in the viewer's week; ``minute`` is of the day."""

    weekday: int
    minute: int
    duration: int | None


@dataclass(frozen=True)
class Facts:
    """Codes known to hold and codes known not to; any other code is not known."""

    yes: frozenset[str] = frozenset()
    no: frozenset[str] = frozenset()

    def of(self, code: str) -> Fact:
        """Answer yes, no or not known for one code."""
        if code in self.yes:
            return Fact.YES
        return Fact.NO if code in self.no else Fact.NOT_KNOWN


@dataclass(frozen=True)
class Reading:
    """The public reading of acceptance for one medication."""

    label: str
    basis: str
    lower: float
    newest_month: str | None
    has_caution: bool


@dataclass(frozen=True)
class CandidateMeeting:
    """One meeting of a candidate group; ``slot`` and ``next_start`` are None without set times."""

    id: int
    name: str
    kind: str
    format: str
    slot: Slot | None
    # Meetings in a usual week: 1, or less for a rule such as every second Tuesday.
    per_week: float
    next_start: datetime | None
    distance_miles: float | None
    has_link: bool
    has_phone: bool
    types: frozenset[str]
    focus: Facts
    access: Facts
    languages: Facts
    verified_on: date | None
    # The row of the API, with its place, for cards and handouts.
    row: dict

    @property
    def is_in_person(self) -> bool:
        return self.format in ("in_person", "hybrid")

    @property
    def is_online(self) -> bool:
        return self.format in ("online", "hybrid") and self.has_link


@dataclass(frozen=True)
class CandidateGroup:
    """A group with the meetings one could go to, and what is known of it."""

    id: int
    name: str
    program: str
    program_name: str
    model: str
    is_secular: bool | None
    is_family: bool
    prior_class: str
    # What the program is for, such as opioids; empty means any, or not said.
    substances: frozenset[str]
    focus: Facts
    access: Facts
    languages: Facts
    # One for each medication; empty when nothing may be shown of the group.
    acceptance: dict[str, Reading]
    verified_on: date | None
    meetings: tuple[CandidateMeeting, ...]


def candidates(
    *, lat: float, lng: float, miles: float, zone: str, now: datetime
) -> tuple[CandidateGroup, ...]:
    """Return the groups within so many miles and every group met online or by phone.

    A fixed number of queries. ``zone`` is the viewer's; slots are told in it.
    """
    raise NotImplementedError
