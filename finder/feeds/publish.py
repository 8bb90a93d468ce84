"""Lets the directory out: which fields of which meetings anyone may have, in every format."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

from django.db.models import QuerySet

from finder.feeds import geojson, ical, meeting_guide, table, workbook
from finder.feeds.published import Published
from finder.feeds.record import PlaceRecord
from finder.models import Listing, Place
from finder.search.document import schedule_of
from finder.vocab import Status

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Format:
    """A format that the directory can be had in."""

    write: Callable[..., Iterator[bytes]]
    media_type: str
    suffix: str


FORMATS = {
    "meeting_guide": Format(meeting_guide.write, "application/json", "json"),
    "csv": Format(table.write, "text/csv; charset=utf-8", "csv"),
    "xlsx": Format(
        workbook.write, "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", "xlsx"
    ),
    "geojson": Format(geojson.write, "application/geo+json", "geojson"),
    "ical": Format(ical.write, "text/calendar; charset=utf-8", "ics"),
}


def export(name: str, ids: Iterable[int], *, now: datetime, site: str = "") -> Iterator[bytes]:
    """Write meetings piece by piece, so that any number of them takes the same memory.

    ``site`` is where the pages are, such as https://finder.example.org.
    """
    return FORMATS[name].write(published(ids, now=now, site=site), now=now)


def all_ids(*, program: str = "") -> Iterator[int]:
    """Yield the ids of every meeting that can be found, or of those of one program."""
    listings = Listing.objects.order_by("pk")
    if program:
        listings = listings.filter(program=program)
    last = 0
    while ids := list(listings.filter(pk__gt=last).values_list("pk", flat=True)[:10_000]):
        yield from ids
        last = ids[-1]


def published(ids: Iterable[int], *, now: datetime, site: str = "") -> Iterator[Published]:
    """Yield what anyone may have of these meetings, in the order of the ids."""
    waiting = iter(ids)
    while some := list(islice(waiting, _AT_ONCE)):
        found = {listing.pk: listing for listing in _listings(some)}
        for pk in some:
            if pk in found and _may_leave(found[pk]):
                yield _published(found[pk], now=now, site=site)


def _listings(ids: list[int]) -> QuerySet:
    # Six look-ups by id, and no join: a plan that the server guesses wrong takes minutes.
    return (
        Listing.objects.filter(pk__in=ids)
        .with_document()
        .prefetch_related("meeting__group__program", "meeting__place")
    )


def _may_leave(listing: Listing) -> bool:
    """Say whether a meeting can still be found, whatever the index has not been told yet."""
    meeting = listing.meeting
    is_active = meeting.status == meeting.group.status == Status.ACTIVE
    return is_active and meeting.group.program.is_listed


def _published(listing: Listing, *, now: datetime, site: str) -> Published:
    """Choose the fields that leave: the one place where that is decided.

    Not here, and so nowhere: passwords and codes, contacts, sources, evidence.
    """
    meeting, schedule = listing.meeting, schedule_of(listing)
    group, document = meeting.group, listing.document
    return Published(
        id=meeting.pk,
        name=meeting.name,
        program=listing.program,
        group_id=group.pk,
        group=group.name,
        group_notes=group.notes,
        group_website=group.website,
        entity=group.entity,
        schedule=schedule,
        format=meeting.format,
        address=urljoin(site, document["url"]),
        place=_place(meeting.place) if meeting.is_in_person and meeting.place else None,
        is_shut=_is_shut(schedule, now),
        types=tuple(listing.types),
        focus=tuple(listing.focus),
        focus_no=tuple(listing.focus_no),
        access=tuple(listing.access),
        access_no=tuple(listing.access_no),
        languages=tuple(listing.languages),
        unknown_codes=tuple(meeting.unknown_codes),
        notes=meeting.notes,
        website=meeting.website,
        join_url=meeting.join_url,
        phone=meeting.phone,
        updated_on=listing.verified_on,
        # The index may not know yet that a community took its consent back.
        acceptance=document["acceptance"] if group.may_show_evidence else {},
    )


def _place(place: Place) -> PlaceRecord:
    # An approximate place gets no point: a pin would send people to a wrong door.
    hidden = place.is_approximate
    return PlaceRecord(
        name=place.name,
        address=place.address,
        city=place.city,
        region=place.region,
        state=place.state,
        zip=place.zip,
        country=place.country,
        notes=place.notes,
        lat=None if hidden else place.lat,
        lng=None if hidden else place.lng,
        is_approximate=place.is_approximate,
    )


def _is_shut(schedule, now: datetime) -> bool:
    zone = ZoneInfo(schedule.zone) if schedule.zone else now.tzinfo
    today = now.astimezone(zone).date()
    return any(a <= today and (b is None or today <= b) for a, b in schedule.closures)
