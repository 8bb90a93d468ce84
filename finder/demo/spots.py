"""Says which program has an invented group in which city; the groups themselves are listings'."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import time

from finder.demo.shape import City, Dice, shape
from finder.models import Program
from finder.vocab import Format


@dataclass(frozen=True)
class Wish:
    """A group to invent: its program and city; a fixed start means every evening."""

    slug: str
    city: City
    format: Format | None = None
    start: time | None = None
    is_always: bool = False


@dataclass(frozen=True)
class Spot:
    """A wish with its number and the program's row."""

    number: int
    program: Program
    wish: Wish

    @property
    def key(self) -> str:
        return f"g{self.number:04d}"

    @property
    def city(self) -> City:
        return self.wish.city

    @property
    def is_quiet(self) -> bool:
        return self.city.role == "quiet"


def spots(programs: dict[str, Program], cities: list[City]) -> list[Spot]:
    """Say which program has a group in which city; the rural ones have few, as in life."""
    left = dict.fromkeys(programs, shape()["other_programs"])
    left |= shape()["programs"] | shape()["invented_programs"]
    wishes = [*_quiet(cities), *_from_anywhere(cities), *_everywhere(cities), *_rest(left, cities)]
    chosen: list[Spot] = []
    for wish in wishes:
        if left[wish.slug] > 0:
            left[wish.slug] -= 1
            chosen.append(Spot(len(chosen) + 1, programs[wish.slug], wish))
    return chosen


def _quiet(cities: list[City]) -> Iterator[Wish]:
    """A city where nobody was asked; four of its groups meet in person every evening."""
    home = next(city for city in cities if city.role == "quiet")
    for number, slug in enumerate(shape()["quiet"]):
        if number < 4:
            yield Wish(slug, home, Format.IN_PERSON, time(19))
        else:
            yield Wish(slug, home)


def _from_anywhere(cities: list[City]) -> Iterator[Wish]:
    """Groups that anyone can join every evening, or at any hour, online or by phone."""
    by_zip = {city.zip: city for city in cities}
    for slug, zip_code, format_, start in shape()["from_anywhere"]:
        at = time.fromisoformat(start) if start else None
        yield Wish(slug, by_zip[zip_code], Format(format_), at, is_always=at is None)


def _everywhere(cities: list[City]) -> Iterator[Wish]:
    for number, city in enumerate(_one_of_each(cities)):
        match city.role:
            case "metro":
                slugs = ("aa", "na", ("smart", "lifering")[number % 2])
            case "town":
                slugs = ("aa", "na")
            case "rural":
                slugs = (("aa", "na", "celebrate-recovery")[number % 3],)
            case _:
                slugs = ()
        yield from (Wish(slug, city) for slug in slugs)


def _one_of_each(cities: list[City]) -> list[City]:
    return list({(city.name, city.state): city for city in reversed(cities)}.values())[::-1]


def _rest(left: dict[str, int], cities: list[City]) -> Iterator[Wish]:
    dice = Dice("rest")
    by_role = defaultdict(list)
    for city in cities:
        by_role[city.role].append(city)
    for slug, number in sorted(left.items()):
        for _ in range(number):
            yield Wish(slug, dice.random.choice(by_role[dice.pick({"metro": 75, "town": 25})]))
