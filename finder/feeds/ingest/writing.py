"""Writes a plan in bulk, inside the caller's transaction, and brings the search up to date."""

from datetime import date

from django.db.models import Model

from finder import curation
from finder.feeds.ingest.values import Plan
from finder.models import Group, Meeting, Place, Record, Source
from finder.search import index

_BATCH = 1000


def write(plan: Plan, source: Source, *, today: date) -> None:
    """Write groups, places, meetings and records, then listings and new groups' assessments."""
    _create(Group, plan.new_groups)
    _create(Place, plan.new_places)
    _update(Group, plan.changed_groups)
    _update(Place, plan.changed_places)
    _create(Meeting, plan.new_meetings)
    _update(Meeting, plan.changed_meetings)
    _write_records(plan, source)
    _bring_search_up_to_date(plan, today=today)


def _create(model: type[Model], rows: list) -> None:
    model.objects.bulk_create(rows, batch_size=_BATCH)


def _update(model: type[Model], rows: list) -> None:
    # An upsert on the id is many times faster than UPDATE with a CASE for each row.
    fields = [
        field.name
        for field in model._meta.concrete_fields
        if not field.primary_key and field.name != "created_at"
    ]
    model.objects.bulk_create(
        rows,
        batch_size=_BATCH,
        update_conflicts=True,
        unique_fields=["id"],
        update_fields=fields,
    )


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
    Record.objects.filter(meeting__in=[r.meeting_id for r in records]).delete()
    Record.objects.bulk_create(records, batch_size=_BATCH)


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
    fresh = {group.pk for group in plan.new_groups}
    done = {meeting.pk for meeting in plan.new_meetings if meeting.group_id in fresh}
    index.refresh(changed - done)
