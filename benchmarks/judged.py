"""Order makes no difference, a curator's word stands, and runs are taken back exactly."""

import json
import random
import resource
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from django.db import connection, transaction

from benchmarks.digests import digest
from benchmarks.feeds import meeting_guide
from benchmarks.outcomes import Outcome
from finder import curation
from finder.feeds import ingest
from finder.models import FieldLock, ImportRun, Meeting, Program, User

NOW = datetime(2026, 11, 10, 17, tzinfo=UTC)
FIELDS = {"name": "Curated {0}", "notes": "Said by phone {0}", "duration_minutes": 40}


class _Undone(Exception):
    pass


def bring(slug: str, rows: list[dict], *, now: datetime = NOW) -> ingest.Outcome:
    """Import rows as they are."""
    program = Program.objects.get(slug="na")
    data = json.dumps(rows).encode()
    request = ingest.Request(data=data, source=slug, program=program, accept_shrink=True)
    return ingest.apply(request, now=now)


def said(slug: str, *, with_ids: bool = True) -> str:
    """Hash what a source holds."""
    with connection.cursor() as cursor:
        return digest(cursor, slug, with_ids=with_ids)


def disagreeing(count: int) -> list[dict]:
    """Rows of groups that say different things of themselves, some under one id."""
    chance, rows = random.Random(3), meeting_guide(count)
    for row in rows:
        row["group_notes"] = chance.choice(["Ring twice", "Ring once", "Knock"])
        row["location_notes"] = chance.choice(["Side door", "Back door", ""])
        row["location"] = chance.choice([row["location"], row["location"].upper()])
        if chance.random() < 0.1:
            row["slug"] = f"bench-{chance.randrange(count)}"
    return rows


def permutations(*, times: int = 20, count: int = 600) -> Iterator[Outcome]:
    """Import one feed in many orders, each into an empty source, then twice more."""
    rows, found, rewritten = disagreeing(count), set(), 0
    for turn in range(times):
        order = random.Random(turn).sample(rows, len(rows))
        with _undone():
            bring("order", order)
            found.add(said("order", with_ids=False))
            held = said("order")
            with connection.cursor() as cursor:
                cursor.execute(_WRITES)
                before = cursor.fetchone()
                for again in (1, 2):
                    bring("order", random.Random(turn + again).sample(rows, len(rows)))
                cursor.execute(_WRITES)
                rewritten += cursor.fetchone() != before or said("order") != held
    yield Outcome(
        f"{times} orders of {count} disagreeing rows, three runs each",
        f"{len(found)} digest; {rewritten} of {times} wrote a row in runs 2 and 3",
        is_met=len(found) == 1 and not rewritten,
    )


# Every write of the directory makes a line of history; listings and records tell by their rows.
_WRITES = """
SELECT (SELECT count(*) FROM finder_groupevent), (SELECT count(*) FROM finder_meetingevent),
    (SELECT count(*) FROM finder_placeevent), (SELECT max(id) FROM finder_record),
    (SELECT count(*) FROM finder_importchange)
"""


def interleavings(*, times: int = 1000, count: int = 12) -> Iterator[Outcome]:
    """Mix updates of a feed with a curator's edits: no locked field is ever written over."""
    edits, lost, with_all = 0, 0, User.objects.create_user(f"curator-{time.time_ns()}")
    for turn in range(times):
        with _undone():
            made, bad = _interleave(random.Random(turn), count, by=with_all)
        edits, lost = edits + made, lost + bad
    yield Outcome(
        f"{times:,} interleavings of feed updates and a curator's edits",
        f"{lost} of {edits:,} edited fields lost",
        is_met=not lost,
    )


def _interleave(chance: random.Random, count: int, *, by: User) -> tuple[int, int]:
    rows, held, made = meeting_guide(count), {}, 0
    bring("mixed", rows)
    for step in range(chance.randrange(2, 6)):
        if chance.random() < 0.5:
            rows = [_altered(row, chance, step) for row in rows]
            kept = chance.sample(rows, chance.randrange(len(rows) // 2, len(rows) + 1))
            bring("mixed", kept, now=NOW + timedelta(hours=step))
        else:
            meeting = chance.choice(list(Meeting.objects.filter(source__slug="mixed")))
            field = chance.choice(list(FIELDS))
            value = FIELDS[field]
            value = value.format(step) if isinstance(value, str) else value + step
            setattr(meeting, field, value)
            curation.correct(meeting, fields=[field], by=by, today=NOW.date())
            held[meeting.pk, field] = value
            made += 1
    bring("mixed", [_altered(row, chance, 9) for row in rows])
    stored = Meeting.objects.in_bulk({pk for pk, _field in held})
    lost = sum(getattr(stored[pk], field) != value for (pk, field), value in held.items())
    locks = FieldLock.objects.filter(model="meeting", object_id__in=stored).count()
    return made, lost + (locks != len(held))


def _altered(row: dict, chance: random.Random, step: int) -> dict:
    if chance.random() < 0.5:
        return row
    changes = {
        "name": f"Altered {step}", "notes": f"Altered {step}",
        "time": f"{chance.randrange(6, 20):02}:15", "end_time": "23:00",
        "location_notes": f"Door {step}",
    }  # fmt: skip
    name = chance.choice(list(changes))
    return {**row, name: changes[name]}


def rollbacks(*, times: int = 20, count: int = 300) -> Iterator[Outcome]:
    """Take back the last run of a random history of a source: exactly what was."""
    same, by = 0, User.objects.create_user(f"curator-{time.time_ns()}")
    for turn in range(times):
        with _undone():
            chance, rows = random.Random(turn), meeting_guide(count)
            bring("back", rows)
            for step in range(chance.randrange(1, 4)):
                before = said("back")
                rows = [_altered(row, chance, step) for row in rows]
                added = meeting_guide(count + 20, seed=turn)[count:]
                kept = chance.sample(rows, len(rows) - chance.randrange(30))
                bring("back", [*kept, *added], now=NOW + timedelta(hours=step + 1))
            ingest.roll_back(ImportRun.objects.latest("pk"), by=by, now=NOW)
            same += said("back") == before
    yield Outcome(
        f"{times} runs taken back after random histories",
        f"{same} of {times} back to the exact digest",
        is_met=same == times,
    )


def large(*, count: int = 50_000) -> Iterator[Outcome]:
    """Import a large feed, then all of it changed, then again unchanged; each one transaction."""
    fates = {"new": "created", "changed": "updated", "unchanged": "unchanged"}
    with _undone():
        for words, mark in (("new", "(a)"), ("changed", "(b)"), ("unchanged", "(b)")):
            rows = meeting_guide(count, mark=mark)
            began, cpu = time.perf_counter(), time.process_time()
            counts = bring("large", rows).counts
            spent, cpu = time.perf_counter() - began, time.process_time() - cpu
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
            yield Outcome(
                f"{count:,} records in one transaction, {words}",
                f"{spent:.1f} s ({cpu:.1f} s of our CPU), peak so far {peak:,} MB; "
                f"{counts[fates[words]]:,} {fates[words]}",
                is_met=counts[fates[words]] == count,
            )


class _undone:
    """A transaction of which nothing stays."""

    def __enter__(self) -> None:
        self._atomic = transaction.atomic()
        self._atomic.__enter__()

    def __exit__(self, kind, error, trace) -> bool:
        undone = error or _Undone()
        self._atomic.__exit__(type(undone), undone, trace)
        return False
