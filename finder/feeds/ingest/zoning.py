"""Gives each record its time zone, from its point, its ZIP code, its town, or the default."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import cache

import zipcodes

from finder.feeds.record import MeetingRecord, Problem
from finder.feeds.text import fold
from finder.feeds.zones import zone_of
from finder.models import Locality
from finder.vocab import ScheduleKind, Status, Weekday


def with_zones(
    records: Iterable[MeetingRecord], *, default: str
) -> tuple[list[MeetingRecord], list[Problem]]:
    """Return the records with their zones; one with a time and no zone cannot be searched."""
    by_zip, by_town = _zip_lookup(), _town_lookup()
    zoned, problems = [], []
    for record in records:
        zone = zone_of(record, by_zip=by_zip) or _of_town(record, by_town) or default
        if zone or record.start is None:
            zoned.append(replace(record, timezone=zone))
            continue
        zoned.append(_without_time(record))
        problems.append(
            Problem(
                record.row,
                "timezone",
                "no_zone",
                "The time zone cannot be known; give --timezone. Kept, but not searchable.",
            )
        )
    return zoned, problems


def _without_time(record: MeetingRecord) -> MeetingRecord:
    day = f"{Weekday(record.weekday).name.capitalize()} " if record.weekday is not None else ""
    told = f"{day}{record.start:%H:%M}; the time zone is not known."
    return replace(
        record,
        kind=ScheduleKind.APPOINTMENT,
        weekday=None,
        start=None,
        duration_minutes=None,
        status=Status.INACTIVE,
        status_note=" ".join(filter(None, (record.status_note, told))),
    )


def _of_town(record: MeetingRecord, by_town: Callable[[str, str], str]) -> str:
    place = record.place
    if not place or place.country != "US" or not place.state:
        return ""
    return by_town(fold(place.city), place.state)


def _zip_lookup() -> Callable[[str], str]:
    @cache
    def known() -> dict[str, str]:
        return dict(Locality.objects.filter(kind="zip").values_list("key", "timezone"))

    @cache
    def zone(zip_: str) -> str:
        if not (zip_.isascii() and zip_.isdecimal() and len(zip_) == 5):
            return ""
        if zip_ in known():
            return known()[zip_]
        # The table may not be built yet on this machine.
        found = [] if known() else zipcodes.matching(zip_)
        return found[0]["timezone"] if found else ""

    return zone


def _town_lookup() -> Callable[[str, str], str]:
    @cache
    def known() -> tuple[dict[tuple[str, str], str], dict[str, set[str]]]:
        towns, states = {}, defaultdict(set)
        rows = Locality.objects.filter(kind="city").values_list("key", "state", "timezone")
        for key, state, zone in rows:
            towns[fold(key), state] = zone
            states[state].add(zone)
        return towns, states

    def zone(town: str, state: str) -> str:
        towns, states = known()
        # A state that lies in one zone tells it even without a town.
        zones = states.get(state, ())
        return towns.get((town, state)) or (next(iter(zones)) if len(zones) == 1 else "")

    return zone
