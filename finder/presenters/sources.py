"""What curators are told of a source: how old its data are and how reading it goes."""

from datetime import datetime, timedelta
from enum import StrEnum

from django.utils.timesince import timesince
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finder.models import Source

# A pull that is this late was missed, not only queued.
OVERDUE = timedelta(hours=1)


class Health(StrEnum):
    """How a source does."""

    BY_HAND = "by_hand"
    NEW = "new"
    FAILING = "failing"
    PARKED = "parked"
    OVERDUE = "overdue"
    NOTED = "noted"
    WELL = "well"


def health(source: Source, *, now: datetime) -> Health:
    """Sort a source into one state; the worst that holds."""
    if source.failures:
        return Health.FAILING
    is_good = source.last_success_at == source.last_pulled_at
    if source.health and not is_good:
        return Health.PARKED
    if not source.is_pulled:
        return Health.BY_HAND
    if source.next_pull_at and source.next_pull_at + OVERDUE < now:
        return Health.OVERDUE
    if source.last_pulled_at is None:
        return Health.NEW
    return Health.NOTED if source.health else Health.WELL


def health_words(source: Source, *, now: datetime) -> str:
    """Say in a sentence or two how reading a source goes, and what a curator can do."""
    match health(source, now=now):
        case Health.FAILING:
            tries = ngettext("Tried %d time.", "Tried %d times in a row.", source.failures)
            return f"{source.health} {tries % source.failures}"
        case Health.PARKED:
            return _("Waiting for a curator. %s") % source.health
        case Health.NOTED:
            return source.health
        case Health.BY_HAND:
            return _("Read only when someone asks.")
        case Health.NEW:
            return _("Not read yet.")
        case Health.OVERDUE:
            late = timesince(source.next_pull_at, now, depth=1)
            return _("It should have been read %s ago. Is a worker running?") % late
        case Health.WELL:
            return _("All well.")
        case other:
            raise ValueError(other)


def age_words(source: Source, *, now: datetime) -> str:
    """Say how old the last good data of a source are."""
    if source.last_seen_at is None:
        return _("no data yet")
    if now - source.last_seen_at < timedelta(minutes=1):
        return _("just now")
    return _("%s ago") % timesince(source.last_seen_at, now, depth=1)


def next_words(source: Source, *, now: datetime) -> str:
    """Say when a source is read next by itself."""
    if not source.is_pulled:
        return _("not by itself")
    if source.next_pull_at is None or source.next_pull_at <= now:
        return _("now")
    return _("in %s") % timesince(now, source.next_pull_at, depth=1)
