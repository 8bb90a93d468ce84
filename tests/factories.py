"""One maker for each model of the directory: keyword defaults, the least that is valid."""

from datetime import UTC, date, datetime, time
from itertools import count

from finder.models import (
    Assessment,
    Evidence,
    Group,
    Locality,
    Meeting,
    Place,
    Program,
    Source,
    User,
)
from finder.vocab import (
    Basis,
    EvidenceKind,
    EvidenceTarget,
    Format,
    Label,
    Medication,
    Model,
    ScheduleKind,
    Weekday,
)

TODAY = date(2026, 11, 2)
_numbers = count(1)


def make_user(**fields) -> User:
    """Make a person who signs in; ``password`` is hashed as usual."""
    number = next(_numbers)
    defaults = {"username": f"person{number}", "email": f"person{number}@example.org"}
    password = fields.pop("password", "a long enough password")
    return User.objects.create_user(**defaults | fields, password=password)


def make_program(**fields) -> Program:
    """Make an open 12-step program unless told otherwise."""
    number = next(_numbers)
    slug = fields.pop("slug", f"program-{number}")
    name = fields.pop("name", f"Program {number}")
    defaults = {"slug": slug, "name": name, "sort_key": name.casefold(), "model": Model.TWELVE_STEP}
    return Program.objects.create(**defaults | fields)


def make_source(**fields) -> Source:
    """Make a feed of a new program."""
    number = next(_numbers)
    defaults = {"slug": f"source-{number}", "name": f"Source {number}", "format": "meeting_guide"}
    if "program" not in fields:
        fields["program"] = make_program()
    return Source.objects.create(**defaults | fields)


def make_group(**fields) -> Group:
    """Make an active group of a new program."""
    if "program" not in fields:
        fields["program"] = make_program()
    return Group.objects.create(**{"name": f"Group {next(_numbers)}"} | fields)


def make_place(**fields) -> Place:
    """Make a hall in Springfield, Illinois."""
    defaults = {
        "name": "Walnut Hall",
        "address": "100 Walnut Street",
        "city": "Springfield",
        "state": "IL",
        "zip": "62701",
        "lat": 39.8,
        "lng": -89.65,
        "timezone": "America/Chicago",
    }
    return Place.objects.create(**defaults | fields)


def make_meeting(**fields) -> Meeting:
    """Make a weekly meeting on Monday at seven in the evening.

    In person in a new place, unless ``format`` or ``place`` says otherwise; an online or
    phone meeting gets a link or a number.
    """
    format_ = fields.get("format", Format.IN_PERSON)
    if "group" not in fields:
        fields["group"] = make_group()
    if "place" not in fields and format_ in (Format.IN_PERSON, Format.HYBRID):
        fields["place"] = make_place()
    return Meeting.objects.create(**_meeting_defaults(format_, fields) | fields)


def _meeting_defaults(format_: str, fields: dict) -> dict:
    place = fields.get("place")
    defaults = {
        "name": fields["group"].name,
        "kind": ScheduleKind.WEEKLY,
        "format": format_,
        "timezone": (place and place.timezone) or "America/Chicago",
    }
    if format_ in (Format.ONLINE, Format.HYBRID):
        defaults["join_url"] = "https://example.org/join"
    if format_ == Format.PHONE:
        defaults["phone"] = "217-555-0100"
    if fields.get("kind", ScheduleKind.WEEKLY) == ScheduleKind.WEEKLY:
        defaults |= {"weekday": Weekday.MONDAY, "start": time(19), "duration_minutes": 60}
    return defaults


def make_evidence(**fields) -> Evidence:
    """Make a reviewed call to a group about methadone, with every answer yes."""
    if "group" not in fields:
        fields["group"] = make_group()
    if fields.pop("is_reviewed", True) and "reviewed_by" not in fields:
        fields["reviewed_by"] = make_user()
        fields.setdefault("reviewed_at", datetime(2026, 11, 1, 12, tzinfo=UTC))
    defaults = {
        "kind": EvidenceKind.CLINICIAN_CALL,
        "target": EvidenceTarget.METHADONE,
        "on": TODAY,
        "attend": "yes",
        "speak": "yes",
        "service": "yes",
        "milestone": "yes",
        "sponsor": "yes",
        "no_pressure": "yes",
    }
    return Evidence.objects.create(**defaults | fields)


def make_assessment(**fields) -> Assessment:
    """Make the stored reading of a group nobody has asked, for methadone."""
    if "group" not in fields:
        fields["group"] = make_group()
    defaults = {
        "medication": Medication.METHADONE,
        "label": Label.NOT_KNOWN,
        "basis": Basis.PROGRAM,
        "a": 1.0,
        "b": 1.0,
        "mean": 0.5,
        "lower": 0.1,
        "upper": 0.9,
        "weight": 0.0,
        "assessed_on": TODAY,
    }
    return Assessment.objects.create(**defaults | fields)


def make_locality(**fields) -> Locality:
    """Make the ZIP code of downtown Springfield, Illinois."""
    defaults = {
        "kind": "zip",
        "name": "62701",
        "key": "62701",
        "state": "IL",
        "county": "Sangamon",
        "lat": 39.8,
        "lng": -89.65,
        "timezone": "America/Chicago",
    }
    return Locality.objects.create(**defaults | fields)
