"""Reads sources from their addresses when it is time, and keeps how that went."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

import pghistory
from django.db import Error as DatabaseError

from finder import outbox
from finder.feeds import bmlt_server
from finder.feeds.fetch import Fetched, NotModified, fetch
from finder.feeds.ingest import ImportBusy, ImportRefused, Request, apply
from finder.feeds.network import FetchError, Network
from finder.models import ImportRun, ImportStatus, Job, Source

KIND = "pull_source"
FIRST_WAIT, LONGEST_WAIT = timedelta(hours=1), timedelta(days=1)


class Result(StrEnum):
    """How a pull ended."""

    APPLIED = "applied"
    UNCHANGED = "unchanged"
    PARKED = "parked"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Pull:
    """The end of one pull, with a sentence unless all went well."""

    result: Result
    sentence: str = ""
    retry_after: int = 0


def enqueue_due(*, now: datetime) -> int:
    """Ask for a pull of each source whose time has come, each as a job of its own."""
    due = Source.objects.due(now).order_by("next_pull_at", "pk")
    return len([enqueue_pull(source, now=now) for source in due])


def enqueue_pull(source: Source, *, now: datetime) -> Job:
    """Ask for a pull of one source now; a pull that waits or runs already is enough."""
    return outbox.enqueue(KIND, {"source": source.pk}, run_at=now, dedupe=f"pull:{source.pk}")


def pull(source: Source, *, now: datetime, network: Network | None = None) -> Pull:
    """Fetch a source and import what is new; a failure leaves the directory as it was.

    The source keeps how it went: the next pull waits for its interval, or longer with each
    failure in a row.
    """
    got: Fetched | NotModified | None = None
    try:
        got = _fetch(source, network)
        ended = _import(source, got, now=now)
    except ImportBusy as error:
        # Not the source's fault: the job waits half a minute and tries again.
        raise outbox.JobError(str(error)) from error
    except FetchError as error:
        ended = Pull(Result.FAILED, str(error), error.retry_after)
    except ImportRefused as error:
        ended = Pull(Result.FAILED, str(error))
    except DatabaseError:
        raise
    except Exception as error:
        sentence = f"Reading it stopped on an error of ours ({type(error).__name__})."
        _record(source, Pull(Result.FAILED, sentence), None, now=now)
        raise
    _record(source, ended, got, now=now)
    return ended


def _fetch(source: Source, network: Network | None) -> Fetched | NotModified:
    if bmlt_server.is_server(source.url, format_=source.format):
        return bmlt_server.fetch_all(source.url, network=network)
    # What we hold may have come another way since: then the validators say nothing of it.
    is_held = source.validated_hash and source.validated_hash == source.last_hash
    return fetch(
        source.url,
        etag=source.etag if is_held else "",
        last_modified=source.last_modified if is_held else "",
        network=network,
    )


def _import(source: Source, got: Fetched | NotModified, *, now: datetime) -> Pull:
    if isinstance(got, NotModified):
        return Pull(Result.UNCHANGED)
    if reason := _known_reason(source, got.body):
        return Pull(Result.PARKED, reason)
    request = Request(
        data=got.body,
        source=source.slug,
        program=source.program,
        format=source.format or "auto",
    )
    with pghistory.context(command=KIND, source=source.slug):
        outcome = apply(request, now=now)
    if outcome.parked_because:
        return Pull(Result.PARKED, outcome.parked_because)
    # Worth a curator's look, though all went well.
    moved = (
        f"The feed has moved for good. Its new address is {got.moved_to}" if got.moved_to else ""
    )
    return Pull(Result.APPLIED, moved)


def _known_reason(source: Source, body: bytes) -> str:
    """Return why this very feed is parked already; a curator need not be told daily."""
    latest = ImportRun.objects.filter(source=source).order_by("-started_at", "-pk").first()
    if latest is None or latest.status != ImportStatus.PARKED:
        return ""
    return latest.reason if latest.content_hash == _hash(body) else ""


def _hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _record(
    source: Source, ended: Pull, got: Fetched | NotModified | None, *, now: datetime
) -> None:
    failures = source.failures + 1 if ended.result == Result.FAILED else 0
    interval = timedelta(hours=source.interval_hours)
    wait = _wait(failures, ended.retry_after) if failures else interval
    values = {
        "last_pulled_at": now,
        "health": ended.sentence[:400],
        "failures": min(failures, 30_000),
        # A source without an interval is read only when someone asks.
        "next_pull_at": now + wait if interval else None,
    }
    if ended.result in (Result.APPLIED, Result.UNCHANGED):
        values["last_success_at"] = values["last_seen_at"] = now
    if ended.result == Result.APPLIED and isinstance(got, Fetched):
        values |= {"etag": got.etag, "last_modified": got.last_modified}
        values["validated_hash"] = _hash(got.body)
    # Nothing is said of an address that a curator entered while the old one was read.
    Source.objects.filter(pk=source.pk, url=source.url).update(**values)
    source.refresh_from_db()


def _wait(failures: int, retry_after: int) -> timedelta:
    wait = min(FIRST_WAIT * 2 ** min(failures - 1, 10), LONGEST_WAIT)
    return max(wait, timedelta(seconds=retry_after))
