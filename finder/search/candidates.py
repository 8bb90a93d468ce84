"""What matching may choose from: groups near a place and those joined from anywhere.

Facts are handed over as they are known (yes, no, not known); judging them belongs to matching.
"""

from collections import defaultdict, namedtuple
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection

from finder.geo import Point, distance_miles
from finder.models import Group, Listing
from finder.schedule import Rule, Schedule, next_start, viewed
from finder.search.conditions import DISTANCE_SQL, conditions
from finder.search.document import public_row, schedule_of
from finder.search.values import Origin, Search
from finder.vocab import Fact, Format, ScheduleKind


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


# What is told of a medication nobody read the evidence on, or may not.
UNKNOWN_READING = Reading("not_known", "program", 0.0, None, False)


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


# The columns of a listing that a candidate meeting needs.
_COLUMNS = ["pk", "group_id", "kind", "weekday", "start", "duration_minutes", "timezone", "rrule"]
_COLUMNS += ["first_on", "exceptions", "closures", "format", "has_link", "has_phone", "lat", "lng"]
_COLUMNS += ["types", "focus", "focus_no", "access", "access_no", "languages", "languages_no"]
_COLUMNS += ["verified_on", "text__document"]
_Listed = namedtuple("_Listed", [name.removeprefix("text__") for name in _COLUMNS])
_WEEKS_IN_MONTH = 365.2425 / 12 / 7


# Matching weighs every candidate, so the many that anybody could join from anywhere are bounded:
# beyond REMOTE_ALL meetings, the best few of each program, format, language and weekday.
REMOTE_ALL, REMOTE_EACH, NEAR_GROUPS = 3000, 6, 2000
_CHOSEN = """
  WITH near AS (
    SELECT l.group_id FROM finder_listing l WHERE {near}
    GROUP BY l.group_id ORDER BY min({distance}), l.group_id LIMIT {near_groups}
  ), ranked AS (
    SELECT group_id, count(*) OVER () AS total, row_number() OVER (
      PARTITION BY program, format, languages, weekday
      ORDER BY least(methadone_tier, buprenorphine_tier, naltrexone_tier),
        verified_on DESC NULLS LAST, meeting_id) AS place
    FROM finder_listing WHERE format IN ('online', 'phone', 'hybrid')
  )
  SELECT group_id FROM near UNION
  SELECT group_id FROM ranked WHERE total <= {remote_all} OR place <= {remote_each}
"""


def candidates(
    *, lat: float, lng: float, miles: float, zone: str, now: datetime
) -> tuple[CandidateGroup, ...]:
    """Return the groups within so many miles and those met online or by phone.

    A hybrid meeting further away is one that is joined online. Four queries, whatever the size.
    ``zone`` is the viewer's; slots and rows are told in it. Ordered by group id.
    """
    chosen = _chosen(Point(lat, lng), miles, zone, now)
    return candidates_of(chosen, lat=lat, lng=lng, miles=miles, zone=zone, now=now)


def candidates_of(
    group_ids: Iterable[int], *, lat: float, lng: float, miles: float, zone: str, now: datetime
) -> tuple[CandidateGroup, ...]:
    """Return those of the groups that candidates() may hold, as it would tell them."""
    center = Point(lat, lng)
    meetings = defaultdict(list)
    listings = Listing.objects.filter(group_id__in=list(group_ids))
    # Rows, not objects: making those took a third of matching.
    for row in listings.order_by("pk").values_list(*_COLUMNS):
        listing = _Listed(*row)
        away = _distance(center, listing)
        if listing.format == Format.IN_PERSON and (away is None or away > miles):
            continue
        meetings[listing.group_id].append(_meeting(listing, away, zone, now))
    groups = Group.objects.filter(pk__in=list(meetings)).prefetch_related("program").order_by("pk")
    return tuple(_group(group, meetings[group.pk]) for group in groups)


def _chosen(center: Point, miles: float, zone: str, now: datetime) -> list[int]:
    around = Search(now=now, tz=zone, near=Origin(center, "", zone), within=miles)
    near_by = conditions(around)
    sql = _CHOSEN.format(
        near=near_by.plain,
        distance=DISTANCE_SQL,
        near_groups=NEAR_GROUPS,
        remote_all=REMOTE_ALL,
        remote_each=REMOTE_EACH,
    )
    with connection.cursor() as db:
        db.execute(sql, near_by.params)
        return [group_id for (group_id,) in db.fetchall()]


def _distance(center: Point, listing: _Listed) -> float | None:
    if listing.lat is None:
        return None
    return distance_miles(center, Point(listing.lat, listing.lng))


def _meeting(listing: _Listed, away: float | None, zone: str, now: datetime) -> CandidateMeeting:
    schedule = schedule_of(listing)
    at = next_start(schedule, now)
    row = public_row(listing.document, at=at, zone=zone, distance=away)
    slot = at and Slot(*viewed(at, zone), listing.duration_minutes)
    return CandidateMeeting(
        id=listing.pk,
        name=row["name"],
        kind=listing.kind,
        format=listing.format,
        slot=slot,
        per_week=per_week(schedule),
        next_start=at,
        distance_miles=away,
        has_link=listing.has_link,
        has_phone=listing.has_phone,
        types=frozenset(listing.types),
        focus=Facts(frozenset(listing.focus), frozenset(listing.focus_no)),
        access=Facts(frozenset(listing.access), frozenset(listing.access_no)),
        languages=Facts(frozenset(listing.languages), frozenset(listing.languages_no)),
        verified_on=listing.verified_on,
        row=row,
    )


def per_week(schedule: Schedule) -> float:
    """Return how often a meeting comes in a usual week."""
    if schedule.kind != ScheduleKind.RULE:
        return 1.0 if schedule.has_times else 0.0
    rule = Rule.parse(schedule.rrule, schedule.first_on)
    if rule.frequency == "WEEKLY":
        return len(rule.days) / rule.interval
    # A day of the month that is not counted comes every week of it.
    monthly = sum(1 if which else _WEEKS_IN_MONTH for which, _weekday in rule.days)
    return monthly / rule.interval / _WEEKS_IN_MONTH


def _group(group: Group, meetings: list[CandidateMeeting]) -> CandidateGroup:
    program = group.program
    acceptance = meetings[0].row["acceptance"]
    dates = [meeting.verified_on for meeting in meetings if meeting.verified_on]
    return CandidateGroup(
        id=group.pk,
        name=group.name,
        program=program.slug,
        program_name=program.name,
        model=program.model,
        is_secular=program.is_secular,
        is_family=program.is_family,
        prior_class=program.prior_class,
        substances=frozenset(program.substances),
        focus=Facts(frozenset(group.focus), frozenset(group.focus_no)),
        access=Facts(frozenset(group.access), frozenset(group.access_no)),
        languages=Facts(frozenset(group.languages), frozenset(group.languages_no)),
        acceptance={
            medication: Reading(
                label=reading["label"],
                basis=reading["basis"],
                lower=reading["lower_bound"],
                newest_month=reading["newest_month"],
                has_caution=reading["caution"],
            )
            for medication, reading in acceptance.items()
        },
        verified_on=max(dates, default=None),
        meetings=tuple(meetings),
    )
