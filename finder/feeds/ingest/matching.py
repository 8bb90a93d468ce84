"""Finds, for each meeting of a feed, the one it was before; pure, over loaded rows.

The key counts first, then "same group, day, time and place or link" under another key. A key
that now names another meeting is not a match.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable

from finder.feeds import identity
from finder.feeds.identity import Gathering
from finder.feeds.ingest.values import Match, State
from finder.models import Meeting
from finder.vocab import Format


class _Known:
    """A meeting of the directory with the ways to know it again."""

    def __init__(self, meeting: Meeting) -> None:
        group, place = meeting.group, meeting.place
        self.meeting = meeting
        self.keys = {meeting.source_key, meeting.slug} - {""}
        names = {identity.name_key(meeting.name), identity.name_key(group.name)}
        if group.source_key.startswith("id:"):
            names.add(group.source_key)
        self.names = names - {""}
        self.spots = {
            identity.place_key(place) if place else "",
            identity.point_key(place.lat, place.lng) if place and not place.is_approximate else "",
            identity.link_key(meeting.join_url),
            identity.phone_key(meeting.phone, meeting.phone_code),
        } - {""}
        self.signatures = identity.signatures(
            names=self.names, weekday=meeting.weekday, start=meeting.start, places=self.spots
        )


class _Told:
    """A meeting of the feed with the ways to know it again."""

    def __init__(self, gathering: Gathering) -> None:
        record = gathering.record
        self.gathering = gathering
        self.keys = {record.key, record.slug, *gathering.keys} - {""}
        self.names = identity.names(record)
        self.spots = set(identity.spots(record)) - {""}
        self.signatures = identity.signatures(
            names=self.names, weekday=record.weekday, start=record.start, places=self.spots
        )


def match_all(gatherings: Iterable[Gathering], state: State) -> list[Match]:
    """Pair the feed with the directory; each meeting of either is used once at most."""
    known = [_Known(meeting) for meeting in state.meetings]
    told = [_Told(gathering) for gathering in gatherings]
    found: dict[int, _Known] = {}
    free = {id(each): each for each in known}
    by_key = _index(known, lambda each: each.keys)
    by_signature = _index(known, lambda each: each.signatures)
    passes = (
        (by_key, lambda each: each.keys, _same_meeting),
        (by_key, lambda each: each.keys, _same_people),
        (by_signature, lambda each: each.signatures, _same_format),
        (by_signature, lambda each: each.signatures, _any),
    )
    for index, ways, agrees in passes:
        for each in told:
            if id(each) in found:
                continue
            if hit := _first(each, index, ways, agrees, free):
                found[id(each)] = hit
                del free[id(hit)]
    return [_match(each, found.get(id(each))) for each in told]


def _index(known: list[_Known], ways: Callable) -> dict[object, list[_Known]]:
    index = defaultdict(list)
    for each in known:
        for way in ways(each):
            index[way].append(each)
    return index


def _first(told: _Told, index: dict, ways: Callable, agrees: Callable, free: dict) -> _Known | None:
    candidates = {
        id(each): each
        for way in ways(told)
        for each in index.get(way, ())
        if id(each) in free and agrees(told, each)
    }
    # Those still listed first, then the oldest: a retired twin stays retired.
    order = sorted(
        candidates.values(),
        key=lambda each: (each.meeting.retired_on is not None, each.meeting.pk),
    )
    return order[0] if order else None


def _same_meeting(told: _Told, known: _Known) -> bool:
    return bool(told.signatures & known.signatures)


def _same_people(told: _Told, known: _Known) -> bool:
    # A slug may be used again for another group: then neither the name nor the place agrees.
    return bool(told.names & known.names) or bool(told.spots & known.spots)


def _same_format(told: _Told, known: _Known) -> bool:
    return (told.gathering.record.format == Format.ONLINE) == (
        known.meeting.format == Format.ONLINE
    )


def _any(told: _Told, known: _Known) -> bool:
    return True


def _match(told: _Told, known: _Known | None) -> Match:
    if known is None:
        return Match(told.gathering)
    return Match(told.gathering, known.meeting, is_reidentified=not told.keys & known.keys)
