"""Takes back what runs did to a source's rows, exactly; a curator's locked words stay."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime

import pghistory
from django.db import IntegrityError, connection, transaction

from finder import bulk, curation, sealing
from finder.feeds.ingest.parking import PURPOSE
from finder.feeds.ingest.turns import take_turn
from finder.models import (
    FieldLock,
    Group,
    ImportChange,
    ImportRun,
    ImportStatus,
    Meeting,
    Place,
    Record,
    User,
)
from finder.search import index
from finder.vocab import Status

_MODELS = {"meeting": Meeting, "place": Place, "group": Group}
# What goes with a row that is deleted; anything else that speaks of it keeps it.
_GOES_ALONG = frozenset({"listing", "record", "assessment", "duplicatepair"})


class CannotRollBack(Exception):
    """The run cannot be taken back; the message is a sentence."""


def later_runs(run: ImportRun) -> list[ImportRun]:
    """Return the applied runs of the source since this one, newest first: they go back first."""
    runs = run.source.runs.filter(status=ImportStatus.APPLIED, rolled_back_at=None)
    return [each for each in runs.order_by("-pk") if _order(each) > _order(run)]


def roll_back(run: ImportRun, *, by: User, now: datetime) -> int:
    """Put the source's rows back to what they were before a run; returns how many runs went.

    Later runs of the source go first. New rows are deleted, unless somebody has said something of
    them since: then they are no longer listed.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, view="feeds.ingest.roll_back"):
        take_turn(run.source.slug)
        run = (
            ImportRun.objects.select_for_update(of=("self",))
            .select_related("source")
            .get(pk=run.pk)
        )
        if run.status != ImportStatus.APPLIED:
            raise CannotRollBack("Only a run that was applied can be taken back.")
        if run.rolled_back_at is not None:
            raise CannotRollBack("This run was taken back already.")
        runs = [*later_runs(run), run]
        for each in runs:
            _take_back(each, today=now.date())
            each.rolled_back_by, each.rolled_back_at = by, now
            each.save(update_fields=["rolled_back_by", "rolled_back_at"])
        run.source.last_hash = run.source.validated_hash = ""
        run.source.save(update_fields=["last_hash", "validated_hash"])
    return len(runs)


def _order(run: ImportRun) -> tuple[datetime, int]:
    # A parked run does what it does when it is decided.
    return (run.decided_at or run.started_at, run.pk)


def _take_back(run: ImportRun, *, today: date) -> None:
    changes: dict[str, list[ImportChange]] = defaultdict(list)
    for change in run.changes.order_by("pk"):
        changes[change.model].append(change)
    concerned = _meetings_of(changes)
    restored = {
        name: _restore(model, [each for each in changes[name] if not each.is_new])
        for name, model in _MODELS.items()
    }
    _restore_records(changes["meeting"])
    new = {name: [each.object_id for each in changes[name] if each.is_new] for name in _MODELS}
    _unmake(new, today=today)
    curation.reassess(restored["group"], today=today)
    index.refresh(concerned | _meetings_of(changes))


def _restore(
    model: type[Group | Place | Meeting], changes: list[ImportChange]
) -> list[Group | Place | Meeting]:
    locked = defaultdict(set)
    for lock in FieldLock.objects.filter(model=model._meta.model_name):
        locked[lock.object_id].add(model._meta.get_field(lock.field).attname)
    before = {change.object_id: _before(change) for change in changes}
    held = model.objects.select_for_update(of=("self",)).filter(pk__in=list(before))
    rows = list(held.order_by("pk"))
    for row in rows:
        for column, value in before[row.pk].items():
            if column not in _kept(locked[row.pk]):
                field = model._meta.get_field(column)
                setattr(row, field.attname, field.to_python(value))
    bulk.upsert(rows, unique=["id"])
    return rows


def _kept(locked: set[str]) -> set[str]:
    return locked | {"retired_on", "status_note"} if "status" in locked else locked


def _before(change: ImportChange) -> dict:
    secrets = sealing.unseal(change.secrets, purpose=PURPOSE) if change.secrets else {}
    return change.before | secrets


def _restore_records(changes: Iterable[ImportChange]) -> None:
    stood = {each.object_id: each.record for each in changes if each.record}
    rows = list(Record.objects.filter(meeting__in=list(stood)))
    for row in rows:
        before = stood[row.meeting_id]
        row.key, row.content_hash = before["key"], before["content_hash"]
        row.cleaned = row.cleaned | before["cleaned"]
    # Keys may have changed places: all of them go before any comes back.
    Record.objects.filter(pk__in=[row.pk for row in rows]).delete()
    bulk.insert(rows)


def _meetings_of(changes: dict[str, list[ImportChange]]) -> set[int]:
    ids = {name: [each.object_id for each in changes[name]] for name in _MODELS}
    found = Meeting.objects.filter(group__in=ids["group"]).values_list("pk", flat=True)
    there = Meeting.objects.filter(place__in=ids["place"]).values_list("pk", flat=True)
    return {*ids["meeting"], *found, *there}


def _unmake(new: dict[str, list[int]], *, today: date) -> None:
    for name, model in _MODELS.items():
        ids = set(new[name])
        kept = _spoken_of(model, ids)
        _retire(model, kept, today=today)
        gone = sorted(ids - kept)
        try:
            with transaction.atomic():
                model.objects.filter(pk__in=gone).delete()
                # What this role may not see may still speak of a row: the database knows.
                with connection.cursor() as cursor:
                    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
                    cursor.execute("SET CONSTRAINTS ALL DEFERRED")
        except IntegrityError:
            _retire(model, set(gone), today=today)


def _spoken_of(model: type[Group | Place | Meeting], ids: set[int]) -> set[int]:
    """Return those that something other than the import speaks of."""
    found: set[int] = set()
    for relation in model._meta.get_fields(include_hidden=True):
        if not (relation.auto_created and (relation.one_to_many or relation.one_to_one)):
            continue
        speaker = relation.related_model
        # The history stays when its row is gone.
        if speaker._meta.model_name in _GOES_ALONG or hasattr(speaker, "pgh_tracked_model"):
            continue
        name = relation.field.attname
        rows = speaker._base_manager.filter(**{f"{name}__in": list(ids)})
        found |= set(rows.values_list(name, flat=True))
    return found


def _retire(model: type[Group | Place | Meeting], ids: set[int], *, today: date) -> None:
    if model is not Place and ids:
        model.objects.filter(pk__in=ids).update(status=Status.RETIRED, retired_on=today)
