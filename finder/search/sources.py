"""Reads what listings are made of as light records, many at a time; it decides nothing.

A record answers by the same names as its model, and the questions it shares with the model are
the model's own. Making models of a whole directory takes most of the time it takes to index it.
"""

from collections import defaultdict, namedtuple
from collections.abc import Iterable

from django.db.models import Model, QuerySet

from finder.models import Assessment, Group, Meeting, MeetingException, Place, Program

_TAGS = ("focus", "focus_no", "access", "access_no", "languages", "languages_no")
_MEETING = ("pk", "group_id", "place_id", "name", "kind", "weekday", "start", "duration_minutes")
_MEETING += ("timezone", "rrule", "first_on", "format", "types", "notes", "join_url", "phone")
_MEETING += ("join_url_secret", "updated_on", "verified_on", *_TAGS)
_GROUP = ("pk", "program_id", "name", "notes", "needs_community_consent", "consent_on")
_GROUP += ("verified_on", *_TAGS)
_PLACE = ("pk", "name", "address", "city", "region", "state", "zip", "lat", "lng")
_PLACE += ("is_approximate", "closed_from", "closed_until")
_READING = ("group_id", "medication", "label", "basis", "lower", "newest_month", "has_caution")


class MeetingRecord(namedtuple("MeetingRecord", _MEETING)):
    """A meeting; its group, place, readings and exceptions are set when it is read."""

    is_in_person = Meeting.is_in_person


class GroupRecord(namedtuple("GroupRecord", _GROUP)):
    """A group; its program is set when it is read."""

    awaits_consent = Group.awaits_consent
    may_show_evidence = Group.may_show_evidence


PlaceRecord = namedtuple("PlaceRecord", _PLACE)
ReadingRecord = namedtuple("ReadingRecord", _READING)


def read(meetings: QuerySet) -> list[MeetingRecord]:
    """Return the records of these meetings, by id, in six queries."""
    found = [MeetingRecord._make(row) for row in meetings.order_by("pk").values_list(*_MEETING)]
    groups = _groups({meeting.group_id for meeting in found})
    places = _by_id(Place, PlaceRecord, {meeting.place_id for meeting in found})
    readings = _readings(groups)
    exceptions = defaultdict(list)
    ids = [meeting.pk for meeting in found]
    for exception in MeetingException.objects.filter(meeting_id__in=ids).order_by("on"):
        exceptions[exception.meeting_id].append(exception)
    for meeting in found:
        meeting.group = groups[meeting.group_id]
        meeting.place = places.get(meeting.place_id)
        meeting.readings = readings[meeting.group_id]
        meeting.exceptions = exceptions.get(meeting.pk, ())
    return found


def _groups(ids: Iterable[int]) -> dict[int, GroupRecord]:
    groups = _by_id(Group, GroupRecord, ids)
    programs = Program.objects.in_bulk({group.program_id for group in groups.values()})
    for group in groups.values():
        group.program = programs[group.program_id]
    return groups


def _by_id(model: type[Model], record: type[tuple], ids: Iterable[int]) -> dict[int, tuple]:
    rows = model._default_manager.filter(pk__in=ids).values_list(*record._fields)
    return {row[0]: record._make(row) for row in rows.iterator(chunk_size=5000)}


def _readings(ids: Iterable[int]) -> dict[int, dict[str, ReadingRecord]]:
    readings = defaultdict(dict)
    rows = Assessment.objects.filter(group_id__in=ids).values_list(*_READING)
    for row in map(ReadingRecord._make, rows.iterator(chunk_size=5000)):
        readings[row.group_id][row.medication] = row
    return readings
