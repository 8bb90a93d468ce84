"""Shows what a parked run would change, field by field, as things are now; writes nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from finder.feeds.identity import Gathering
from finder.feeds.ingest.changes import plain
from finder.feeds.ingest.drawing import Drawn, draw, token, token_of
from finder.feeds.ingest.parking import kept_rows
from finder.models import CREDENTIALS, Group, ImportRun, Meeting, Place

_SHOWN_OF_NEW = (
    *("group_name", "format", "weekday", "start", "timezone", "place", "notes", "website"),
    *("join_url", "phone", "types", "focus", "access", "languages", "status"),
)
# What says the same in other words, or is of no use to a curator.
_PASSED_OVER = frozenset({"retired_on", "source_codes", "slug", "timezone_id"})


@dataclass(frozen=True, slots=True)
class Difference:
    """One field: whose it is, its name, and its value before and after."""

    of: str
    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Proposal:
    """What would become of one meeting: ``kind`` is new, changed or gone."""

    token: str
    kind: str
    title: str
    meeting: int | None
    differences: tuple[Difference, ...]


def proposals(run: ImportRun, *, today: date) -> list[Proposal]:
    """Return what applying the whole of a parked run would change now; what is gone comes first."""
    drawn = draw(
        kept_rows(run), run.source, program=run.source.program, today=today, accept_shrink=True
    )
    found = [*_gone(drawn), *_changed(drawn), *_new(drawn)]
    return sorted(found, key=lambda each: ("gone", "changed", "new").index(each.kind))


def _gone(drawn: Drawn) -> Iterator[Proposal]:
    for meeting in drawn.plan.retired:
        yield Proposal(token_of(meeting), "gone", _title(meeting), meeting.pk, ())


def _new(drawn: Drawn) -> Iterator[Proposal]:
    for match in drawn.matches:
        if match.meeting is None:
            record = match.gathering.record
            told = tuple(_told(match.gathering))
            yield Proposal(token(match), "new", record.name, None, told)


def _told(gathering: Gathering) -> Iterator[Difference]:
    record = gathering.record
    for name in _SHOWN_OF_NEW:
        value = getattr(record, name)
        if name == "place" and value:
            value = ", ".join(filter(None, (value.name, value.address, value.city, value.state)))
        if text := _words(value):
            yield Difference("meeting", name, "", text)


def _changed(drawn: Drawn) -> Iterator[Proposal]:
    groups = {group.pk: group for group in drawn.state.groups}
    places = {place.pk: place for place in drawn.state.places}
    for match in drawn.matches:
        meeting = match.meeting
        if meeting is None:
            continue
        rows = (meeting, groups.get(meeting.group_id), places.get(meeting.place_id))
        found = tuple(
            difference
            for row in rows
            if row is not None
            for difference in _differences(row, drawn, places)
        )
        if found:
            yield Proposal(token(match), "changed", _title(meeting), meeting.pk, found)


def _differences(
    row: Group | Place | Meeting, drawn: Drawn, places: dict[int, Place]
) -> Iterator[Difference]:
    for column, before in drawn.plan.before.get(id(row), {}).items():
        if column in _PASSED_OVER:
            continue
        field = column.removesuffix("_id") if column in ("place_id", "group_id") else column
        after = getattr(row, field)
        if column == "place_id":
            before = places.get(before, "")
        if column in CREDENTIALS:
            before, after = _hidden(before), _hidden(after)
        yield Difference(row._meta.model_name, field, _words(before), _words(after))


def _hidden(value: object) -> str:
    return "•••" if value else ""


def _title(meeting: Meeting) -> str:
    return meeting.name


def _words(value: object) -> str:
    if value is None:
        return ""
    found = plain(value)
    return ", ".join(str(each) for each in found) if isinstance(found, list) else str(found)
