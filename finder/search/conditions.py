"""The conditions of a search on a listing as SQL, and which index leads to it; not the clock's."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Self

from finder.geo import EARTH_MILES, Box, boxes
from finder.search.document import TIERS
from finder.search.reading import all_words
from finder.search.values import Search
from finder.search.when import MEETS, NO_TIMES, TimeSql, stored_formats
from finder.vocab import Format

DISTANCE_SQL = f"""(2 * {EARTH_MILES!r} * asin(least(1, sqrt(
  power(sin(radians(l.lat - %(lat)s) / 2), 2) + cos(radians(%(lat)s)) * cos(radians(l.lat))
  * power(sin(radians(l.lng - %(lng)s) / 2), 2)))))"""
LISTINGS = "finder_listing l"
_IN_PERSON = "l.format IN ('in_person', 'hybrid')"
_NAME = re.compile(r"%\((\w+)\)s")
_NOWHERE = "box(point(999, 999), point(999, 999))"
_TSQUERY = "websearch_to_tsquery('mhg', %(words)s)"
# Words that say nothing alone ("the") ask for nothing.
_HAS_WORDS = f"""(numnode({_TSQUERY}) = 0 OR l.meeting_id = ANY(ARRAY(
  SELECT t.listing_id FROM finder_listingtext t WHERE t.words @@ {_TSQUERY})))"""
_RANK = f"""(SELECT ts_rank(t.words, {_TSQUERY}) FROM finder_listingtext t
  WHERE t.listing_id = l.meeting_id)"""
# The words lead: each text that has them once, with its rank, then its listing.
_LED_BY_WORDS = f"""(
    SELECT t.listing_id, ts_rank(t.words, asked.query) AS rank
    FROM (SELECT {_TSQUERY} AS query OFFSET 0) AS asked, finder_listingtext t
    WHERE t.words @@ asked.query
    UNION ALL SELECT meeting_id, 0 FROM finder_listing WHERE numnode({_TSQUERY}) = 0 OFFSET 0
  ) AS text CROSS JOIN LATERAL (
    SELECT *, text.rank FROM finder_listing one WHERE one.meeting_id = text.listing_id OFFSET 0
  ) AS l"""


@dataclass(frozen=True)
class Conditions:
    """What the listings ``l`` of a search must fulfil, and where they come from.

    ``plain`` is all of it on ``finder_listing l``. Else ``base`` leads, to what fulfils ``lead``:
    ``within`` are looked at first, and ``then`` once the distance ``away`` of each is worked out.
    ``rank`` is how well it matches the words. ``is_steady`` says that the index which leads is
    fixed by how this is written, so that one plan is right whatever the values.
    """

    plain: str
    params: dict
    within: str
    base: str = LISTINGS
    lead: str = "true"
    away: str = "NULL::float8"
    then: str = "true"
    rank: str = "NULL::float8"
    is_steady: bool = False

    def listings(self, times: TimeSql = NO_TIMES) -> str:
        """Return the listings with their distance and next start ``n``, and the last conditions.

        OFFSET 0 keeps the planner from working these out again for each place they are named.
        """
        # What starts soonest leads in place of the base, so it is asked for what that led to.
        base, within = self.base, self.within
        if times.soonest:
            base, within = times.soonest, _all_of([within, self.lead])
        return f"""(SELECT l.*, {self.away} AS away, {times.starts} AS n
          FROM {base} WHERE {within} OFFSET 0
        ) AS l WHERE {_all_of([self.then, *times.where])}"""

    def inside(self, found: Iterable[Box]) -> Self:
        """Return the same within any of these boxes, which lead where nothing else does."""
        params: dict = {}
        inside = _inside(found, params, "map")
        asked = replace(self, plain=_all_of([self.plain, inside]), params=self.params | params)
        if self.base != LISTINGS:
            return replace(asked, within=_all_of([self.within, inside]))
        return replace(asked, base=_led_by(inside), lead=inside, is_steady=True)

    def numbered(self, number: int) -> Self:
        """Return the same with a number before each value's name, to stand beside others."""
        changed = {
            name: _numbered(told, number)
            for name, told in vars(self).items()
            if isinstance(told, str)
        }
        params = {f"v{number}_{name}": value for name, value in self.params.items()}
        return replace(self, **changed, params=params)


@lru_cache(maxsize=4096)
def _numbered(told: str, number: int) -> str:
    return _NAME.sub(rf"%(v{number}_\1)s", told)


def conditions(search: Search) -> Conditions:
    """Return the conditions that do not depend on the clock, led by the place or by the words."""
    params: dict = {}
    codes, words = _codes(search, params), _words(search, params)
    if not search.near:
        codes = [*_formats(search, params), *codes]
        plain = _all_of([*codes, *words])
        if not words:
            return Conditions(plain, params, plain)
        return Conditions(
            plain, params, _all_of(codes), base=_LED_BY_WORDS, rank="l.rank", is_steady=True
        )
    inside, near = _place(search, params)
    here, afar = [_IN_PERSON, inside, near], _from_afar(search)
    if not afar:
        within = _all_of([_IN_PERSON, *codes, *words])
        return Conditions(
            _all_of([*here, *codes, *words]),
            params,
            within,
            base=_led_by(inside),
            lead=inside,
            away=DISTANCE_SQL,
            then="l.away <= %(miles)s",
            rank=_RANK,
            # How many texts have the words is what nobody knows before.
            is_steady=not words,
        )
    # Near means where one can go; who asks for online or phone gets those from anywhere.
    params["afar"] = afar
    joined = "l.format = ANY(%(afar)s)"
    if Format.IN_PERSON in search.formats:
        joined = f"({joined} OR ({_all_of(here)}))"
    plain = _all_of([joined, *codes, *words])
    away = f"CASE WHEN l.lat IS NOT NULL THEN {DISTANCE_SQL} END"
    return Conditions(plain, params, plain, away=away, rank=_RANK)


def _all_of(said: Iterable[str]) -> str:
    return " AND ".join(said) or "true"


def _codes(search: Search, params: dict) -> list[str]:
    where = []
    for name, column in (("programs", "program"), ("models", "model")):
        if getattr(search, name):
            where.append(f"l.{column} = ANY(%({name})s)")
            params[name] = list(getattr(search, name))
    for name, operator in (("focus", "@>"), ("languages", "&&"), ("access", "@>")):
        if getattr(search, name):
            where.append(f"l.{name} {operator} %({name})s::varchar[]")
            params[name] = list(getattr(search, name))
    if search.acceptance:
        where.append(f"l.{search.medication}_tier = ANY(%(tiers)s)")
        params["tiers"] = [TIERS[label] for label in search.acceptance]
    return where


def _words(search: Search, params: dict) -> list[str]:
    if not search.words:
        return []
    params["words"] = all_words(search.words)
    return [_HAS_WORDS]


def _formats(search: Search, params: dict) -> list[str]:
    if not search.formats:
        return []
    params["formats"] = stored_formats(search)
    return ["l.format = ANY(%(formats)s)"]


def _from_afar(search: Search) -> list[str]:
    """Return the stored formats that one joins from anywhere, as asked for."""
    return sorted(
        {f for asked in search.formats if asked != Format.IN_PERSON for f in MEETS[asked]}
    )


def _place(search: Search, params: dict) -> tuple[str, str]:
    """Return the prefilter by the index and the exact distance."""
    point = search.near.point
    params |= {"lat": point.lat, "lng": point.lng, "miles": search.within}
    inside = _inside(boxes(point, search.within), params, "box")
    return inside, f"{DISTANCE_SQL} <= %(miles)s"


def _inside(found: Iterable[Box], params: dict, name: str) -> str:
    """Return the condition that a listing lies within any of these boxes.

    An OR is read page by page through a bitmap of the index, which for the thousands of listings
    of a city is three times quicker than one by one; a single box is given nowhere as its other.
    """
    corners = [_NOWHERE]
    for number, box in enumerate(found):
        names = [f"{name}_{side}{number}" for side in ("west", "south", "east", "north")]
        params |= zip(names, (box.west, box.south, box.east, box.north), strict=True)
        west, south, east, north = (f"%({each})s" for each in names)
        corners.append(f"box(point({west}, {south}), point({east}, {north}))")
    told = " OR ".join(f"point(l.lng, l.lat) <@ {corner}" for corner in corners)
    return f"({told})"


def _led_by(inside: str) -> str:
    return f"(SELECT * FROM finder_listing l WHERE {inside} OFFSET 0) AS l"
