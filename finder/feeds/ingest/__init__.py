"""Ingest: a feed's records become the directory's rows, in one transaction, or not at all."""

from dataclasses import dataclass, replace
from datetime import date, datetime

import pghistory
from django.db import transaction

from finder import feeds
from finder.feeds.ingest.changes import keep_changes
from finder.feeds.ingest.drawing import Drawn, draw, outcome_of, tell
from finder.feeds.ingest.judging import AlreadyDecided, apply_parked, dismiss
from finder.feeds.ingest.proposals import Difference, Proposal, proposals
from finder.feeds.ingest.rolling_back import CannotRollBack, later_runs, roll_back
from finder.feeds.ingest.runs import content_hash, finish, park, refuse, was_rolled_back
from finder.feeds.ingest.turns import take_turn, without_pauses
from finder.feeds.ingest.values import COUNTS, ImportBusy, ImportRefused, Outcome, Plan
from finder.feeds.ingest.writing import write
from finder.feeds.record import Reading
from finder.models import Program, Source

__all__ = [
    "COUNTS",
    "AlreadyDecided",
    "CannotRollBack",
    "Difference",
    "ImportBusy",
    "ImportRefused",
    "Outcome",
    "Proposal",
    "Request",
    "apply",
    "apply_parked",
    "dismiss",
    "later_runs",
    "preview",
    "proposals",
    "roll_back",
]


@dataclass(frozen=True, slots=True)
class Request:
    """One feed to import and how: its bytes, its source, and what the caller allows."""

    data: bytes
    source: str
    program: Program
    format: str = "auto"
    formats: bytes | None = None
    timezone: str = ""
    accept_shrink: bool = False


def preview(request: Request, *, now: datetime) -> Outcome:
    """Say what an import would do; writes nothing at all."""
    reading = _read(request, today=now.date())
    source = Source.objects.filter(slug=request.source).first() or _new_source(request, reading)
    return outcome_of(_draw(request, reading, source, today=now.date()))


@without_pauses()
def apply(request: Request, *, now: datetime) -> Outcome:
    """Import a feed, or park it for a curator with the reason; all or nothing.

    Raises ImportRefused when it cannot be read, or another import of the source is under way.
    """
    try:
        reading = _read(request, today=now.date())
    except ImportRefused as error:
        refuse(request.data, request.source, reason=str(error), started=now)
        raise
    with transaction.atomic(), pghistory.context(view="feeds.ingest"):
        take_turn(request.source)
        source = Source.objects.filter(slug=request.source).first()
        is_new = source is None
        source = source or _new_source(request, reading)
        drawn = _draw(request, reading, source, today=now.date(), is_for_writing=True)
        outcome, mark = outcome_of(drawn), content_hash(request.data)
        if drawn.reason and is_new:
            raise ImportRefused(drawn.reason)
        if drawn.reason:
            park(mark, source, outcome, drawn, started=now)
            return outcome
        if is_new:
            source.save()
        write(drawn.plan, source, today=now.date(), now=now)
        run = finish(mark, source, outcome, reading, started=now)
        keep_changes(drawn, run)
    return outcome


def _read(request: Request, *, today: date) -> Reading:
    try:
        return feeds.read(
            request.data,
            program=request.program.slug,
            today=today,
            format_=request.format,
            formats=request.formats,
        )
    except feeds.FeedError as error:
        raise ImportRefused(str(error)) from error


def _draw(
    request: Request, reading: Reading, source: Source, *, today: date, is_for_writing: bool = False
) -> Drawn:
    told = tell(reading, program=request.program, zone=request.timezone or source.timezone)
    drawn = draw(
        told,
        source,
        program=request.program,
        today=today,
        accept_shrink=request.accept_shrink,
        is_for_writing=is_for_writing,
    )
    if drawn.reason or request.accept_shrink:
        return drawn
    reason = was_rolled_back(source, content_hash(request.data))
    return replace(drawn, reason=reason, plan=Plan()) if reason else drawn


def _new_source(request: Request, reading: Reading) -> Source:
    return Source(
        slug=request.source,
        name=request.source.replace("-", " ").replace("_", " ").capitalize(),
        program=request.program,
        format=reading.format,
        timezone=request.timezone,
    )
