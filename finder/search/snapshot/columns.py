"""The columns of a snapshot, and the rows near a point.

Rows of groups that can be joined from anywhere come first, group by group; then those of groups
that meet in person alone, by cells of a quarter of a degree, so that what is near lies together.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from finder.geo import EARTH_MILES, Box, Point, boxes
from finder.vocab import Access, Focus, Medication

FOCUS = {code: 1 << bit for bit, code in enumerate(Focus.values)}
ACCESS = {code: 1 << bit for bit, code in enumerate(Access.values)}
MEDICATIONS = tuple(Medication.values)
CELLS_A_DEGREE = 4
CELLS_ROUND = 360 * CELLS_A_DEGREE
# What a row and a group are told by; in files each is an array of this kind.
ROWS = {
    "meeting": np.int64, "group": np.int32, "cell": np.int32,
    "lat": np.float64, "lng": np.float64, "is_in_person": np.bool_, "is_remote": np.bool_,
    "is_online": np.bool_, "is_phone": np.bool_, "is_any_time": np.bool_,
    "is_always": np.bool_, "per_week": np.float64, "zone": np.int16, "week_minute": np.int16,
    "duration": np.int16, "other": np.int32, "focus": np.int64, "focus_no": np.int64,
    "access": np.int32, "access_no": np.int32, "is_beginner": np.bool_, "language": np.int32,
    "verified": np.int32,
}  # fmt: skip
GROUPS = {
    "id": np.int64, "program": np.int32, "own_focus": np.int64, "own_focus_no": np.int64,
    "may_show": np.bool_, "was_asked": np.bool_,
} | {f"{name}_term": np.float64 for name in MEDICATIONS} | {
    f"{name}_positive": np.bool_ for name in MEDICATIONS
}  # fmt: skip


@dataclass(frozen=True)
class ProgramFacts:
    """What matching asks of a program."""

    slug: str
    model: str
    is_secular: bool | None
    is_family: bool
    substances: frozenset[str]


@dataclass(frozen=True, eq=False, repr=False)
class Columns:
    """Arrays by name, with the short lists that numbers in them point into.

    ``anywhere`` rows come first. ``languages`` holds (spoken, not spoken); ``ahead`` the next
    starts, as minutes of the epoch, of rows whose weeks are not alike.
    """

    version: str
    built_at: float
    anywhere: int
    row: dict[str, np.ndarray]
    group: dict[str, np.ndarray]
    ahead: np.ndarray
    zones: tuple[str, ...]
    programs: tuple[ProgramFacts, ...]
    languages: tuple[tuple[frozenset[str], frozenset[str]], ...]

    @cached_property
    def with_point(self) -> np.ndarray:
        """The rows that can be joined from anywhere and have a place too."""
        return np.flatnonzero(~np.isnan(self.row["lat"][: self.anywhere]))

    @cached_property
    def anywhere_groups(self) -> "Parted":
        """The groups of the first part."""
        return parted(self, slice(0, self.anywhere))

    @cached_property
    def id_ranks(self) -> np.ndarray:
        """The place of each group in the order of ids."""
        ranks = np.empty(len(self.group["id"]), np.int64)
        ranks[np.argsort(self.group["id"], kind="stable")] = np.arange(len(ranks))
        return ranks

    def distances(self, center: Point, miles: float) -> np.ndarray:
        """Miles to rows of the first part that lie within reach; infinity for the others."""
        found = np.full(self.anywhere, np.inf)
        rows = self.with_point
        lat, lng = self.row["lat"][rows], self.row["lng"][rows]
        inside = np.zeros(len(rows), np.bool_)
        for box in boxes(center, miles):
            inside |= _in_box(box, lat, lng)
        rows = rows[inside]
        away = _miles(center, lat[inside], lng[inside])
        found[rows] = np.where(away <= miles, away, np.inf)
        return found

    def near(self, center: Point, miles: float) -> tuple[np.ndarray, np.ndarray]:
        """Rows of the second part within reach, group by group, and their miles."""
        cells = self.row["cell"][self.anywhere :]
        parts = [
            np.arange(*np.searchsorted(cells, (first, last + 1)))
            for box in boxes(center, miles)
            for first, last in _cells(box)
        ]
        rows = np.concatenate(parts) + self.anywhere
        away = _miles(center, self.row["lat"][rows], self.row["lng"][rows])
        rows, away = rows[away <= miles], away[away <= miles]
        order = np.lexsort((self.row["meeting"][rows], self.row["group"][rows]))
        return rows[order], away[order]


@dataclass(frozen=True, eq=False, repr=False)
class Parted:
    """Rows by group: where groups begin, the place of each row's, and what is told of groups.

    ``verified`` is the newest day of the rows that can be joined from anywhere.
    """

    firsts: np.ndarray
    place: np.ndarray
    number: np.ndarray
    told: dict[str, np.ndarray]
    verified: np.ndarray


def parted(columns: Columns, rows: slice | np.ndarray) -> Parted:
    """Tell the groups of some rows, which go group by group."""
    group = columns.row["group"][rows]
    firsts = np.flatnonzero(np.diff(group, prepend=-1))
    number = group[firsts]
    is_remote, verified = columns.row["is_remote"][rows], columns.row["verified"][rows]
    return Parted(
        firsts=firsts,
        place=np.repeat(np.arange(len(firsts)), np.diff(firsts, append=len(group))),
        number=number,
        told={name: values[number] for name, values in columns.group.items()},
        verified=np.maximum.reduceat(np.where(is_remote, verified, 1), firsts),
    )


def cell_of(lat: np.ndarray, lng: np.ndarray) -> np.ndarray:
    """Number the cell of each point: eastward, then northward."""
    south = np.floor((lat + 90) * CELLS_A_DEGREE).astype(np.int32)
    west = np.floor((lng + 180) * CELLS_A_DEGREE).astype(np.int32)
    return south * CELLS_ROUND * 2 + west


def _cells(box: Box) -> list[tuple[int, int]]:
    """First and last cell of each band of a box."""
    corners = np.array([box.south, box.north]), np.array([box.west, box.east])
    first, last = cell_of(*corners).tolist()
    step, width = CELLS_ROUND * 2, (last - first) % (CELLS_ROUND * 2)
    return [(low, low + width) for low in range(first, last + 1, step)]


def _in_box(box: Box, lat: np.ndarray, lng: np.ndarray) -> np.ndarray:
    return (lat >= box.south) & (lat <= box.north) & (lng >= box.west) & (lng <= box.east)


def _miles(center: Point, lat: np.ndarray, lng: np.ndarray) -> np.ndarray:
    """As geo.distance_miles, for many points."""
    lat_a, lat_b = np.radians(center.lat), np.radians(lat)
    half_lng = np.radians(lng - center.lng) / 2
    h = np.sin((lat_b - lat_a) / 2) ** 2 + np.cos(lat_a) * np.cos(lat_b) * np.sin(half_lng) ** 2
    return 2 * EARTH_MILES * np.arcsin(np.minimum(1.0, np.sqrt(h)))
