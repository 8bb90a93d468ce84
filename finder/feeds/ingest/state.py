"""Reads what the directory holds of one source; six queries, whatever its size."""

from collections import defaultdict

from django.db.models import Q

from finder.feeds.identity import name_key
from finder.feeds.ingest.values import State
from finder.models import FieldLock, Group, Meeting, Place, Program, Record, Source, Tombstone


def load_state(source: Source, *, program: Program) -> State:
    """Load groups, places, meetings, records, locks and tombstones of a source."""
    tombstones = load_tombstones(source, program=program)
    if source.pk is None:
        return State(tombstones=tombstones)
    meetings = list(
        Meeting.objects.filter(source=source)
        .select_related("group__merged_into", "place")
        .order_by("pk")
    )
    return State(
        groups=list(
            Group.objects.filter(source=source).select_related("merged_into").order_by("pk")
        ),
        places=list(Place.objects.filter(source=source).order_by("pk")),
        meetings=meetings,
        records={record.meeting_id: record for record in Record.objects.filter(source=source)},
        locks=_locks(),
        tombstones=tombstones,
    )


def load_tombstones(source: Source, *, program: Program) -> frozenset[str]:
    """Return the keys and names of groups that asked to be taken out of this program."""
    mine = Q(source=None) | Q(source=source) if source.pk else Q(source=None)
    found = Tombstone.objects.filter(mine, program=program)
    keys = set()
    for tombstone in found:
        if tombstone.source_key:
            keys.add(tombstone.source_key)
        if tombstone.name_key:
            keys.add(f"named:{name_key(tombstone.name_key)}")
    return frozenset(keys)


def _locks() -> dict[tuple[str, int], set[str]]:
    locks: dict[tuple[str, int], set[str]] = defaultdict(set)
    for lock in FieldLock.objects.all():
        locks[lock.model, lock.object_id].add(lock.field)
    return locks
