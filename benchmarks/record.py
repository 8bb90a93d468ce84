"""The record of who did what: how long it takes to prove, and 1,000 ways to change it."""

import time
from collections.abc import Iterator
from datetime import UTC, datetime
from uuid import uuid4

from django.db import connection, transaction

from benchmarks.outcomes import Outcome
from finder.models import User
from referrals import audit
from referrals.audit.chain import BEGINNING, sign
from referrals.audit.proving import Count
from referrals.models import AuditChain, AuditEvent, Kind, Organization
from referrals.tenancy import organization
from tests.referrals.tampering import lift_the_fence, missed, sentences

LINES, LONGEST, MANIPULATIONS, SMALL = 160_000, 10.0, 1_000, 60
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)


class _Undone(Exception):
    """Leaves the benchmark's database as it was."""


def chain(
    *, lines: int = LINES, seconds: float = LONGEST, manipulations: int = MANIPULATIONS
) -> Iterator[Outcome]:
    """Prove a long record, then change a short one in every way."""
    for prove in (lambda: _prove(lines, seconds), lambda: _manipulate(manipulations)):
        try:
            with transaction.atomic():
                outcome = prove()
                raise _Undone
        except _Undone:
            yield outcome


def _prove(lines: int, seconds: float) -> Outcome:
    for number in range(4):
        clinic = Organization.objects.create(name=f"Record {number} {uuid4()}")
        _write(clinic, lines // 4)
    count, began = Count(), time.monotonic()
    problems = sentences_of(count)
    took = time.monotonic() - began
    return Outcome(
        f"{lines:,} lines of the record proved within {seconds:.0f} s",
        f"{count.lines:,} lines in {count.chains} chains in {took:.1f} s, {len(problems)} problems",
        is_met=not problems and took <= seconds and count.lines >= lines,
    )


def sentences_of(count: Count) -> list[str]:
    return [str(problem) for problem in audit.verify(count=count)]


def _write(clinic: Organization, lines: int) -> None:
    """Write a chain as record does, in bulk."""
    head = AuditChain(organization_id=clinic.pk, length=0, mac=BEGINNING)
    events = []
    for number in range(1, lines + 1):
        event = AuditEvent(
            at=NOW,
            kind=Kind.PATIENT_READ,
            actor_id=number,
            organization_id=clinic.pk,
            target_kind="patient",
            target_id=str(uuid4()),
            chain=head.pk,
            number=number,
        )
        event.mac = head.mac = sign("event", [head.mac, *event.told()])
        events.append(event)
    head.length = lines
    head.seal = sign("head", head.told())
    with organization(clinic.pk):
        AuditEvent.objects.bulk_create(events, batch_size=2000)
        head.save(force_insert=True)


def _manipulate(times: int) -> Outcome:
    clinic = Organization.objects.create(name=f"Record {uuid4()}")
    by = User.objects.create_user(f"record-{uuid4().hex}")
    with organization(clinic.pk):
        for number in range(SMALL):
            target = ("patient", str(number))
            audit.record(Kind.PATIENT_READ, target=target, by=by, organization=clinic)
    with connection.cursor() as cursor:
        lift_the_fence(cursor)
        found = missed(cursor, audit.Journal(), times=times)
    return Outcome(
        f"{times:,} edits, deletions, swaps, cuts and additions by the database's owner",
        f"{times - len(found):,} seen, {len(found)} missed; whole again: {not sentences()}",
        is_met=not found and not sentences(),
    )
