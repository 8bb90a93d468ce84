"""What leaves the directory of one meeting, as plain values that every writer takes; no models."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from finder.feeds.record import PlaceRecord
from finder.schedule import Schedule

LISTS = ("types", "focus", "focus_no", "access", "access_no", "languages")


@dataclass(frozen=True, slots=True)
class Published:
    """One meeting as anyone may have it: no codes to get in, no person, no vague place's point.

    ``acceptance`` is the API's, by medication; empty where a community has not agreed.
    """

    id: int
    name: str
    program: str
    group_id: int
    group: str
    schedule: Schedule
    format: str
    address: str
    group_notes: str = ""
    group_website: str = ""
    entity: str = ""
    place: PlaceRecord | None = None
    # The place is shut on the day of the export.
    is_shut: bool = False
    types: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    focus_no: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    access_no: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    unknown_codes: tuple[str, ...] = ()
    notes: str = ""
    website: str = ""
    join_url: str = ""
    phone: str = ""
    updated_on: date | None = None
    acceptance: Mapping[str, Mapping] = field(default_factory=dict)

    def lists(self) -> dict[str, list[str]]:
        """Return the lists of codes, our own words for them."""
        return {name: list(getattr(self, name)) for name in LISTS}
