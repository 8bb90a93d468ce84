"""The one box of the search page: what is typed there becomes parameters, and nothing is lost."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from django.core.exceptions import ValidationError
from django.db.models import Q

from finder.models import Locality
from finder.search.fields import check_text
from finder.search.folding import fold
from finder.search.params import Params, telling
from finder.search.reading import (
    Choice,
    City,
    Part,
    Reading,
    Takes,
    city_keys,
    names_medication,
    read,
    strange_words,
)
from finder.search.reading import Question as Asks
from finder.search.reading.places import LARGE
from finder.search.vocabulary import look_up

# The page sends this distance whether or not anybody chose it.
_UNCHOSEN = ("within", "25")


@dataclass(frozen=True)
class Box:
    """What was typed, as read; ``params`` asks for it, beside what was chosen.

    ``overruled`` are words that a choice in the form overrules. ``unused`` keeps everything that
    is still to be said or asked, so that an address can hold it in place of what was typed.
    """

    reading: Reading
    params: Params
    overruled: tuple[str, ...] = ()
    names_medication: bool = False
    # What was asked before it was read.
    asked: Params = field(default_factory=dict, hash=False)

    @property
    def is_sensitive(self) -> bool:
        """Say whether what was typed must stay out of addresses."""
        read = self.reading
        return self.names_medication or read.is_sensitive or bool(telling(read.params))

    @property
    def unused(self) -> tuple[str, ...]:
        """Return the words that became no parameter: set aside, overruled or asked about."""
        asked = [question.text for question in self.reading.questions]
        return (*self.overruled, *asked, *(text for text, _problem in self.reading.aside))

    def as_typed(self, word: str) -> Params:
        """Return what was asked with one word in quotation marks, so that it is not corrected."""
        text = self.asked["q"][0]
        return {**self.asked, "q": [text.replace(word, f'"{word}"', 1)]}

    def answered(self, question: Asks, choice: Choice) -> Params:
        """Return the parameters once a question is answered."""
        words = [*self.params.get("q", ()), *(w for w in self.unused if w != question.text)]
        params = {name: values for name, values in self.params.items() if name != "q"}
        for name, value in choice.pairs:
            params[name] = [*params.get(name, ()), value]
        return {**params, "q": [" ".join(words)]} if words else params

    @property
    def address(self) -> Params:
        """Return the parameters as they stand in an address, with the words to be spoken of."""
        if self.reading.corrected:
            return self.asked
        words = [*self.params.get("q", ()), *self.unused]
        return {**self.params, "q": [" ".join(words)]} if words else self.params


def read_box(asked: Mapping[str, Sequence[str]], *, programs: Iterable[Sequence[str]]) -> Box:
    """Read the words of ``asked`` in two queries at most; ``programs`` are slug, name, short name.

    A parameter that was chosen wins over words.
    """
    chosen = {name: list(values) for name, values in asked.items()}
    if not _can_be_read(chosen.get("q", [])):
        return Box(Reading(), chosen)
    (text,) = chosen.pop("q")
    found = read(text, _takes(text, programs))
    params, overruled = _together(chosen, found.parts)
    if found.rest:
        params["q"] = [found.rest]
    typed = {**chosen, "q": [text]}
    return Box(found, params, tuple(overruled), names_medication(text), typed)


def _can_be_read(texts: Sequence[str]) -> bool:
    """Leave to the filter set what it refuses, and nothing to read."""
    try:
        for text in texts:
            check_text(text)
    except ValidationError:
        return False
    return len(texts) == 1 and bool(texts[0].strip())


def _together(chosen: Params, parts: Iterable[Part]) -> tuple[Params, list[str]]:
    params, overruled = dict(chosen), []
    for part in parts:
        free = [
            name not in chosen or (name, chosen[name][-1]) == _UNCHOSEN for name, _ in part.pairs
        ]
        same = all(value in chosen.get(name, ()) for name, value in part.pairs)
        if not all(free):
            overruled += [] if same else [part.text]
            continue
        for name, value in part.pairs:
            values = [] if params.get(name) is chosen.get(name) else params[name]
            params[name] = values if value in values else [*values, value]
    return params, overruled


def _takes(text: str, programs: Iterable[Sequence[str]]) -> Takes:
    strange = strange_words(text)
    known = look_up(strange)
    return Takes(
        _names(tuple(map(tuple, programs))),
        _cities(city_keys(text), strange),
        known.used,
        known.alike,
    )


@lru_cache(maxsize=4)
def _names(programs: tuple[tuple[str, ...], ...]) -> dict[str, str]:
    return {fold(name): slug for slug, *others in programs for name in (slug, *others) if name}


def _cities(keys: set[str], strange: set[str]) -> dict[str, tuple[City, ...]]:
    """Return the cities of these names, and large ones that a strange word may be mistyped for."""
    meant = Q(key__in=keys)
    for beginning in {word[:2] for word in strange}:
        meant |= Q(key__startswith=beginning, zips__gte=LARGE)
    cities = defaultdict(list)
    found = Locality.objects.filter(meant, kind="city")
    for key, *city in found.values_list("key", "name", "state", "zips"):
        cities[key].append(City(*city))
    return {key: tuple(found) for key, found in cities.items()}
