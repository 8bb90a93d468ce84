"""Applies accepted values to a listing through curation: each is locked and has a name to it."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from finder import curation
from finder.geo import Point
from finder.models import Group, Meeting, Place, Program, User
from finder.search.places import PlaceError, locate, zone_at
from finder.vocab import Format, ScheduleKind

PLACE_FIELDS = ("place_name", "address", "city", "state", "zip", "place_notes")
POINT_FIELDS = ("lat", "lng")
MEETING_FIELDS = (
    *("name", "weekday", "start", "duration_minutes", "timezone", "format", "join_url"),
    *("phone", "website", "notes"),
)
GROUP_FIELDS = ("name", "website", "notes")
_PLACE_COLUMNS = {"place_name": "name", "place_notes": "notes"}
_KEPT_OF_PLACE = ("name", "address", "city", "region", "state", "zip", "country", "notes")


class CannotApply(Exception):
    """Something is missing to list a meeting; ``field`` names it."""

    def __init__(self, sentence: str, field: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.field = field


def change_meeting(
    meeting: Meeting, values: Mapping[str, Any], *, by: User, today: date, reason: str
) -> None:
    """Set the accepted values; a new address makes a new place, for others may share the old."""
    changed = [name for name in MEETING_FIELDS if name in values]
    for name in changed:
        setattr(meeting, name, values[name])
    if "join_url" in changed:
        # The old link with its password would be shown before the new one.
        meeting.join_url_secret = meeting.join_password = ""
        changed += ["join_url_secret", "join_password"]
    if any(name in values for name in PLACE_FIELDS):
        meeting.place = _new_place(meeting.place, values, by=by, today=today)
        changed.append("place")
    curation.correct(meeting, fields=changed, by=by, today=today, reason=reason)


def change_group(
    group: Group, values: Mapping[str, Any], *, by: User, today: date, reason: str
) -> None:
    """Set the accepted values of a group."""
    changed = [name for name in GROUP_FIELDS if name in values]
    for name in changed:
        setattr(group, name, values[name])
    curation.correct(group, fields=changed, by=by, today=today, reason=reason)


def add_meeting(
    values: Mapping[str, Any], *, program: Program, group: Group | None, by: User, today: date
) -> Meeting:
    """List a meeting that was not there, with its group when that is new too."""
    if group is None:
        group = Group(program=program, name=values["name"])
        curation.correct(group, fields=(), by=by, today=today)
    meeting = Meeting(group=group, kind=ScheduleKind.WEEKLY)
    for name in MEETING_FIELDS:
        if values.get(name) not in (None, ""):
            setattr(meeting, name, values[name])
    if meeting.format in (Format.IN_PERSON, Format.HYBRID):
        meeting.place = _new_place(None, values, by=by, today=today)
        meeting.timezone = meeting.place.timezone or meeting.timezone
    if not meeting.timezone:
        raise CannotApply(_("We do not know that place: say by which clock it starts."), "timezone")
    curation.correct(meeting, fields=(), by=by, today=today)
    return meeting


def _new_place(old: Place | None, values: Mapping[str, Any], *, by: User, today: date) -> Place:
    place = Place(timezone=(old.timezone if old else values.get("timezone")) or "")
    if old:
        for name in _KEPT_OF_PLACE:
            setattr(place, name, getattr(old, name))
    for name in PLACE_FIELDS:
        if name in values:
            setattr(place, _PLACE_COLUMNS.get(name, name), values[name])
    _set_point(place, old, values)
    curation.correct(place, fields=(), by=by, today=today)
    return place


def _set_point(place: Place, old: Place | None, values: Mapping[str, Any]) -> None:
    """Take the curator's point; else the old one if the address stayed; else that of the town."""
    if all(values.get(name) is not None for name in POINT_FIELDS):
        place.lat, place.lng = values["lat"], values["lng"]
        place.timezone = zone_at(Point(place.lat, place.lng))
        return
    if old and not {"address", "city", "state", "zip"} & set(values):
        place.lat, place.lng = old.lat, old.lng
        place.is_approximate = old.is_approximate
        return
    town = ", ".join(part for part in (place.city, place.state) if part)
    for text in filter(None, (place.zip, town)):
        try:
            found = locate(text)
        except PlaceError:
            continue
        place.lat, place.lng, place.is_approximate = found.point.lat, found.point.lng, True
        place.timezone = found.zone
        return
