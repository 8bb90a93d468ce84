"""Where groups meet and how many people live there, as far as asking needs it."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from finder.models import Locality, Meeting, Population, Rurality
from finder.vocab import Format

REMOTE = "remote"
_METRO = 3


@dataclass(frozen=True)
class Area:
    """Where one group meets: a county where ZIP codes are loaded, else what its place tells."""

    key: str
    words: str
    people: int | None
    rurality: str


_AFAR = Area(REMOTE, "", None, Rurality.REMOTE)


def areas_of(group_ids: Iterable[int]) -> dict[int, Area]:
    """Give the area of each group, by the place where it meets most; four queries."""
    places: dict[int, list[tuple[str, str, str]]] = defaultdict(list)
    rows = Meeting.objects.listed().filter(group_id__in=list(group_ids))
    columns = ("group_id", "format", "place__zip", "place__city", "place__state")
    for group, format_, zip_, city, state in rows.values_list(*columns).order_by("pk"):
        places[group]
        if format_ in (Format.IN_PERSON, Format.HYBRID) and (zip_ or city or state):
            places[group].append(((zip_ or "")[:5], city or "", state or ""))
    counties = _counties()
    people, rucc = _people(counties)
    found = {}
    for group, spots in places.items():
        if not spots:
            found[group] = _AFAR
            continue
        zip_, city, state = max(sorted(set(spots)), key=spots.count)
        county = counties.get(zip_)
        key = county or "|".join((city.casefold(), state))
        words = county or ", ".join(part for part in (city or zip_, state) if part)
        found[group] = Area(key, words, people.get(key), _rurality(rucc.get(key)))
    return found


def _counties() -> Mapping[str, str]:
    """Map ZIP codes to their county and state."""
    rows = Locality.objects.filter(kind="zip").exclude(county="")
    return {
        key: f"{county}, {state}"
        for key, county, state in rows.values_list("key", "county", "state")
    }


def _people(counties: Mapping[str, str]) -> tuple[dict[str, int], dict[str, int]]:
    people: dict[str, int] = defaultdict(int)
    rucc: dict[str, int] = {}
    for zip_, count, code in Population.objects.values_list("zip", "people", "rucc"):
        if county := counties.get(zip_):
            people[county] += count
            if code:
                rucc[county] = code
    return people, rucc


def _rurality(code: int | None) -> str:
    if code is None:
        return Rurality.NOT_KNOWN
    return Rurality.METRO if code <= _METRO else Rurality.NONMETRO
