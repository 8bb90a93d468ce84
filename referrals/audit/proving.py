"""Proving that the record is as it was written: every chain, its head, and the notes outside."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from uuid import UUID

from referrals.audit.chain import BEGINNING, is_signed
from referrals.audit.journal import Head, Journal
from referrals.audit.recording import owners
from referrals.models import AuditChain, AuditEvent
from referrals.tenancy import organization

CHUNK = 2000
FIELDS = (
    *("chain", "number", "id", "at", "kind"),
    *("actor_id", "organization_id", "under_id", "target_kind", "target_id", "mac"),
)


@dataclass(frozen=True)
class Problem:
    """One thing that cannot be if nobody touched the record."""

    chain: str
    sentence: str

    def __str__(self) -> str:
        return f"Chain {self.chain}: {self.sentence}" if self.chain else self.sentence


@dataclass
class Count:
    """How much was looked at."""

    lines: int = 0
    chains: int = 0


def verify(journal: Journal | None = None, *, count: Count | None = None) -> Iterator[Problem]:
    """Yield what is wrong with the record; nothing where it is whole."""
    journal, count = journal or Journal(), count or Count()
    for place in journal.forged:
        yield Problem("", f"A note outside the database is not ours: {place}.")
    seen: set[UUID] = set()
    for owner in owners():
        with organization(owner):
            yield from _verify_owner(owner, journal, count, seen)
    for chain in sorted(set(journal.heads) - seen):
        yield Problem(str(chain), "it was noted outside and is gone.")


def _verify_owner(
    owner: UUID | None, journal: Journal, count: Count, seen: set[UUID]
) -> Iterator[Problem]:
    heads = {head.pk: head for head in AuditChain.objects.filter(organization_id=owner)}
    rows = AuditEvent.objects.filter(organization_id=owner).order_by("chain", "number")
    lines = rows.values_list(*FIELDS).iterator(chunk_size=CHUNK)
    for chain, group in groupby(lines, key=lambda line: line[0]):
        head = heads.pop(chain, None)
        seen.add(chain)
        yield from _verify_chain(chain, head, group, journal.heads.get(chain), count)
    for head in heads.values():
        seen.add(head.pk)
        yield Problem(str(head.pk), f"all of its {head.length} lines are gone.")


def _verify_chain(
    chain: UUID, head: AuditChain | None, lines: Iterator[tuple], noted: Head | None, count: Count
) -> Iterator[Problem]:
    """Walk along one chain; after the first break nothing behind it can be believed."""
    name, before, expected = str(chain), BEGINNING, 1
    count.chains += 1
    if head is None:
        yield Problem(name, "its head is gone, or these lines were never ours.")
        return
    for *told, mac in lines:
        if told[1] != expected:
            yield Problem(name, f"line {expected} is gone or was moved.")
            return
        if not is_signed(mac, "event", [before, *told]):
            yield Problem(name, f"line {expected} is not as it was written.")
            return
        if noted and noted.length == expected and noted.mac != bytes(mac).hex():
            yield Problem(name, f"line {expected} is not the one that was noted outside.")
            return
        before, expected = bytes(mac), expected + 1
        count.lines += 1
    yield from _verify_head(name, head, expected - 1, before, noted)


def _verify_head(
    name: str, head: AuditChain, length: int, mac: bytes, noted: Head | None
) -> Iterator[Problem]:
    if not is_signed(head.seal, "head", head.told()):
        yield Problem(name, "its head is not as it was written.")
    elif (head.length, bytes(head.mac)) != (length, mac):
        yield Problem(name, f"it has {length} lines and its head says {head.length}.")
    elif noted and noted.length > length:
        yield Problem(name, f"it has {length} lines and {noted.length} were noted outside.")
