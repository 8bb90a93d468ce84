"""The values a reading speaks in: parts, questions and what could not be used."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

# A parameter of the search and its value.
Pair = tuple[str, str]


@dataclass(frozen=True)
class City:
    """A city by the name it is shown under, and how many ZIP codes it has: its size."""

    name: str
    state: str
    zips: int = 1

    def __str__(self) -> str:
        return f"{self.name}, {self.state}"


@dataclass(frozen=True)
class Takes:
    """What a reading may take for granted: the programs there are, and what is known of words.

    ``programs`` gives the slug of each folded name; ``cities`` those of each folded name.
    ``known_words`` are folded words that listings use, so no mistakes in typing; ``alike`` gives
    for others the words of listings that are most like them, best first.
    """

    programs: Mapping[str, str] = field(default_factory=dict)
    cities: Mapping[str, tuple[City, ...]] = field(default_factory=dict)
    known_words: frozenset[str] = frozenset()
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Part:
    """Words that were understood, and the parameters they stand for."""

    text: str
    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Choice:
    """One thing that ambiguous words may mean."""

    pairs: tuple[Pair, ...]


@dataclass(frozen=True)
class Question:
    """Words that may mean several things: the person says which."""

    text: str
    choices: tuple[Choice, ...]


class Problem(Enum):
    """Why words were set aside."""

    LEFT_OUT = "left_out"
    NEAR_ME = "near_me"
    SECOND_PLACE = "second_place"
    NO_PLACE = "no_place"
    TOO_MANY = "too_many"


@dataclass(frozen=True)
class Reading:
    """One query, read: everything typed is in one of these, but for small words.

    ``rest`` is what stays text; ``corrected`` pairs what was typed with what it was taken for.
    """

    parts: tuple[Part, ...] = ()
    questions: tuple[Question, ...] = ()
    aside: tuple[tuple[str, Problem], ...] = ()
    corrected: tuple[tuple[str, str], ...] = ()
    rest: str = ""

    @property
    def params(self) -> dict[str, list[str]]:
        """Return the parameters of all parts, each value once."""
        found: dict[str, list[str]] = {}
        for part in self.parts:
            for name, value in part.pairs:
                values = found.setdefault(name, [])
                if value not in values:
                    values.append(value)
        return found

    @property
    def is_sensitive(self) -> bool:
        """Say whether it names a medication, or asks which."""
        pairs = [pair for part in self.parts for pair in part.pairs]
        pairs += [pair for q in self.questions for choice in q.choices for pair in choice.pairs]
        return any(name == "medication" for name, _value in pairs)
