"""Keeps what a run changed, so that it can be shown and taken back exactly."""

from datetime import date, time
from itertools import chain

from finder import bulk, sealing
from finder.feeds.ingest.drawing import Drawn
from finder.feeds.ingest.parking import PURPOSE
from finder.feeds.ingest.values import Plan
from finder.models import (
    CREDENTIALS,
    Group,
    ImportChange,
    ImportRun,
    Meeting,
    Place,
    Record,
)


def keep_changes(drawn: Drawn, run: ImportRun) -> None:
    """Store a written plan's changes: the ids of new rows, and what stood in changed ones."""
    plan = drawn.plan
    new = chain(plan.new_groups, plan.new_places, plan.new_meetings)
    changes = {_name(row): _change(run, row, is_new=True) for row in new}
    for row in chain(plan.changed_groups, plan.changed_places, plan.changed_meetings):
        changes[_name(row)] = _changed(run, row, plan)
    for meeting, gathering in plan.records:
        change = changes.setdefault(_name(meeting), _change(run, meeting, is_new=False))
        if not change.is_new:
            now = gathering.record.public()
            change.record = _stood(drawn.state.records.get(meeting.pk), now)
    bulk.insert(list(changes.values()))


def plain(value: object) -> object:
    """Return a field's value as JSON has it."""
    if isinstance(value, date | time):
        return value.isoformat()
    return list(value) if isinstance(value, tuple) else value


def _name(row: Group | Place | Meeting) -> tuple[str, int]:
    return row._meta.model_name, row.pk


def _change(run: ImportRun, row: Group | Place | Meeting, *, is_new: bool) -> ImportChange:
    return ImportChange(run=run, model=row._meta.model_name, object_id=row.pk, is_new=is_new)


def _changed(run: ImportRun, row: Group | Place | Meeting, plan: Plan) -> ImportChange:
    change, before = _change(run, row, is_new=False), plan.before[id(row)]
    shown = [field for field in before if field not in CREDENTIALS]
    change.before = {field: plain(before[field]) for field in shown}
    change.after = {field: plain(getattr(row, field)) for field in shown}
    if secrets := {field: before[field] for field in before if field in CREDENTIALS}:
        change.secrets = sealing.seal(secrets, purpose=PURPOSE)
    return change


def _stood(stored: Record | None, now: dict) -> dict | None:
    """Return what the record said where it says something else now."""
    if stored is None:
        return None
    said = stored.cleaned
    return {
        "key": stored.key,
        "content_hash": stored.content_hash,
        "cleaned": {name: said[name] for name in said if said[name] != now.get(name)},
    }
