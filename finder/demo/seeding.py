"""A synthetic directory of any size for benchmarks; its shape is the demonstration's."""

from dataclasses import dataclass
from datetime import date, timedelta

import pgtrigger
from django.db import transaction

from finder import bulk, catalogue
from finder.demo.listings import SITE
from finder.demo.loading import DemoError
from finder.demo.shape import Dice, shape
from finder.models import Group, Locality, Meeting, Place, Program, Source
from finder.vocab import Focus, Format, MeetingType, ScheduleKind

MOST = 1_000_000
_BATCH = 5_000
_FOCUS = {focus.value: 1 for focus in Focus}


@dataclass(frozen=True)
class Seeded:
    """How much was written."""

    groups: int
    meetings: int


@dataclass(frozen=True)
class Point:
    """One ZIP code."""

    zip: str
    state: str
    lat: float
    lng: float
    timezone: str


@transaction.atomic
def seed(*, meetings: int, number: int, today: date) -> Seeded:
    """Write so many meetings; the same number gives the same directory.

    History is left out: nobody asks who changed a synthetic row.
    """
    if not 1 <= meetings <= MOST:
        raise DemoError(f"Ask for 1 to {MOST:,} meetings.")
    if Source.objects.filter(slug=f"seed-{number}").exists():
        raise DemoError(f"Seed {number} is loaded already. Choose another, or flush first.")
    points = _points()
    catalogue.load(catalogue.read())
    programs = {program.slug: program for program in Program.objects.all()}
    source = Source.objects.create(
        slug=f"seed-{number}",
        name=f"Synthetic directory {number}",
        program=programs["aa"],
        terms="Invented; nothing in it is real.",
    )
    with pgtrigger.ignore():
        return _write(meetings, Dice(f"seed/{number}"), programs, points, source, today=today)


def _points() -> list[Point]:
    rows = Locality.objects.filter(kind="zip").order_by("key")
    points = [Point(*row) for row in rows.values_list("key", "state", "lat", "lng", "timezone")]
    if not points:
        raise DemoError("The ZIP codes are not loaded. Run load_places first.")
    return points


def _write(
    wanted: int,
    dice: Dice,
    programs: dict[str, Program],
    points: list[Point],
    source: Source,
    *,
    today: date,
) -> Seeded:
    groups_made = meetings_made = 0
    while meetings_made < wanted:
        places: list[Place] = []
        groups: list[Group] = []
        meetings: list[Meeting] = []
        while len(meetings) < _BATCH and meetings_made + len(meetings) < wanted:
            groups_made += 1
            rows = _group(groups_made, dice, programs, points, source, today=today)
            left = wanted - meetings_made - len(meetings)
            places += rows[0]
            groups.append(rows[1])
            meetings += rows[2][:left]
        Place.objects.bulk_create(places)
        Group.objects.bulk_create(groups)
        Meeting.objects.bulk_create(meetings)
        meetings_made += len(meetings)
    bulk.analyze(Place, Group, Meeting)
    return Seeded(groups_made, meetings_made)


def _group(
    number: int,
    dice: Dice,
    programs: dict[str, Program],
    points: list[Point],
    source: Source,
    *,
    today: date,
) -> tuple[list[Place], Group, list[Meeting]]:
    """Invent one group with its place, if it has one, and its meetings."""
    random, point = dice.random, dice.random.choice(points)
    format_ = dice.format(list(shape()["formats"]))
    verified = today - timedelta(days=random.randrange(420)) if dice.chance(60) else None
    group = Group(
        program=programs[dice.pick(shape()["programs"])],
        source=source,
        source_key=f"g{number}",
        name=f"{random.choice(shape()['first_words'])} {random.choice(shape()['second_words'])}",
        focus=[dice.pick(_FOCUS)] if dice.chance(20) else [],
        languages=dice.languages(),
        verified_on=verified,
        verified_by="synthetic" if verified else "",
    )
    place = None
    if format_ in (Format.IN_PERSON, Format.HYBRID):
        place = Place(
            source=source,
            source_key=f"p{number}",
            name=f"{random.choice(shape()['first_words'])} {dice.pick(shape()['venues'])}",
            address=f"{random.randrange(10, 990)} {random.choice(shape()['streets'])}",
            city="Invented",
            state=point.state,
            zip=point.zip,
            lat=round(point.lat + random.uniform(-0.03, 0.03), 5),
            lng=round(point.lng + random.uniform(-0.03, 0.03), 5),
            timezone=point.timezone,
        )
    meetings = _meetings(group, place, format_, point, dice)
    return ([place] if place else []), group, meetings


def _meetings(
    group: Group, place: Place | None, format_: Format, point: Point, dice: Dice
) -> list[Meeting]:
    start, minutes = dice.start(), dice.minutes()
    access = dice.some(shape()["access"])
    meetings = [
        Meeting(
            group=group,
            source=group.source,
            source_key=f"{group.source_key}-{day}",
            slug=f"{group.source_key}-{day}",
            name=group.name,
            kind=ScheduleKind.WEEKLY,
            weekday=day,
            start=start,
            duration_minutes=minutes,
            timezone=point.timezone,
            format=format_,
            place=place,
            types=[kind for kind in dice.types() if kind != MeetingType.CLOSED],
            access=access,
            verified_on=group.verified_on,
            verified_by=group.verified_by,
        )
        for day in dice.days(int(dice.pick(shape()["meetings"])))
    ]
    for meeting in meetings:
        if meeting.is_online:
            meeting.join_url = f"{SITE}/join/{group.source_key}"
        if format_ == Format.PHONE:
            meeting.phone = "212-555-0100"
    return meetings
