"""Writes the invented directory: the same day and catalogue again write nothing."""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from hashlib import sha256

from django.db import models, transaction

from finder import bulk, catalogue
from finder.demo import evidence, listings
from finder.demo.listings import Directory
from finder.demo.programs import INVENTED
from finder.demo.shape import City, shape
from finder.models import (
    Evidence,
    Group,
    Locality,
    Meeting,
    MeetingException,
    Place,
    Program,
    Source,
    User,
)
from finder.vocab import Status

SLUG = "demo"
# Set when a row is stored, so not part of what was invented.
_STORED = {"id", "source", "created_at", "entered_at", "reviewed_by", "second_reviewed_by"}


class DemoError(Exception):
    """The directory cannot be invented here; the message says why in a sentence."""


@dataclass(frozen=True)
class Loaded:
    """What is there, and whether anything was written for it."""

    programs: int
    groups: int
    meetings: int
    evidence: int
    has_changed: bool


@transaction.atomic
def load(*, today: date) -> Loaded:
    """Bring the demonstration directory up to today; ids stay as they are."""
    catalogue.load([*catalogue.read(), *INVENTED])
    programs = {program.slug: program for program in Program.objects.all()}
    source = _source(programs)
    slugs = {entry["slug"] for entry in (*catalogue.read(), *INVENTED)}
    known = {slug: programs[slug] for slug in sorted(slugs)}
    directory = listings.invent(known, cities(), today=today)
    pieces = evidence.invent(directory, today=today)
    signature = _signature([*directory.rows(), *pieces])
    has_changed = source.last_hash != signature
    if has_changed:
        _store(directory, source, today=today)
        _store_evidence(pieces, source)
        bulk.analyze(Group, Place, Meeting, Evidence)
        Source.objects.filter(pk=source.pk).update(last_hash=signature)
    return Loaded(
        programs=len(known),
        groups=len(directory.groups),
        meetings=len(directory.meetings),
        evidence=len(pieces),
        has_changed=has_changed,
    )


def _source(programs: dict[str, Program]) -> Source:
    source, _ = Source.objects.get_or_create(
        slug=SLUG,
        defaults={
            "name": "Demonstration data",
            "program": programs["lantern-circle"],
            "terms": "Invented; nothing in it is real.",
        },
    )
    return source


def cities() -> list[City]:
    """Look up the points of the file's ZIP codes; raises DemoError without loaded places."""
    listed = shape()["cities"]
    points = {
        place.key: place
        for place in Locality.objects.filter(kind="zip", key__in=[row[0] for row in listed])
    }
    missing = [row[0] for row in listed if row[0] not in points]
    if missing:
        raise DemoError("The ZIP codes are not loaded. Run load_places first.")
    return [
        City(*row, points[row[0]].lat, points[row[0]].lng, points[row[0]].timezone)
        for row in listed
    ]


def _signature(rows: Iterable[models.Model]) -> str:
    digest = sha256()
    for row in rows:
        values = {
            field.name: _plain(getattr(row, field.name))
            for field in row._meta.concrete_fields
            if field.name not in _STORED
        }
        digest.update(json.dumps(values).encode())
    return digest.hexdigest()


def _plain(value: object) -> str:
    """Name a related row by its key, which does not depend on the database."""
    if isinstance(value, models.Model):
        return getattr(value, "source_key", "") or str(value)
    return str(value)


def _store(directory: Directory, source: Source, *, today: date) -> None:
    mergers = [(group, group.merged_into) for group in directory.groups if group.merged_into]
    for group, _ in mergers:
        group.merged_into = None
    for model, rows in (
        (Place, directory.places),
        (Group, directory.groups),
        (Meeting, directory.meetings),
    ):
        _upsert(model, rows, source)
    for group, stays in mergers:
        group.merged_into = stays
    Group.objects.bulk_update([group for group, _ in mergers], ["merged_into"])
    for model, rows in ((Meeting, directory.meetings), (Group, directory.groups)):
        gone = model.objects.filter(source=source).exclude(retired_on__isnull=False)
        gone = gone.exclude(source_key__in=[row.source_key for row in rows])
        gone.update(status=Status.RETIRED, retired_on=today)
    MeetingException.objects.filter(meeting__source=source).delete()
    MeetingException.objects.bulk_create(directory.exceptions)


def _upsert(model: type[models.Model], rows: list, source: Source) -> None:
    """Insert new keys and write only the columns that differ somewhere."""
    known = {row.source_key: row for row in model.objects.filter(source=source)}
    names = [field.attname for field in model._meta.concrete_fields]
    names = [name for name in names if name not in {"id", "created_at"}]
    changed, columns = [], set()
    for row in rows:
        row.source = source
        stored = known.get(row.source_key)
        if stored is None:
            continue
        row.pk = stored.pk
        _point_to_stored(row)
        differing = {name for name in names if getattr(row, name) != getattr(stored, name)}
        if differing:
            changed.append(row)
            columns |= differing
    model.objects.bulk_create([row for row in rows if row.pk is None], batch_size=1000)
    if changed:
        model.objects.bulk_update(changed, sorted(columns), batch_size=500)


def _point_to_stored(row: models.Model) -> None:
    """Take the ids of related rows that were stored after this row was made."""
    for field in row._meta.concrete_fields:
        if field.is_relation and field.is_cached(row) and getattr(row, field.name) is not None:
            setattr(row, field.attname, getattr(row, field.name).pk)


def _store_evidence(pieces: list[Evidence], source: Source) -> None:
    first, second = (_reviewer(name) for name in ("demo-reviewer", "demo-second-reviewer"))
    for piece in pieces:
        piece.entered_by = piece.reviewed_by = first
        piece.second_reviewed_by = second if piece.second_reviewed_at else None
    Evidence.objects.filter(group__source=source, source_note=evidence.NOTE).delete()
    Evidence.objects.bulk_create(pieces)


def _reviewer(username: str) -> User:
    """An account that reviewed the invented evidence; nobody can sign in with it."""
    user, is_new = User.objects.get_or_create(
        username=username, defaults={"email": f"{username}@example.org", "is_active": False}
    )
    if is_new:
        user.set_unusable_password()
        user.save()
    return user
