"""What a listing says: its public row and its schedule; who asks and when comes later."""

from collections.abc import Mapping
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

import orjson

from finder.models import Assessment, Group, Listing, Meeting
from finder.schedule import Schedule
from finder.vocab import Basis, Label, Medication, ScheduleKind, Weekday

# The order of labels, best first (the acceptance method, section 3).
TIERS = {label: tier for tier, label in enumerate(Label.values)}

# The stored readings of one group, by medication.
Readings = Mapping[str, Assessment]


def build_document(meeting: Meeting, listing: Listing, acceptance: dict[str, dict]) -> str:
    """Return as JSON what the API says of a meeting, but for what depends on who asks.

    ``acceptance`` is what read_acceptance gives for its group.
    """
    group, program = meeting.group, meeting.group.program
    document = {
        "id": meeting.pk,
        "name": meeting.name,
        "program": {"slug": program.slug, "name": program.name},
        "group": {"id": group.pk, "name": group.name},
        "day": None if listing.weekday is None else Weekday(listing.weekday).code,
        "time": listing.start and listing.start.isoformat("minutes"),
        "duration": listing.duration_minutes,
        "timezone": listing.timezone or None,
        "recurrence": _recurrence(listing),
        "format": meeting.format,
        "place": _place(meeting, listing),
        "languages": listing.languages,
        "focus": listing.focus,
        "access": listing.access,
        "acceptance": acceptance,
        "verified_on": listing.verified_on and listing.verified_on.isoformat(),
        "url": f"/meetings/{meeting.pk}/",
    }
    return orjson.dumps(document).decode()


def row_text(
    document: str, *, at: datetime | None, tz: ZoneInfo, distance: float | None, why: dict | None
) -> str:
    """Return a row of the API as JSON: the stored text, and what depends on who asks put last."""
    asked = {
        "next_start": at and at.astimezone(tz).isoformat(),
        "distance_miles": None if distance is None else round(distance, 2),
    }
    if why is not None:
        asked["why"] = why
    return f"{document[:-1]},{orjson.dumps(asked).decode()[1:]}"


def public_row(document: str, *, at: datetime | None, zone: str, distance: float | None) -> dict:
    """Return the row of the API for one viewer, from its stored text and its next start."""
    text = row_text(document, at=at, tz=ZoneInfo(zone), distance=distance, why=None)
    return orjson.loads(text)


def _recurrence(listing: Listing) -> str:
    """Say "weekly", "appointment" or "always", or give the rule itself (RFC 5545)."""
    return listing.rrule if listing.kind == ScheduleKind.RULE else listing.kind


def _place(meeting: Meeting, listing: Listing) -> dict | None:
    place = meeting.place
    if not meeting.is_in_person or not place:
        return None
    # An approximate place gets no point: a pin would send people to a wrong door.
    hidden = place.is_approximate
    return {
        "name": place.name,
        "address": place.address,
        "city": place.city,
        "state": place.state,
        "zip": place.zip,
        "lat": None if hidden else listing.lat,
        "lng": None if hidden else listing.lng,
        "approximate": place.is_approximate,
    }


def read_acceptance(group: Group, readings: Readings) -> dict[str, dict]:
    """Return what is said of a group for each medication; nothing unless it may be said.

    A Nation's groups agree first to be judged at all (tribal sovereignty).
    """
    if not group.may_show_evidence:
        return {}
    return {medication: _reading(readings.get(medication)) for medication in Medication.values}


def _reading(assessment: Assessment | None) -> dict:
    if assessment is None:
        return {
            "label": Label.NOT_KNOWN.value,
            "basis": Basis.PROGRAM.value,
            "lower_bound": 0.1,
            "newest_month": None,
            "caution": False,
        }
    month = assessment.newest_month
    return {
        "label": assessment.label,
        "basis": assessment.basis,
        "lower_bound": round(assessment.lower, 6),
        "newest_month": month and f"{month:%Y-%m}",
        "caution": assessment.has_caution,
    }


def schedule_of(listing: Listing) -> Schedule:
    """Read a listing's columns, or a row of the same names, back as a schedule."""
    return Schedule(
        kind=ScheduleKind(listing.kind),
        zone=listing.timezone,
        weekday=listing.weekday,
        start=listing.start,
        duration=listing.duration_minutes,
        rrule=listing.rrule,
        first_on=listing.first_on,
        exceptions=tuple(
            (date.fromisoformat(on), start and time.fromisoformat(start))
            for on, start in listing.exceptions
        ),
        closures=tuple(
            (date.fromisoformat(a), b and date.fromisoformat(b)) for a, b in listing.closures
        ),
    )
