"""The values a search speaks in: origin, search, chips and results; no parsing and no SQL."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

import orjson

from finder.geo import Point
from finder.search.params import SENSITIVE, Params, telling, tells, without
from finder.search.reading import names_medication

DEFAULT_MILES = 25.0
DEFAULT_PAGE_SIZE = 20
MAX_PAGE_SIZE = 100
# A count is exact up to here; beyond it costs more than it tells.
COUNT_LIMIT = 10_000
# Each order with the kinds of its keys, all ascending; ties go by id.
KEYS: dict[str, tuple[type, ...]] = {
    "distance": (float, float),
    "next_start": (float,),
    "acceptance": (float, float, float),
    "relevance": (float,),
    "name": (str,),
}


@dataclass(frozen=True)
class Origin:
    """Where a person wants to go from: a point, its name and its zone.

    ``is_exact`` says that it came as coordinates, which tell more than a ZIP code does.
    """

    point: Point
    label: str
    zone: str
    is_exact: bool = False


@dataclass(frozen=True)
class Chip:
    """One condition of a search, and the parameters of the same search without it."""

    parameter: str
    label: str
    is_sensitive: bool
    without: Params = field(hash=False)


@dataclass(frozen=True)
class Cursor:
    """A place in an ordered list: the sort keys and id of the row it stands on."""

    keys: tuple[float | str, ...]
    meeting_id: int
    is_backward: bool = False


@dataclass(frozen=True)
class Search:
    """A valid question to the directory, with its words; ``query`` turns it into SQL.

    Minutes are minutes of the day in ``tz``, the viewer's zone.
    """

    now: datetime
    tz: str
    params: Params = field(default_factory=dict, hash=False)
    near: Origin | None = None
    within: float | None = None
    days: tuple[int, ...] = ()
    from_minute: int | None = None
    to_minute: int | None = None
    starts_within: int | None = None
    formats: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()
    models: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    medication: str = ""
    acceptance: tuple[str, ...] = ()
    words: str = ""
    sort: str = "next_start"
    # The best order, not one that was asked for: what may have changed comes later.
    weighs_freshness: bool = False
    # Each row then says where it stands and why.
    explains: bool = False
    page_size: int = DEFAULT_PAGE_SIZE
    cursor: Cursor | None = None
    # The state of the directory as whoever asks has just read it, so that it is not read twice.
    version: str = ""
    # Ties a cursor to its search.
    fingerprint: str = ""
    sentence: str = ""
    chips: tuple[Chip, ...] = ()

    @property
    def has_times(self) -> bool:
        """Say whether a day or a time was asked for."""
        asked = (self.from_minute, self.to_minute, self.starts_within)
        return bool(self.days) or any(value is not None for value in asked)

    @property
    def needs_starts(self) -> bool:
        """Say whether the next start of a listing decides whether or where it is shown."""
        by_start = ("next_start", "distance") + ("acceptance",) * self.weighs_freshness
        return self.has_times or self.sort in by_start

    @property
    def is_sensitive(self) -> bool:
        """Say whether it names a medication, an acceptance or coordinates."""
        exact = self.near is not None and self.near.is_exact
        named = self.medication or self.acceptance or names_medication(self.words)
        named = named or any(tells("program", slug) for slug in self.programs)
        return bool(named or exact or any(tells("model", code) for code in self.models))

    @property
    def link_params(self) -> Params:
        """The parameters that may stand in an address: without the sensitive ones."""
        exact = ("near",) if self.near is not None and self.near.is_exact else ()
        words = ("q",) if names_medication(self.words) else ()
        return without(self.params, *SENSITIVE, *telling(self.params), *exact, *words)


@dataclass(frozen=True)
class Results:
    """One page of answers; ``texts`` are the rows of the API as JSON."""

    count: int
    is_count_exact: bool
    texts: list[str]
    next_cursor: str | None
    previous_cursor: str | None
    notices: list[str]

    @cached_property
    def rows(self) -> list[dict]:
        """Exactly the rows of the API, read."""
        return orjson.loads(f"[{','.join(self.texts)}]")
