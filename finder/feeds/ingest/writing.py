"""Writes a plan in bulk, inside the caller's transaction, and brings the search up to date."""

from datetime import date, datetime

from django.db import connection
from django.db.models import Model

from finder import bulk, curation
from finder.feeds.ingest.changes import plain
from finder.feeds.ingest.values import Plan
from finder.models import CREDENTIALS, Group, Meeting, Place, Record, Source
from finder.search import index

# New meetings from which on the planner's counts would mislead it for the rest of the import.
MANY = 1000


def write(plan: Plan, source: Source, *, today: date, now: datetime) -> None:
    """Write groups, places, meetings and records, then listings and new groups' assessments."""
    with connection.cursor() as cursor:
        # Else each row waits in a queue for its keys to be checked, and the history's triggers
        # walk through that queue for every row.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    bulk.insert(plan.new_groups)
    bulk.insert(plan.new_places)
    bulk.upsert(plan.changed_groups, unique=["id"])
    bulk.upsert(plan.changed_places, unique=["id"])
    bulk.insert(plan.new_meetings)
    bulk.upsert(plan.changed_meetings, unique=["id"])
    if len(plan.new_meetings) > MANY:
        bulk.analyze(Group, Place, Meeting)
    _write_records(plan, source)
    _note_conflicts(plan, now=now)
    _bring_search_up_to_date(plan, today=today)


def _write_records(plan: Plan, source: Source) -> None:
    records = [
        Record(
            source=source,
            key=meeting.source_key,
            meeting=meeting,
            content_hash=gathering.digest,
            cleaned=gathering.record.public(),
        )
        for meeting, gathering in plan.records
    ]
    fresh = {meeting.pk for meeting in plan.new_meetings}
    known = [record.meeting_id for record in records if record.meeting_id not in fresh]
    Record.objects.filter(meeting__in=known).delete()
    bulk.insert(records)


def _note_conflicts(plan: Plan, *, now: datetime) -> None:
    """Let curators know where a feed says other than a locked value, once for each word of it."""
    for lock, differs, said in plan.said_of_locks:
        value = _shown(lock.field, said) if differs else None
        is_news = differs and value != lock.settled_value
        since = (lock.conflict_since or now) if is_news else None
        if (value, since) != (lock.feed_value, lock.conflict_since):
            lock.feed_value, lock.conflict_since = value, since
            lock.save(update_fields=["feed_value", "conflict_since"])


def _shown(field: str, said: object) -> object:
    # That a code or a password differs is all that is kept of it here.
    if field in CREDENTIALS:
        return {"hidden": True}
    if isinstance(said, Model):
        return {"name": str(said)}
    return "" if said is None else plain(said)


def _bring_search_up_to_date(plan: Plan, *, today: date) -> None:
    # Reassessing writes the listings of the groups it reads, so these come first.
    curation.reassess([*plan.new_groups, *plan.relisted_groups], today=today)
    changed = {meeting.pk for meeting in (*plan.new_meetings, *plan.changed_meetings)}
    groups = [group.pk for group in plan.changed_groups]
    places = [place.pk for place in plan.changed_places]
    if groups:
        changed |= set(Meeting.objects.filter(group__in=groups).values_list("pk", flat=True))
    if places:
        changed |= set(Meeting.objects.filter(place__in=places).values_list("pk", flat=True))
    # Another source's telling of a meeting stands in for one that is retired.
    changed |= set(Meeting.objects.filter(merged_into__in=changed).values_list("pk", flat=True))
    fresh = {group.pk for group in plan.new_groups}
    done = {meeting.pk for meeting in plan.new_meetings if meeting.group_id in fresh}
    index.refresh(changed - done)
