"""GeoJSON (RFC 7946), written only: one feature for each meeting, a point where one may be told."""

from collections.abc import Iterable, Iterator
from datetime import datetime

import orjson

from finder.feeds.published import Published
from finder.vocab import ScheduleKind, Weekday


def write(meetings: Iterable[Published], *, now: datetime) -> Iterator[bytes]:
    """Write a collection of features, one on a line."""
    yield b'{"type":"FeatureCollection","features":['
    before = b"\n"
    for meeting in meetings:
        yield before + orjson.dumps(_feature(meeting))
        before = b",\n"
    yield b"\n]}\n"


def _feature(meeting: Published) -> dict:
    place = meeting.place
    has_point = place is not None and place.lat is not None
    point = {"type": "Point", "coordinates": [place.lng, place.lat]} if has_point else None
    return {
        "type": "Feature",
        "id": meeting.id,
        "geometry": point,
        "properties": _properties(meeting),
    }


def _properties(meeting: Published) -> dict:
    schedule, place = meeting.schedule, meeting.place
    return {
        "name": meeting.name,
        "program": meeting.program,
        "group": {"id": meeting.group_id, "name": meeting.group},
        "day": None if schedule.weekday is None else Weekday(schedule.weekday).code,
        "time": schedule.start and f"{schedule.start:%H:%M}",
        "duration": schedule.duration,
        "timezone": schedule.zone or None,
        "recurrence": schedule.rrule if schedule.kind == ScheduleKind.RULE else schedule.kind,
        "format": meeting.format,
        "closed_for_now": meeting.is_shut,
        "place": place
        and {
            "name": place.name,
            "address": place.address,
            "city": place.city,
            "state": place.state,
            "zip": place.zip,
            "approximate": place.is_approximate,
        },
        **meeting.lists(),
        "notes": meeting.notes,
        "website": meeting.website or meeting.group_website,
        "join_url": meeting.join_url,
        "phone": meeting.phone,
        "acceptance": meeting.acceptance,
        "verified_on": meeting.updated_on,
        "url": meeting.address,
    }
