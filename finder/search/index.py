"""The only writer of listings: what is kept of each searchable meeting, made of its sources."""

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, time
from types import SimpleNamespace
from typing import Any

from django.db import transaction
from django.db.models import Model, Q, QuerySet

from finder import bulk
from finder.models import Group, Listing, ListingText, Meeting, MeetingException, not_joined
from finder.schedule import Rule, RuleError, is_zone
from finder.search import rewriting, vocabulary
from finder.search.document import TIERS, Readings, build_document, read_acceptance
from finder.search.sources import MeetingRecord, read
from finder.search.words import note_words, place_words, tag_words, title_words
from finder.vocab import Format, Label, Medication, ScheduleKind, Status

BATCH = 2000


def _written(model: type[Model]) -> list[str]:
    fields = model._meta.concrete_fields
    return [field.name for field in fields if not field.primary_key and not field.generated]


_FIELDS, _TEXT_FIELDS = _written(Listing), _written(ListingText)


def refresh(meeting_ids: Iterable[int]) -> int:
    """Recompute the listings of these meetings; return how many can be found now."""
    ids = sorted(set(meeting_ids))
    kept = 0
    with transaction.atomic():
        for start in range(0, len(ids), BATCH):
            kept += _write(ids[start : start + BATCH])
    return kept


def rebuild() -> int:
    """Recompute every listing; return how many meetings can be found now.

    Span by span, in memory for a few. Called outside a transaction it never keeps a reader
    waiting and leaves fresh statistics and a fresh visibility map.
    """
    kept = sum(rewriting.each_span(_rewrite))
    vocabulary.recount()
    bulk.vacuum(Listing, ListingText)
    return kept


def _rewrite(span: rewriting.Span) -> int:
    return rewriting.rewrite(span, _rows_of)


def _rows_of(span: rewriting.Span) -> Iterator[tuple[Sequence[Any], Sequence[Any]]]:
    for listing, text in _contents_of(Meeting.objects.filter(id__range=span)):
        yield (
            [listing[field.attname] for field in rewriting.FIELDS[Listing]],
            [text[field.attname] for field in rewriting.FIELDS[ListingText]],
        )


def _write(ids: list[int]) -> int:
    """Write what differs from what is stored, so that an unchanged directory writes nothing."""
    rows = list(build(Meeting.objects.filter(id__in=ids)))
    stored = Listing.objects.select_related("text").defer("text__words").in_bulk([*ids])
    changed = [row for row in rows if _contents(row) != _contents(stored.pop(row.pk, None))]
    Listing.objects.filter(pk__in=list(stored)).delete()
    bulk.upsert(changed, unique=["meeting"], update=_FIELDS)
    bulk.upsert([row.text for row in changed], unique=["listing"], update=_TEXT_FIELDS)
    vocabulary.learn(row.text for row in changed)
    return len(rows)


def _contents(listing: Listing | None) -> list | None:
    # A listing without its text, as a killed writer may leave, differs from every other.
    text = getattr(listing, "text", None)
    return text and [
        *(getattr(listing, name) for name in _FIELDS),
        *(getattr(text, name) for name in _TEXT_FIELDS),
    ]


def build(meetings: QuerySet) -> Iterator[Listing]:
    """Yield the listings of those meetings that can be found, unsaved, in six queries."""
    for told, text in _contents_of(meetings):
        listing = Listing(**told)
        # Told to its listing too, which is written first.
        ListingText(listing=listing, **{n: text[n] for n in text if n != "listing_id"})
        yield listing


def _contents_of(meetings: QuerySet) -> Iterator[tuple[dict, dict]]:
    """Yield what the two tables hold of each meeting that can be found."""
    judged: dict[int, tuple[dict, dict]] = {}
    for meeting in read(meetings.filter(_may_be_found())):
        if _can_be_reached(meeting) and _has_schedule(meeting):
            group, readings = meeting.group, meeting.readings
            if group.pk not in judged:
                judged[group.pk] = _tiers(group, readings), read_acceptance(group, readings)
            yield _told(meeting, *judged[group.pk])


def _may_be_found() -> Q:
    return not_joined() & Q(
        status=Status.ACTIVE,
        group__status=Status.ACTIVE,
        group__merged_into=None,
        group__program__is_listed=True,
    )


def _can_be_reached(meeting: MeetingRecord) -> bool:
    """Say whether there is a way in: a place to go to, a link, or a number."""
    place = meeting.place
    if meeting.is_in_person and place and (place.lat is not None or place.address or place.city):
        return True
    return _has_link(meeting) or bool(meeting.phone)


def _has_link(meeting: MeetingRecord) -> bool:
    return bool(meeting.join_url or meeting.join_url_secret)


def _has_schedule(meeting: MeetingRecord) -> bool:
    if meeting.kind in (ScheduleKind.ALWAYS, ScheduleKind.APPOINTMENT):
        return True
    if meeting.start is None or not is_zone(meeting.timezone):
        return False
    if meeting.kind == ScheduleKind.WEEKLY:
        return meeting.weekday is not None
    try:
        return bool(Rule.parse(meeting.rrule, meeting.first_on))
    except RuleError:
        return False


def _told(meeting: MeetingRecord, tiers: dict, acceptance: dict) -> tuple[dict, dict]:
    group, program = meeting.group, meeting.group.program
    listing = {
        "meeting_id": meeting.pk,
        "group_id": group.pk,
        "program": program.slug,
        "model": program.model,
        "format": meeting.format,
        "has_link": _has_link(meeting),
        "has_phone": bool(meeting.phone),
        "types": sorted(set(meeting.types)),
        "verified_on": _verified_on(meeting),
        "sort_name": _folded(meeting.name)[:255],
        **{name: codes for field in _TAGS for name, codes in _merged(meeting, field)},
        **_times(meeting, meeting.exceptions),
        **_point(meeting),
        **tiers,
    }
    seen = SimpleNamespace(**listing)
    return listing, {
        "listing_id": meeting.pk,
        "title_words": title_words(meeting),
        "tag_words": tag_words(program, seen),
        "place_words": place_words(meeting),
        "note_words": note_words(meeting),
        "document": build_document(meeting, seen, acceptance),
    }


_TAGS = ("focus", "access", "languages")


def _merged(meeting: Meeting, field: str) -> Iterator[tuple[str, list[str]]]:
    """Yield what is known of a meeting: its own word first, then its group's."""
    group = meeting.group
    own = getattr(meeting, field), getattr(meeting, f"{field}_no")
    of_group = getattr(group, field), getattr(group, f"{field}_no")
    if not any((*own, *of_group)):
        # Most tags of most meetings: nobody said anything.
        yield from ((field, []), (f"{field}_no", []))
        return
    (yes, no), (group_yes, group_no) = map(set, own), map(set, of_group)
    yield field, sorted(yes | (group_yes - no))
    yield f"{field}_no", sorted(no - yes | (group_no - yes))


def _times(meeting: Meeting, exceptions: list[MeetingException]) -> dict:
    closures = _closures(meeting)
    has_times = meeting.kind in (ScheduleKind.WEEKLY, ScheduleKind.RULE)
    is_plain = meeting.kind == ScheduleKind.WEEKLY and not exceptions and not closures
    start = meeting.start.replace(second=0, microsecond=0) if has_times else None
    return {
        "kind": meeting.kind,
        "weekday": meeting.weekday if meeting.kind == ScheduleKind.WEEKLY else None,
        "start": start,
        "week_minute": _week_minute(meeting.weekday, start) if is_plain else None,
        "duration_minutes": meeting.duration_minutes if has_times else None,
        "timezone": meeting.timezone,
        "rrule": meeting.rrule if meeting.kind == ScheduleKind.RULE else "",
        "first_on": meeting.first_on if meeting.kind == ScheduleKind.RULE else None,
        "exceptions": [
            [e.on.isoformat(), e.start and e.start.isoformat("minutes")] for e in exceptions
        ],
        "closures": closures,
    }


def _week_minute(weekday: int, start: time) -> int:
    return weekday * 1440 + start.hour * 60 + start.minute


def _closures(meeting: Meeting) -> list[list[str | None]]:
    # While a place is shut, a hybrid meeting goes on online.
    place = meeting.place
    if meeting.format != Format.IN_PERSON or not place:
        return []
    if place.closed_from is None and place.closed_until is None:
        return []
    begins = place.closed_from or date.min
    return [[begins.isoformat(), place.closed_until and place.closed_until.isoformat()]]


def _point(meeting: Meeting) -> dict:
    place = meeting.place
    if not meeting.is_in_person or not place or place.lat is None:
        return {"lat": None, "lng": None, "is_approximate": False}
    if place.is_approximate:
        lat, lng = round(place.lat, 2), round(place.lng, 2)
        return {"lat": lat, "lng": lng, "is_approximate": True}
    return {"lat": place.lat, "lng": place.lng, "is_approximate": False}


_MEDICATIONS = tuple(Medication.values)
_TIERS = tuple(f"{name}_{told}" for name in _MEDICATIONS for told in ("tier", "lower"))


def _tiers(group: Group, readings: Readings) -> dict:
    """Tell the acceptance columns; all empty where the community has not agreed to be judged."""
    if not group.may_show_evidence:
        return dict.fromkeys(_TIERS)
    columns = {}
    for medication in _MEDICATIONS:
        reading = readings.get(medication)
        columns[f"{medication}_tier"] = TIERS[reading.label if reading else Label.NOT_KNOWN]
        columns[f"{medication}_lower"] = round(reading.lower, 6) if reading else 0.1
    return columns


def _verified_on(meeting: Meeting) -> date | None:
    """Return the newest of a person's confirmation and the feed's own date."""
    dates = (meeting.verified_on, meeting.group.verified_on, meeting.updated_on)
    return max((on for on in dates if on), default=None)


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c)).strip()
