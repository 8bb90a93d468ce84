"""Keeps the run of an import: its counts, its end, and what was wrong with its rows."""

import hashlib
from datetime import datetime

from django.utils import timezone

from finder.feeds.ingest.values import Outcome
from finder.feeds.record import Reading
from finder.models import ImportProblem, ImportRun, ImportStatus, Source


def finish(
    data: bytes, source: Source, outcome: Outcome, reading: Reading, *, started: datetime
) -> None:
    """Store an applied run; the problems of a feed read again unchanged are stored already."""
    mark = _hash(data)
    is_known = mark == source.last_hash
    run = _run(mark, source, outcome, reading, ImportStatus.APPLIED, started=started)
    run.save()
    if not is_known:
        ImportProblem.objects.bulk_create(
            [
                ImportProblem(
                    run=run, row=p.row, field=p.field, code=p.code, message=p.message[:300]
                )
                for p in outcome.problems
            ],
            batch_size=1000,
        )
    source.last_seen_at, source.last_hash = started, mark
    source.save(update_fields=["last_seen_at", "last_hash"])


def park(
    data: bytes, source: Source, outcome: Outcome, reading: Reading, *, started: datetime
) -> None:
    """Store a parked run with its reason; nothing else changes."""
    _run(_hash(data), source, outcome, reading, ImportStatus.PARKED, started=started).save()


def refuse(data: bytes, slug: str, *, reason: str, started: datetime) -> None:
    """Store that a feed of a known source could not be read at all."""
    source = Source.objects.filter(slug=slug).first()
    if source is not None:
        ImportRun.objects.create(
            source=source,
            started_at=started,
            finished_at=timezone.now(),
            status=ImportStatus.REFUSED,
            reason=reason,
            content_hash=_hash(data),
            format=source.format,
        )


def _run(
    mark: str,
    source: Source,
    outcome: Outcome,
    reading: Reading,
    status: ImportStatus,
    *,
    started: datetime,
) -> ImportRun:
    return ImportRun(
        source=source,
        started_at=started,
        finished_at=timezone.now(),
        status=status,
        reason=outcome.parked_because,
        content_hash=mark,
        format=reading.format,
        meetings=outcome.meetings,
        **outcome.counts,
    )


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()
