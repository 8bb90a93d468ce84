"""Reads what the directory holds of one source; seven queries, whatever its size."""

from collections import defaultdict

from django.db.models import Q

from finder.feeds.identity import name_key
from finder.feeds.ingest.values import State
from finder.models import FieldLock, Group, Meeting, Place, Program, Record, Source, Tombstone
from finder.vocab import Status


def load_state(source: Source, *, program: Program, is_for_writing: bool = False) -> State:
    """Load groups, places, meetings, records, locks and tombstones of a source.

    For writing, the rows are held: a curator's save waits, and its locks are never missed.
    """
    tombstones = load_tombstones(source, program=program)
    if source.pk is None:
        return State(tombstones=tombstones)
    groups, places, meetings = (
        model.objects.filter(source=source).order_by("pk") for model in (Group, Place, Meeting)
    )
    if is_for_writing:
        groups, places, meetings = (
            rows.select_for_update(of=("self",), no_key=True) for rows in (groups, places, meetings)
        )
    return State(
        groups=list(groups.select_related("merged_into")),
        places=list(places),
        # Looked up by id and not joined: right after a first import the planner knows no counts.
        meetings=list(meetings.prefetch_related("group__merged_into", "place")),
        records={record.meeting_id: record for record in Record.objects.filter(source=source)},
        locks=_locks(),
        tombstones=tombstones,
        listed_elsewhere=_listed_elsewhere(source),
    )


def _listed_elsewhere(source: Source) -> frozenset[int]:
    others = Meeting.objects.filter(group__source=source).exclude(source=source)
    return frozenset(others.exclude(status=Status.RETIRED).values_list("group_id", flat=True))


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


def _locks() -> dict[tuple[str, int], dict[str, FieldLock]]:
    locks: dict[tuple[str, int], dict[str, FieldLock]] = defaultdict(dict)
    for lock in FieldLock.objects.all():
        locks[lock.model, lock.object_id][lock.field] = lock
    return locks
