"""Makes the columns of a snapshot from the listings in the database, as of one moment."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta

import numpy as np
from django.db import connection, transaction

from finder.acceptance import match_term
from finder.models import Assessment, Group, Listing, Program
from finder.schedule import next_start
from finder.search import version
from finder.search.candidates import UNKNOWN_READING, Reading, per_week
from finder.search.clock import epoch_minute
from finder.search.document import schedule_of
from finder.search.snapshot.columns import (
    ACCESS,
    FOCUS,
    GROUPS,
    MEDICATIONS,
    ROWS,
    Columns,
    ProgramFacts,
    cell_of,
)
from finder.search.snapshot.starts import NEVER
from finder.vocab import POSITIVE_LABELS, Basis, Format, MeetingType, ScheduleKind

# How many next starts are kept where weeks are not alike: more than a snapshot lives to see.
_AHEAD = 8
_REMOTE = (Format.ONLINE, Format.HYBRID, Format.PHONE)


def gather(*, now: datetime) -> Columns:
    """Read every listing once, in a few queries whatever the size."""
    is_outermost = not connection.in_atomic_block
    with transaction.atomic():
        if is_outermost:
            with connection.cursor() as cursor:
                cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        return _Gatherer(now).columns(version.current())


class _Gatherer:
    def __init__(self, now: datetime) -> None:
        self.now = now
        self.rows: dict[str, list] = {name: [] for name in ROWS}
        self.groups: dict[str, list] = {name: [] for name in GROUPS}
        self.zones: dict[str, int] = {}
        self.languages: dict[tuple, int] = {}
        self.ahead: list[list[int]] = []

    def columns(self, told_version: str) -> Columns:
        programs = list(Program.objects.order_by("pk"))
        self._add_groups({program.pk: place for place, program in enumerate(programs)}, programs)
        for listing in Listing.objects.only(*_LISTING).iterator(chunk_size=5000):
            self._add(listing)
        rows = {name: np.array(values, ROWS[name]) for name, values in self.rows.items()}
        rows, anywhere = _arranged(rows)
        return Columns(
            version=told_version,
            built_at=self.now.timestamp(),
            anywhere=anywhere,
            row=rows,
            group={name: np.array(values, GROUPS[name]) for name, values in self.groups.items()},
            ahead=np.array(self.ahead, np.int64).reshape(-1, _AHEAD),
            zones=tuple(self.zones),
            programs=tuple(
                ProgramFacts(
                    program.slug, program.model, program.is_secular, program.is_family,
                    frozenset(program.substances),
                )
                for program in programs
            ),
            languages=tuple(self.languages),
        )  # fmt: skip

    def _add_groups(self, places: dict[int, int], programs: list[Program]) -> None:
        readings = defaultdict(dict)
        told = Assessment.objects.only("group_id", "medication", "label", "basis", "lower")
        for each in told.iterator(chunk_size=5000):
            # As the document of a listing tells it.
            reading = replace(
                UNKNOWN_READING, label=each.label, basis=each.basis, lower=round(each.lower, 6)
            )
            readings[each.group_id][each.medication] = reading
        by_id = {program.pk: program for program in programs}
        self.places: dict[int, int] = {}
        self.languages_of: dict[int, tuple[list[str], list[str]]] = {}
        listed = Group.objects.filter(pk__in=Listing.objects.values("group_id"))
        for group in listed.order_by("pk").iterator(chunk_size=5000):
            self.places[group.pk] = len(self.places)
            self.languages_of[group.pk] = (group.languages, group.languages_no)
            group.program = by_id[group.program_id]
            self._add_group(group, places[group.program_id], readings.get(group.pk, {}))

    def _add_group(self, group: Group, program: int, readings: dict[str, Reading]) -> None:
        told = {
            "id": group.pk,
            "program": program,
            "own_focus": _bits(FOCUS, group.focus),
            "own_focus_no": _bits(FOCUS, group.focus_no),
            "may_show": group.may_show_evidence,
            "was_asked": any(each.basis == Basis.GROUP for each in readings.values()),
        }
        may_tell = readings if group.may_show_evidence else {}
        for medication in MEDICATIONS:
            reading = readings[medication] if medication in may_tell else UNKNOWN_READING
            told[f"{medication}_term"] = match_term(reading, group.program.slug)
            told[f"{medication}_positive"] = reading.label in POSITIVE_LABELS
        for name, value in told.items():
            self.groups[name].append(value)

    def _add(self, listing: Listing) -> None:
        format_ = listing.format
        if format_ == Format.IN_PERSON and listing.lat is None:
            # There is no way to it that anybody could weigh.
            return
        plain, schedule = listing.week_minute is not None, schedule_of(listing)
        is_other = not plain and schedule.has_times
        no_point = listing.lat is None
        told = {
            "meeting": listing.pk,
            "group": self.places[listing.group_id],
            "lat": np.nan if no_point else listing.lat,
            "lng": np.nan if no_point else listing.lng,
            "is_in_person": format_ in (Format.IN_PERSON, Format.HYBRID),
            "is_remote": format_ in _REMOTE,
            "is_online": format_ in (Format.ONLINE, Format.HYBRID) and listing.has_link,
            "is_phone": format_ != Format.IN_PERSON and listing.has_phone,
            "is_any_time": listing.kind in (ScheduleKind.ALWAYS, ScheduleKind.APPOINTMENT),
            "is_always": listing.kind == ScheduleKind.ALWAYS,
            "per_week": per_week(schedule),
            "zone": self.zones.setdefault(listing.timezone, len(self.zones)) if plain else 0,
            "week_minute": listing.week_minute if plain else -1,
            "duration": listing.duration_minutes or 60,
            "other": self._ahead_of(schedule) if is_other else -1,
            "focus": _bits(FOCUS, listing.focus),
            "focus_no": _bits(FOCUS, listing.focus_no),
            "access": _bits(ACCESS, listing.access),
            "access_no": _bits(ACCESS, listing.access_no),
            "is_beginner": MeetingType.BEGINNER in listing.types,
            "language": self._language_of(listing),
            "verified": listing.verified_on.toordinal() if listing.verified_on else 1,
            "cell": 0,
        }
        for name, value in told.items():
            self.rows[name].append(value)

    def _ahead_of(self, schedule) -> int:
        starts, since = [], self.now
        while len(starts) < _AHEAD and (at := next_start(schedule, since)):
            starts.append(epoch_minute(at))
            since = at + timedelta(minutes=1)
        self.ahead.append(starts + [NEVER] * (_AHEAD - len(starts)))
        return len(self.ahead) - 1

    def _language_of(self, listing: Listing) -> int:
        of_group, not_of_group = self.languages_of[listing.group_id]
        spoken = frozenset(listing.languages or of_group)
        not_spoken = frozenset(listing.languages_no) | frozenset(not_of_group)
        return self.languages.setdefault((spoken, not_spoken), len(self.languages))


_LISTING = ("group_id", "kind", "weekday", "start", "week_minute", "duration_minutes", "timezone")
_LISTING += ("rrule", "first_on", "exceptions", "closures", "format", "has_link", "has_phone")
_LISTING += ("lat", "lng", "focus", "focus_no", "access", "access_no", "languages")
_LISTING += ("languages_no", "types", "verified_on")


def _bits(numbers: dict[str, int], codes: Iterable[str]) -> int:
    return sum(numbers.get(code, 0) for code in set(codes))


def _arranged(rows: dict[str, np.ndarray]) -> tuple[dict[str, np.ndarray], int]:
    """Put rows in their order; return how many can be joined from anywhere, or their group can."""
    group, count = rows["group"], rows["group"].max(initial=-1) + 1
    from_anywhere = np.zeros(count, np.bool_)
    from_anywhere[group[rows["is_remote"]]] = True
    is_first = from_anywhere[group]
    has_point = ~np.isnan(rows["lat"])
    rows["cell"][has_point] = cell_of(rows["lat"][has_point], rows["lng"][has_point])
    rows["cell"][is_first] = 0
    order = np.lexsort((rows["meeting"], group, rows["cell"], ~is_first))
    return {name: values[order] for name, values in rows.items()}, int(is_first.sum())
