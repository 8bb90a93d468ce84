"""What an invented directory is drawn from: weights and words of finder/data/demo.json."""

import json
from bisect import bisect
from dataclasses import dataclass
from datetime import time
from functools import cache
from itertools import accumulate
from pathlib import Path
from random import Random

from finder.vocab import Format, MeetingType

FILE = Path(__file__).parent.parent / "data" / "demo.json"


@dataclass(frozen=True)
class City:
    """A real ZIP code's point, on which invented groups are placed."""

    zip: str
    name: str
    state: str
    area_code: str
    # quiet (nobody was asked there), metro, town or rural
    role: str
    lat: float
    lng: float
    timezone: str


@cache
def shape() -> dict:
    """Read the file once."""
    return json.loads(FILE.read_text(encoding="utf-8"))


class Deck:
    """Weights made ready for many draws."""

    def __init__(self, weights: dict[str, int]) -> None:
        self.keys, self.sums = list(weights), list(accumulate(weights.values()))

    def draw(self, random: Random) -> str:
        """Choose one key by its weight."""
        return self.keys[bisect(self.sums, random.random() * self.sums[-1])]


class Dice:
    """Repeatable choices: the same name always falls the same way."""

    def __init__(self, name: str) -> None:
        self.random = Random(name)

    def pick(self, weights: dict[str, int]) -> str:
        """Choose one key by its weight."""
        return self.random.choices(list(weights), list(weights.values()))[0]

    def chance(self, percent: float) -> bool:
        """Come true so many times in a hundred."""
        return self.random.random() * 100 < percent

    def some(self, percents: dict[str, int]) -> list[str]:
        """Keep each key with its own chance."""
        return [key for key, percent in percents.items() if self.chance(percent)]

    def days(self, number: int) -> list[int]:
        """Choose different weekdays, Monday as 0, by their weight."""
        weights = dict(shape()["weekdays"])
        chosen: list[str] = []
        while len(chosen) < min(number, 7):
            day = self.pick(weights)
            del weights[day]
            chosen.append(day)
        return sorted(int(day) for day in chosen)

    def languages(self) -> list[str]:
        """Say what a group speaks: mostly not told, else English, and now and then another."""
        said = ["en"] if self.chance(60) else []
        return [*said, self.random.choice(shape()["languages"])] if self.chance(25) else said

    def start(self) -> time:
        """Choose a time of day."""
        return time.fromisoformat(self.pick(shape()["starts"]))

    def minutes(self) -> int:
        """Choose how long a meeting takes."""
        return int(self.pick(shape()["minutes"]))

    def types(self) -> list[str]:
        """Choose what happens in a meeting."""
        count = self.random.choice([1, 1, 2, 2, 3])
        chosen = {self.pick(shape()["types"]) for _ in range(count)}
        return [kind.value for kind in MeetingType if kind.value in chosen]

    def format(self, allowed: list[str]) -> Format:
        """Choose how people meet, among what the program does."""
        weights = shape()["formats"]
        possible = {name: weight for name, weight in weights.items() if name in allowed}
        return Format(self.pick(possible or {Format.ONLINE.value: 1}))
