"""What every feed format speaks: meeting records, places and problems; no reading and no models."""

from dataclasses import dataclass, fields
from datetime import date, time

from finder.vocab import Format, ScheduleKind, Status


class FeedError(Exception):
    """A feed cannot be read at all; the message is a sentence for the person who sent it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that was wrong with one row, without quoting what may be personal."""

    row: int
    field: str
    code: str
    message: str


@dataclass(frozen=True, slots=True)
class PlaceRecord:
    """Where a row says that people meet."""

    name: str = ""
    address: str = ""
    city: str = ""
    region: str = ""
    state: str = ""
    zip: str = ""
    country: str = "US"
    notes: str = ""
    lat: float | None = None
    lng: float | None = None
    is_approximate: bool = False

    def public(self) -> dict:
        """Return the place as plain JSON values."""
        return {name: getattr(self, name) for name in PLACE_FIELDS}


@dataclass(frozen=True, slots=True)
class MeetingRecord:
    """One weekly gathering as a row describes it; a row with several days makes several."""

    row: int
    key: str
    slug: str
    name: str
    group_id: str = ""
    group_name: str = ""
    group_notes: str = ""
    group_website: str = ""
    entity: str = ""
    kind: ScheduleKind = ScheduleKind.APPOINTMENT
    weekday: int | None = None
    start: time | None = None
    duration_minutes: int | None = None
    timezone: str = ""
    format: Format = Format.IN_PERSON
    place: PlaceRecord | None = None
    types: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    focus_no: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    access_no: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    source_codes: tuple[str, ...] = ()
    unknown_codes: tuple[str, ...] = ()
    notes: str = ""
    website: str = ""
    join_url: str = ""
    join_url_secret: str = ""
    join_password: str = ""
    phone: str = ""
    phone_code: str = ""
    status: Status = Status.ACTIVE
    status_note: str = ""
    updated_on: date | None = None

    def public(self) -> dict:
        """Everything but the credentials, as plain JSON values."""
        values = {name: _plain(getattr(self, name)) for name in PUBLIC_FIELDS}
        return values | {"place": self.place.public() if self.place else None}

    def secrets(self) -> dict[str, str]:
        """Return the credentials that there are."""
        return {name: value for name in SECRET_FIELDS if (value := getattr(self, name))}

    @classmethod
    def restored(
        cls, public: dict, *, row: int, secrets: dict[str, str] | None = None
    ) -> "MeetingRecord":
        """Return the record that ``public`` and ``secrets`` were taken of."""
        told = {name: _restored(name, value) for name, value in public.items()}
        place = public["place"] and PlaceRecord(**public["place"])
        return cls(**told | {"row": row, "place": place} | (secrets or {}))


SECRET_FIELDS = ("join_url_secret", "join_password", "phone_code")
PLACE_FIELDS = tuple(field.name for field in fields(PlaceRecord))
PUBLIC_FIELDS = tuple(
    field.name
    for field in fields(MeetingRecord)
    if field.name not in (*SECRET_FIELDS, "row", "place")
)


def _plain(value):
    if isinstance(value, date | time):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _restored(name: str, value):
    if name == "start" and value is not None:
        return time.fromisoformat(value)
    if name == "updated_on" and value is not None:
        return date.fromisoformat(value)
    if name in _ENUMS:
        return _ENUMS[name](value)
    return tuple(value) if isinstance(value, list) else value


_ENUMS = {"kind": ScheduleKind, "format": Format, "status": Status}


@dataclass(frozen=True, slots=True)
class Reading:
    """A whole feed, read: every row is kept or rejected, never both and never neither."""

    format: str
    read: int
    records: tuple[MeetingRecord, ...]
    problems: tuple[Problem, ...]
    rejected: frozenset[int]
