"""A synthetic directory of any size for benchmarks; its shape is the demonstration's.

Groups are written from place to place along a curve that keeps neighbours together, so that
what is searched together lies together in the tables.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from itertools import islice
from random import Random

from django.db import connection, transaction

from finder import bulk, catalogue
from finder.copying import Blank, copy_rows, reserve_ids
from finder.demo.listings import SITE
from finder.demo.loading import DemoError
from finder.demo.shape import Deck, Dice, shape
from finder.geo import Point, z_order
from finder.models import Group, Locality, Meeting, Place, Program, Source
from finder.vocab import Focus, Format, MeetingType, ScheduleKind

MOST = 1_000_000
_GROUPS_AT_ONCE = 8000
_WRITTEN = (Place, Group, Meeting)
_FOCUS = {focus.value: 1 for focus in Focus}


@dataclass(frozen=True)
class Seeded:
    """How much was written."""

    groups: int
    meetings: int


@dataclass(frozen=True)
class Spot:
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
    spots = _spots()
    catalogue.load(catalogue.read())
    programs = dict(Program.objects.values_list("slug", "id"))
    source = Source.objects.create(
        slug=f"seed-{number}",
        name=f"Synthetic directory {number}",
        program_id=programs["aa"],
        terms="Invented; nothing in it is real.",
    )
    dice = Dice(f"seed/{number}")
    drawn = iter(_drawn(meetings, dice.random, spots))
    sower = _Sower(dice, programs, source.pk, today=today)
    with _without_history():
        while batch := list(islice(drawn, _GROUPS_AT_ONCE)):
            sower.write(batch)
    bulk.analyze(*_WRITTEN)
    return Seeded(sower.groups, meetings)


@contextmanager
def _without_history() -> Iterator[None]:
    """Switch the triggers of these tables off, until this transaction ends, for this one alone.

    Telling each trigger to do nothing costs as much as writing the row. No table may be altered
    while checks on it wait for the end of the transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in _WRITTEN:
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" DISABLE TRIGGER USER')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        yield
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for model in _WRITTEN:
            cursor.execute(f'ALTER TABLE "{model._meta.db_table}" ENABLE TRIGGER USER')
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def _spots() -> list[Spot]:
    """Every ZIP code, from neighbour to neighbour."""
    rows = Locality.objects.filter(kind="zip").order_by("key")
    spots = [Spot(*row) for row in rows.values_list("key", "state", "lat", "lng", "timezone")]
    if not spots:
        raise DemoError("The ZIP codes are not loaded. Run load_places first.")
    return sorted(spots, key=lambda spot: (z_order(Point(spot.lat, spot.lng)), spot.zip))


def _drawn(wanted: int, random: Random, spots: list[Spot]) -> Iterator[tuple[Spot, int]]:
    """Draw where each group meets and how often a week, together as often as wanted."""
    deck = Deck(shape()["meetings"])
    drawn: list[tuple[int, int]] = []
    left = wanted
    while left:
        times = min(int(deck.draw(random)), left)
        drawn.append((random.randrange(len(spots)), times))
        left -= times
    drawn.sort()
    return ((spots[index], times) for index, times in drawn)


class _Sower:
    """Invents rows of groups with their places and meetings, and writes them."""

    def __init__(self, dice: Dice, programs: dict[str, int], source: int, *, today: date) -> None:
        self.dice, self.random = dice, dice.random
        self.programs, self.source, self.today = programs, source, today
        made_at = datetime.combine(today, time(), UTC)
        self.blanks = {model: Blank(model, at=made_at) for model in _WRITTEN}
        self.decks = {name: Deck(value) for name, value in _decks().items()}
        self.groups = 0

    def write(self, batch: list[tuple[Spot, int]]) -> None:
        """Write one batch of drawn groups."""
        self.rows = {model: [] for model in self.blanks}
        self.ids = {Group: reserve_ids(Group, len(batch)), Place: reserve_ids(Place, len(batch))}
        self.ids[Meeting] = reserve_ids(Meeting, sum(times for _spot, times in batch))
        for spot, times in batch:
            self._group(spot, times)
        for model, blank in self.blanks.items():
            copy_rows(model._meta.db_table, blank.fields, self.rows[model])

    def _add(self, model: type, **values) -> int:
        number = next(self.ids[model])
        told = self.blanks[model].filled(id=number, source_id=self.source, **values)
        self.rows[model].append(told)
        return number

    def _draw(self, name: str) -> str:
        return self.decks[name].draw(self.random)

    def _checked(self) -> date | None:
        days = self.random.randrange(420)
        return self.today - timedelta(days=days) if self.dice.chance(60) else None

    def _group(self, spot: Spot, times: int) -> None:
        self.groups += 1
        key, checked = f"g{self.groups}", self._checked()
        name = f"{self._word('first_words')} {self._word('second_words')}"
        by = {"verified_on": checked, "verified_by": "synthetic" if checked else ""}
        group = self._add(
            Group,
            program_id=self.programs[self._draw("programs")],
            source_key=key,
            name=name,
            focus=[self._draw("focus")] if self.dice.chance(20) else [],
            languages=self.dice.languages(),
            **by,
        )
        format_ = self._draw("formats")
        place = self._place(spot) if format_ in (Format.IN_PERSON, Format.HYBRID) else None
        told = self._told_alike(format_, spot, key) | by
        for day in self._days(times):
            self._add(
                Meeting,
                group_id=group,
                place_id=place,
                source_key=f"{key}-{day}",
                slug=f"{key}-{day}",
                name=name,
                weekday=day,
                types=self._types(),
                **told,
            )

    def _days(self, times: int) -> list[int]:
        days: set[int] = set()
        while len(days) < times:
            days.add(int(self._draw("weekdays")))
        return sorted(days)

    def _word(self, name: str) -> str:
        return self.random.choice(shape()[name])

    def _place(self, spot: Spot) -> int:
        return self._add(
            Place,
            source_key=f"p{self.groups}",
            name=f"{self._word('first_words')} {self._draw('venues')}",
            address=f"{self.random.randrange(10, 990)} {self._word('streets')}",
            city="Invented",
            state=spot.state,
            zip=spot.zip,
            lat=round(spot.lat + self.random.uniform(-0.03, 0.03), 5),
            lng=round(spot.lng + self.random.uniform(-0.03, 0.03), 5),
            timezone=spot.timezone,
        )

    def _told_alike(self, format_: str, spot: Spot, key: str) -> dict:
        """What the meetings of one group have in common."""
        is_online = format_ in (Format.ONLINE, Format.HYBRID)
        return {
            "kind": ScheduleKind.WEEKLY.value,
            "start": time.fromisoformat(self._draw("starts")),
            "duration_minutes": int(self._draw("minutes")),
            "timezone": spot.timezone,
            "format": format_,
            "access": self.dice.some(shape()["access"]),
            "join_url": f"{SITE}/join/{key}" if is_online else "",
            "phone": "212-555-0100" if format_ == Format.PHONE else "",
        }

    def _types(self) -> list[str]:
        drawn = {self._draw("types") for _ in range(self.random.choice((1, 1, 2, 2, 3)))}
        return sorted(drawn - {MeetingType.CLOSED.value})


def _decks() -> dict[str, dict[str, int]]:
    names = ("weekdays", "programs", "formats", "starts", "minutes", "types", "venues")
    return {name: shape()[name] for name in names} | {"focus": _FOCUS}
