"""Reads the one box from left to right: at each word the longest thing that is known."""

from collections.abc import Iterable
from dataclasses import replace

from finder.search.folding import fold
from finder.search.reading import lexicon
from finder.search.reading.clocks import read_clock
from finder.search.reading.lexicon import MEANINGS, SINGLE, Meaning, starting
from finder.search.reading.places import find_place
from finder.search.reading.tokens import Token, cut
from finder.search.reading.typos import SHORTEST, is_near, nearest
from finder.search.reading.values import (
    Choice,
    Pair,
    Part,
    Problem,
    Question,
    Reading,
    Takes,
)

_MOST_MILES = 500


def read(text: str, takes: Takes | None = None) -> Reading:
    """Read a text; every word ends up in a part, a question, set aside, or as text."""
    reader = _Reader(text, takes or Takes())
    reader.run()
    return reader.reading()


def strange_words(text: str) -> set[str]:
    """Return the words that may be mistyped, unless listings use them."""
    return {t.word for t in cut(text) if len(t.word) >= SHORTEST and t.word not in lexicon.WORDS}


class _Reader:
    def __init__(self, text: str, takes: Takes) -> None:
        self.text, self.takes = text, takes
        self.programs = _programs(takes)
        self.meanings = MEANINGS | self.programs
        self.tokens = cut(text)
        self.typed = list(self.tokens)
        self.parts: list[Part] = []
        self.questions: list[Question] = []
        self.aside: list[tuple[str, Problem]] = []
        self.corrected: list[tuple[str, str]] = []
        self.rest: list[Token] = []
        # Words that only mean something beside a medication, and those that never do.
        self.beside: list[Token] = []
        self.noise: list[Token] = []

    def run(self) -> None:
        self._correct()
        at = 0
        while at < len(self.tokens):
            at += self._take(at)

    def _correct(self) -> None:
        known = _LONG_WORDS | _long_words(self.programs)
        cities = {key for key in self.takes.cities if " " not in key}
        for number, token in enumerate(self.tokens):
            strange = len(token.word) >= SHORTEST and token.word not in lexicon.WORDS
            if not strange or token.word in known | self.takes.known_words:
                continue
            if token.word in self.takes.cities or any(c.isdecimal() for c in token.word):
                continue
            # Names of cities are many, so only one slip is forgiven there.
            word = nearest(token.word, known) or nearest(token.word, cities, most=1)
            if word:
                self.tokens[number] = replace(token, word=word)

    def _take(self, at: int) -> int:
        if self.tokens[at].is_quoted:
            self.rest.append(self.tokens[at])
            return 1
        steps = (
            self._take_miles,
            self._take_clock,
            self._take_place_or_meaning,
            self._take_left_out,
            self._take_near_me,
            self._take_small_words,
        )
        for step in steps:
            if taken := step(at):
                return taken
        self.rest.append(self._as_listed(self.typed[at]))
        return 1

    def _as_listed(self, token: Token) -> Token:
        """Take a word that no listing uses for the one most like it that some do."""
        if token.word in lexicon.WORDS:
            return token
        alike = self.takes.alike.get(token.word, ())
        word = next((word for word in alike if is_near(token.word, word)), "")
        if not word:
            return token
        self.corrected.append((token.raw, word))
        return replace(token, raw=word, word=word)

    def _words(self, at: int, size: int | None = None) -> tuple[str, ...]:
        end = None if size is None else at + size
        return tuple(token.word for token in self.tokens[at:end])

    def _slice(self, at: int, size: int) -> str:
        return self.text[self.tokens[at].start : self.tokens[at + size - 1].end]

    def _take_miles(self, at: int) -> int:
        words = self._words(at, 6)
        taken = starting(words, lexicon.WITHIN)
        number = words[taken : taken + 1]
        if not number or not number[0].isdecimal() or not words[taken + 1 :]:
            return 0
        if words[taken + 1 : taken + 2] not in lexicon.MILES:
            return 0
        if not 0 < int(number[0]) <= _MOST_MILES:
            return 0
        return self._understood(at, taken + 2, (("within", str(int(number[0]))),))

    def _take_clock(self, at: int) -> int:
        words = self._words(at, 8)
        if self._meaning_size(words) > 1:
            return 0
        clock = read_clock(words)
        return self._understood(at, clock.size, clock.pairs) if clock else 0

    def _take_place_or_meaning(self, at: int) -> int:
        """Take the longer of a place and a phrase; where both fit, ask."""
        words = self._words(at, lexicon.LONGEST + 2)
        size = self._meaning_size(words)
        marker = 0 if size > 1 else starting(words, lexicon.NEAR)
        if marker:
            after = self.tokens[at + marker :]
            is_phrase = self._meaning_size(tuple(t.word for t in after[:6])) > 0
            place = find_place(after, self.takes, is_marked=not is_phrase)
            if place:
                return self._place(at, marker + place.size, place.name, place.choices)
        place = find_place(self.tokens[at:], self.takes, is_marked=False)
        if place and place.size > size:
            return self._place(at, place.size, place.name, place.choices)
        if not size:
            return 0
        meaning = self.meanings[words[:size]]
        if place and place.size == size and self._is_program(meaning):
            choices = place.choices or (Choice((("near", place.name),)),)
            return self._ask(at, size, (Choice(meaning.pairs), *choices))
        if meaning.choices:
            return self._ask(at, size, self._possible(meaning.choices))
        if meaning.pairs[0][0] == "near":
            return self._place(at, size, meaning.pairs[0][1], ())
        return self._understood(at, size, meaning.pairs)

    def _is_program(self, meaning: Meaning) -> bool:
        return any(name == "program" for name, _value in meaning.pairs)

    def _possible(self, choices: Iterable[Choice]) -> tuple[Choice, ...]:
        return tuple(choice for choice in choices if self._is_possible(choice.pairs))

    def _is_possible(self, pairs: Iterable[Pair]) -> bool:
        slugs, cities = set(self.takes.programs.values()), self.takes.cities
        return all(
            value in slugs
            if name == "program"
            else name != "near" or fold(value.partition(",")[0]) in cities
            for name, value in pairs
        )

    def _meaning_size(self, words: tuple[str, ...]) -> int:
        for size in range(min(len(words), lexicon.LONGEST + 2), 0, -1):
            meaning = self.meanings.get(words[:size])
            if meaning and self._is_possible(meaning.pairs):
                return size
        return 0

    def _place(self, at: int, size: int, name: str, choices: tuple[Choice, ...]) -> int:
        if any(pair[0] == "near" for part in self.parts for pair in part.pairs):
            self.aside.append((self._slice(at, size), Problem.SECOND_PLACE))
            return size
        if choices:
            return self._ask(at, size, choices)
        return self._understood(at, size, (("near", name),))

    def _ask(self, at: int, size: int, choices: tuple[Choice, ...]) -> int:
        if len(choices) < 2:
            pairs = choices[0].pairs if choices else ()
            if pairs:
                return self._understood(at, size, pairs)
            self.rest += self.typed[at : at + size]
            return size
        self._note_corrections(at, size)
        self.questions.append(Question(self._slice(at, size), choices))
        return size

    def _understood(self, at: int, size: int, pairs: tuple[Pair, ...]) -> int:
        self._note_corrections(at, size)
        taken = {name: value for part in self.parts for name, value in part.pairs}
        clash = [n for n, v in pairs if n in SINGLE and n in taken and taken[n] != v]
        if clash and {"from", "to"} & set(clash):
            return self._narrow(at, size, pairs)
        if clash:
            self.aside.append((self._slice(at, size), Problem.TOO_MANY))
        else:
            self.parts.append(Part(self._slice(at, size), pairs))
        return size

    def _narrow(self, at: int, size: int, pairs: tuple[Pair, ...]) -> int:
        """Let "8pm" say it more exactly than "night" did; two parts of the day are too many."""
        text = self._slice(at, size)
        number = next(n for n, part in enumerate(self.parts) if _has_times(part.pairs))
        old = self.parts[number]
        bands = {frozenset(lexicon.band_pairs(name)) for name in lexicon.BANDS}
        times = frozenset(pair for pair in old.pairs if pair[0] in ("from", "to"))
        new = frozenset(pair for pair in pairs if pair[0] in ("from", "to"))
        others = tuple(pair for pair in pairs if pair[0] not in ("from", "to"))
        if new in bands and times not in bands:
            self.parts[number] = replace(old, text=f"{old.text} {text}", pairs=old.pairs + others)
        elif times in bands and new not in bands:
            kept = tuple(pair for pair in old.pairs if pair[0] not in ("from", "to"))
            self.parts[number] = Part(f"{old.text} {text}", kept + pairs)
        else:
            self.aside.append((text, Problem.TOO_MANY))
        return size

    def _note_corrections(self, at: int, size: int) -> None:
        pairs = zip(self.tokens[at : at + size], self.typed[at : at + size], strict=True)
        self.corrected += [(typed.raw, new.word) for new, typed in pairs if new is not typed]

    def _take_left_out(self, at: int) -> int:
        words = self._words(at)
        taken = starting(words, lexicon.LEAVE_OUT)
        if not taken:
            return 0
        while words[taken:] and words[taken : taken + 1] in lexicon.NOISE:
            taken += 1
        if not words[taken:]:
            self.noise += self.typed[at : at + taken]
            return taken
        size = taken + (self._meaning_size(words[taken : taken + 6]) or 1)
        self.aside.append((self._slice(at, size), Problem.LEFT_OUT))
        return size

    def _take_near_me(self, at: int) -> int:
        taken = starting(self._words(at), lexicon.NEAR_ME)
        if taken:
            self.aside.append((self._slice(at, taken), Problem.NEAR_ME))
        return taken

    def _take_small_words(self, at: int) -> int:
        words = self._words(at, 5)
        for phrases, kept in ((lexicon.ACCEPTANCE, self.beside), (lexicon.NOISE, self.noise)):
            if taken := starting(words, phrases):
                kept += self.typed[at : at + taken]
                return taken
        return 0

    def reading(self) -> Reading:
        """Put together what was read."""
        self._settle_miles()
        rest = list(self.rest)
        found = Reading(tuple(self.parts), tuple(self.questions))
        if not found.is_sensitive:
            rest += [t for t in self.beside if (t.word,) not in lexicon.NOISE]
            self.noise += [t for t in self.beside if (t.word,) in lexicon.NOISE]
        if not (self.parts or self.questions or self.aside or rest):
            rest = list(self.noise)
        rest.sort(key=lambda token: token.start)
        words = [*[t.raw for t in rest], *self._beyond()] if self.typed else self.text.split()
        return replace(
            found,
            aside=tuple(self.aside),
            corrected=tuple(self.corrected),
            rest=" ".join(words),
        )

    def _beyond(self) -> list[str]:
        """Return what stands after the last word that was looked at."""
        beyond = self.text[self.typed[-1].end :].split() if self.typed else []
        return [word for word in beyond if any(c.isalnum() for c in word)]

    def _settle_miles(self) -> None:
        """A distance says nothing without a place; near me with a place says nothing more."""
        names = {name for part in self.parts for name, _value in part.pairs}
        asks_place = any(c.pairs[0][0] == "near" for q in self.questions for c in q.choices)
        if "within" in names and "near" not in names and not asks_place:
            lost = [part for part in self.parts if part.pairs[0][0] == "within"]
            self.parts = [part for part in self.parts if part not in lost]
            self.aside += [(part.text, Problem.NO_PLACE) for part in lost]
        if "near" in names:
            self.aside = [pair for pair in self.aside if pair[1] is not Problem.NEAR_ME]


def _has_times(pairs: Iterable[Pair]) -> bool:
    return any(name in ("from", "to") for name, _value in pairs)


def _long_words(meanings: Iterable[tuple[str, ...]]) -> frozenset[str]:
    return frozenset(word for phrase in meanings for word in phrase if len(word) >= SHORTEST)


_LONG_WORDS = _long_words(MEANINGS)


def _programs(takes: Takes) -> dict[tuple[str, ...], Meaning]:
    return {
        tuple(name.split()): Meaning((("program", slug),)) for name, slug in takes.programs.items()
    }
