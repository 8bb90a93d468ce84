"""Whom to ask next: where one answer tells the most to the most people; it writes nothing."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, time, timedelta

from django.db.models import Max, Q, QuerySet

from finder.acceptance import expected_narrowing
from finder.asking.areas import REMOTE, Area, areas_of
from finder.geo import Point, distance_miles
from finder.models import (
    ANSWERS_GIVEN,
    Assessment,
    DrawnGroup,
    Group,
    Inquiry,
    InquiryOutcome,
    Listing,
)
from finder.vocab import Basis, Medication

MOST = 50
# Days before a group is asked again, by what came of it.
_REST = {
    InquiryOutcome.DECLINED: 180,
    InquiryOutcome.NO_POSITION: 180,
    InquiryOutcome.ANSWERED: 90,
    InquiryOutcome.WAITING: 30,
    InquiryOutcome.NOT_REACHED: 3,
}


@dataclass(frozen=True)
class Plan:
    """What a curator plans for: which groups, and near what."""

    program: str = ""
    state: str = ""
    near: Point | None = None
    within: float = 25
    # When the clinic's dosing ends: only meetings that one can reach after it.
    after: time | None = None
    sample: int | None = None


@dataclass(frozen=True)
class Prospect:
    """One group to ask, with what an answer is expected to bring."""

    group: Group
    area: str
    # People of the area for each group of it that anything is known of; listings where no
    # population was loaded.
    reach: float
    narrowing: float
    answers: float
    newest_month: date | None
    last_asked: date | None
    miles: float | None

    @property
    def gain(self) -> float:
        """The expected narrowing, times the people it is for, times the odds of an answer."""
        return self.reach * self.narrowing * self.answers


def plan(wanted: Plan, *, today: date) -> list[Prospect]:
    """Order groups by expected gain, the stalest first among equals; a fixed number of queries."""
    groups = {group.pk: group for group in _groups(wanted, today)}
    miles = _miles(wanted, list(groups))
    if wanted.near:
        groups = {pk: group for pk, group in groups.items() if pk in miles}
    areas = areas_of(groups)
    reach = _reach(areas)
    readings = _readings(groups)
    rates = _answer_rates()
    asked = _last_asked(groups)
    found = [
        Prospect(
            group=group,
            area=areas[pk].words if pk in areas else "",
            reach=reach.get(pk, 1.0),
            narrowing=_narrowing(readings[pk]),
            answers=rates[group.program_id],
            newest_month=max(
                (r.newest_month for r in readings[pk] if r.newest_month), default=None
            ),
            last_asked=asked.get(pk),
            miles=miles.get(pk),
        )
        for pk, group in groups.items()
    ]
    found.sort(key=lambda each: (-each.gain, each.newest_month or date.min, each.group.pk))
    return found[:MOST]


def _groups(wanted: Plan, today: date) -> QuerySet[Group]:
    rows = Group.objects.listed().filter(program__is_listed=True).select_related("program")
    if wanted.program:
        rows = rows.filter(program__slug=wanted.program)
    if wanted.state:
        rows = rows.filter(meetings__place__state=wanted.state).distinct()
    if wanted.sample:
        drawn = DrawnGroup.objects.filter(draw=wanted.sample).values("group")
        rows = rows.filter(pk__in=drawn)
    resting = Q()
    for outcome, days in _REST.items():
        resting |= Q(outcome=outcome, asked_on__gt=today - timedelta(days=days))
    rows = rows.exclude(pk__in=Inquiry.objects.filter(resting).values("group"))
    return (group for group in rows.order_by("pk") if not group.awaits_consent)


def _miles(wanted: Plan, groups: list[int]) -> dict[int, float]:
    if wanted.near is None:
        return {}
    rows = Listing.objects.filter(group_id__in=groups, lat__isnull=False)
    if wanted.after:
        rows = rows.filter(start__gte=wanted.after)
    found: dict[int, float] = {}
    for group, lat, lng in rows.values_list("group_id", "lat", "lng"):
        away = distance_miles(wanted.near, Point(lat, lng))
        if away <= wanted.within:
            found[group] = min(away, found.get(group, away))
    return found


def _reach(areas: dict[int, Area]) -> dict[int, float]:
    """Share the people of an area among the groups of it that are known, and one more."""
    known = Assessment.objects.filter(group__in=list(areas), basis=Basis.GROUP)
    known_ids = set(known.values_list("group_id", flat=True))
    groups = Counter(area.key for area in areas.values())
    told = Counter(area.key for pk, area in areas.items() if pk in known_ids)
    people = {area.key: area.people for area in areas.values() if area.people}
    # Where nobody counted, as many for each group as where somebody did.
    each = sum(people.values()) / sum(groups[key] for key in people) if people else 1.0
    shared = {
        key: people.get(key, count * each) / (told[key] + 1)
        for key, count in groups.items()
        if key != REMOTE
    }
    # Joined from anywhere: worth what a usual area is worth.
    shared[REMOTE] = sum(shared.values()) / len(shared) if shared else 1.0
    return {pk: shared[area.key] for pk, area in areas.items()}


def _readings(groups: Iterable[int]) -> dict[int, list[Assessment]]:
    found: dict[int, list[Assessment]] = defaultdict(list)
    for row in Assessment.objects.filter(group__in=list(groups)):
        found[row.group_id].append(row)
    return found


def _narrowing(readings: list[Assessment]) -> float:
    """Average over the three medications; one that was never read is as open as can be."""
    pairs = [(row.a, row.b) for row in readings]
    pairs += [(1.0, 1.0)] * (len(Medication) - len(pairs))
    return sum(expected_narrowing(a, b) for a, b in pairs) / len(pairs)


def _answer_rates() -> dict[int, float]:
    """Say how often groups of a program answer: half of them while nobody knows."""
    counts: dict[int, list[int]] = defaultdict(lambda: [1, 2])
    rows = Inquiry.objects.exclude(outcome=InquiryOutcome.WAITING)
    for program, outcome in rows.values_list("group__program", "outcome"):
        counts[program][0] += outcome in ANSWERS_GIVEN
        counts[program][1] += 1
    rates = defaultdict(lambda: 0.5)
    rates.update({program: given / asked for program, (given, asked) in counts.items()})
    return rates


def _last_asked(groups: Iterable[int]) -> dict[int, date]:
    rows = Inquiry.objects.filter(group__in=list(groups)).values("group")
    return {row["group"]: row["last"] for row in rows.annotate(last=Max("asked_on"))}
