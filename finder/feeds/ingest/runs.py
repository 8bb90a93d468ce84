"""Keeps the run of an import: its counts, its end, and what was wrong with its rows."""

import hashlib
from datetime import datetime

from django.utils import timezone

from finder import bulk
from finder.feeds.ingest.drawing import Drawn
from finder.feeds.ingest.parking import keep_rows
from finder.feeds.ingest.values import Outcome
from finder.feeds.record import Reading
from finder.models import ImportProblem, ImportRun, ImportStatus, ParkedRow, Source


def finish(
    mark: str, source: Source, outcome: Outcome, reading: Reading, *, started: datetime
) -> ImportRun:
    """Store an applied run; the problems of a feed read again unchanged are stored already."""
    is_known = mark == source.last_hash
    run = _run(mark, source, outcome, reading.format, ImportStatus.APPLIED, started=started)
    run.save()
    if not is_known:
        bulk.insert(
            [
                ImportProblem(
                    run=run, row=p.row, field=p.field, code=p.code, message=p.message[:300]
                )
                for p in outcome.problems
            ]
        )
    mark_seen(source, mark, now=started)
    return run


def mark_seen(source: Source, mark: str, *, now: datetime) -> None:
    """Note which content the directory holds of a source; parked runs before it are past."""
    source.last_seen_at, source.last_hash = now, mark
    source.save(update_fields=["last_seen_at", "last_hash"])
    replace_parked(source)


def park(
    mark: str, source: Source, outcome: Outcome, drawn: Drawn, *, started: datetime
) -> ImportRun | None:
    """Store a parked run with its reason and what it tells; nothing else changes.

    A feed that waits already, or that a curator threw away, is not stored again.
    """
    latest = source.runs.order_by("-started_at", "-pk").first()
    decided = (ImportStatus.PARKED, ImportStatus.DISMISSED)
    if latest and latest.content_hash == mark and latest.status in decided:
        return None
    replace_parked(source)
    format_ = drawn.told.reading.format
    run = _run(mark, source, outcome, format_, ImportStatus.PARKED, started=started)
    run.save()
    keep_rows(run, drawn.kept)
    return run


def replace_parked(source: Source) -> None:
    """Let go of what waits: a later feed of the source says how things are now."""
    waiting = source.runs.filter(status=ImportStatus.PARKED)
    ParkedRow.objects.filter(run__in=waiting).delete()
    waiting.update(status=ImportStatus.REPLACED)


def was_rolled_back(source: Source, mark: str) -> str:
    """Return why a feed that a curator took back is not applied again by itself, or ""."""
    if source.pk is None:
        return ""
    latest = source.runs.filter(content_hash=mark).order_by("-started_at", "-pk").first()
    if latest is None or latest.rolled_back_at is None:
        return ""
    return (
        f"A curator took this very feed back on {latest.rolled_back_at:%Y-%m-%d}. "
        "Nothing was changed: look at the feed first."
    )


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
            content_hash=content_hash(data),
            format=source.format,
        )


def _run(
    mark: str,
    source: Source,
    outcome: Outcome,
    format_: str,
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
        format=format_,
        meetings=outcome.meetings,
        **outcome.counts,
    )


def content_hash(data: bytes) -> str:
    """Return the name of a feed's content."""
    return hashlib.sha256(data).hexdigest()
