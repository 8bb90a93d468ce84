"""A curator's decision on a parked run: all of it, some of it, or nothing."""

from collections.abc import Iterable
from datetime import datetime

import pghistory
from django.db import transaction

from finder.feeds.ingest.changes import keep_changes
from finder.feeds.ingest.drawing import draw, outcome_of
from finder.feeds.ingest.parking import kept_rows
from finder.feeds.ingest.runs import mark_seen
from finder.feeds.ingest.turns import take_turn, without_pauses
from finder.feeds.ingest.values import Outcome
from finder.feeds.ingest.writing import write
from finder.models import ImportRun, ImportStatus, User


class AlreadyDecided(Exception):
    """Somebody else, or a later feed, was first."""


@without_pauses()
def apply_parked(
    run: ImportRun, *, by: User, now: datetime, chosen: Iterable[str] | None = None
) -> Outcome:
    """Apply a parked run as things are now: whole, or the chosen proposals alone.

    Raises AlreadyDecided, and ImportBusy while the source is being imported.
    """
    with transaction.atomic(), pghistory.context(user=by.pk, view="feeds.ingest.apply_parked"):
        take_turn(run.source.slug)
        run = _waiting(run)
        drawn = draw(
            kept_rows(run),
            run.source,
            program=run.source.program,
            today=now.date(),
            accept_shrink=True,
            is_for_writing=True,
            chosen=chosen,
        )
        outcome = outcome_of(drawn)
        write(drawn.plan, run.source, today=now.date(), now=now)
        for name in ("created", "updated", "unchanged", "retired"):
            setattr(run, name, outcome.counts[name])
        run.parked = 0
        _decide(run, ImportStatus.APPLIED, by=by, now=now)
        keep_changes(drawn, run)
        # Of a part one cannot say that the directory holds this feed.
        mark_seen(run.source, run.content_hash if chosen is None else "", now=now)
    return outcome


def dismiss(run: ImportRun, *, by: User, now: datetime) -> None:
    """Throw a parked run away; the directory stays as it is."""
    with transaction.atomic():
        _decide(_waiting(run), ImportStatus.DISMISSED, by=by, now=now)


def _waiting(run: ImportRun) -> ImportRun:
    rows = ImportRun.objects.select_for_update(of=("self",)).select_related("source__program")
    found = rows.get(pk=run.pk)
    if found.status != ImportStatus.PARKED:
        raise AlreadyDecided
    return found


def _decide(run: ImportRun, status: ImportStatus, *, by: User, now: datetime) -> None:
    run.status, run.decided_by, run.decided_at = status, by, now
    run.save()
    run.parked_rows.all().delete()
