"""What changed in a row, when and by whom, and the way back to how it was."""

from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from finder.curation.corrections import correct
from finder.models import Group, Meeting, Place, Program, User

# Who a row is and where it stands: merges, imports and consent have ways back of their own.
_STAYS = frozenset(
    {"id", "program", "group", "source", "source_key", "created_at", "merged_into"}
) | {"consent_on", "consent_by", "consent_review_on", "needs_community_consent"}


class CannotRevert(Exception):
    """The row cannot go back to how it was then; the message is a sentence."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


@dataclass(frozen=True, slots=True)
class Event:
    """One change of a row: fields with their values before and after."""

    number: int
    at: datetime
    who: str
    view: str
    changes: tuple[tuple[str, object, object], ...]
    is_first: bool


def history_of(row: Program | Group | Meeting | Place) -> list[Event]:
    """Return all changes of a row, newest first; two queries. Credentials are not in it."""
    rows = list(row.events.select_related("pgh_context").order_by("pgh_id"))
    metadata = [_metadata(each) for each in rows]
    users = {told.get("user") for told in metadata} - {None}
    names = dict(User.objects.filter(pk__in=users).values_list("pk", "username"))
    events, before = [], None
    for each, told in zip(rows, metadata, strict=True):
        events.append(
            Event(
                number=each.pgh_id,
                at=each.pgh_created_at,
                who=names.get(told.get("user"), ""),
                # The name of what was done; an address may say what a person looked for.
                view=told.get("view") or told.get("command") or "",
                changes=tuple(_changes(row, before, each)),
                is_first=before is None,
            )
        )
        before = each
    return events[::-1]


def revert(
    row: Program | Group | Meeting | Place, number: int, *, by: User, today: date
) -> list[str]:
    """Set a row back to how an event left it; returns the fields that changed, now locked."""
    event = row.events.filter(pgh_id=number).first()
    if event is None:
        raise CannotRevert(_("This row has no such change."))
    changed = [f for f in _fields(row) if getattr(row, f.attname) != getattr(event, f.attname)]
    wanted = [field for field in changed if field.name not in _STAYS]
    for field in wanted:
        setattr(row, field.attname, getattr(event, field.attname))
    try:
        row.full_clean()
    except ValidationError as error:
        raise CannotRevert(" ".join(error.messages)) from error
    names = [field.name for field in wanted]
    if names:
        correct(row, fields=names, by=by, today=today, reason="Set back to how it was")
    return names


def _metadata(event: models.Model) -> dict:
    return (event.pgh_context and event.pgh_context.metadata) or {}


def _fields(row: models.Model) -> list[models.Field]:
    kept = {field.name for field in row.pgh_event_model._meta.concrete_fields}
    return [f for f in row._meta.concrete_fields if f.name in kept and f.name not in ("id",)]


def _changes(row: models.Model, before: models.Model | None, after: models.Model):
    for field in _fields(row):
        now = getattr(after, field.attname)
        was = None if before is None else getattr(before, field.attname)
        if before is None and now in (None, "", [], False):
            continue
        if was != now:
            yield field.name, was, now
