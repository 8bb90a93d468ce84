"""A clinic's shortlists: making, changing and confirming them; no patient stands on one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Count, Min, QuerySet
from django.utils.translation import gettext_lazy as _

from finder.models import Meeting, User
from referrals import audit
from referrals.lifecycle import Refused
from referrals.models import Kind, Organization, Shortlist, ShortlistEntry
from referrals.permissions import Permission, demand

# What still fits on a page, and what matching weighs beside a patient's needs.
MOST_LISTS, MOST_MEETINGS = 30, 40


def lists_of(organization: Organization | None) -> QuerySet[Shortlist]:
    """Return a clinic's lists by name, with how many meetings and since when all are confirmed."""
    rows = Shortlist.objects.filter(organization=organization)
    return rows.annotate(size=Count("entries"), since=Min("entries__confirmed_on"))


@transaction.atomic
def make(name: str, *, organization: Organization, by: User, now: datetime) -> Shortlist:
    """Begin a list; raises Refused where the clinic has one of that name, or too many."""
    demand(by, Permission.KEEP_SHORTLISTS, organization=organization)
    if Shortlist.objects.filter(organization=organization).count() >= MOST_LISTS:
        raise Refused(_("There are as many lists as there can be. Remove one first."))
    row = Shortlist(organization=organization, name=name, made_by=by, made_at=now)
    _save_named(row)
    audit.record(Kind.SHORTLIST_MADE, target=row, by=by, organization=organization)
    return row


@transaction.atomic
def rename(shortlist: Shortlist, name: str, *, by: User) -> None:
    """Give a list another name; raises Refused where another list has it."""
    row = _locked(shortlist, by=by)
    row.name = name
    _save_named(row)
    audit.record(Kind.SHORTLIST_CHANGED, target=row, by=by, organization=row.organization)


def _save_named(row: Shortlist) -> None:
    try:
        with transaction.atomic():
            row.save()
    except IntegrityError as error:
        raise Refused(_("Your clinic has a list of that name already.")) from error


@transaction.atomic
def add(shortlist: Shortlist, meetings: Iterable[int], *, by: User, now: datetime) -> int:
    """Put meetings on a list and say how many are new; one that stands there is confirmed."""
    row = _locked(shortlist, by=by)
    listed = Meeting.objects.listed().filter(pk__in=list(meetings))
    ids = list(listed.order_by("pk").values_list("pk", flat=True))
    standing = set(row.entries.values_list("meeting_id", flat=True))
    new = [pk for pk in ids if pk not in standing]
    if not ids:
        raise Refused(_("No listed meeting was named."))
    if len(standing) + len(new) > MOST_MEETINGS:
        raise Refused(_("A list holds 40 meetings at most. Take some off first."))
    ShortlistEntry.objects.bulk_create(
        ShortlistEntry(
            organization=row.organization,
            shortlist=row,
            meeting_id=pk,
            confirmed_by=by,
            confirmed_on=now.date(),
            added_at=now,
        )
        for pk in new
    )
    _confirm(row.entries.filter(meeting__in=ids), by=by, now=now)
    audit.record(Kind.SHORTLIST_CHANGED, target=row, by=by, organization=row.organization)
    return len(new)


@transaction.atomic
def remove(entry: ShortlistEntry, *, by: User) -> None:
    """Take a meeting off its list."""
    row = _locked(entry.shortlist, by=by)
    row.entries.filter(pk=entry.pk).delete()
    audit.record(Kind.SHORTLIST_CHANGED, target=row, by=by, organization=row.organization)


@transaction.atomic
def confirm(
    shortlist: Shortlist, *, by: User, now: datetime, entry: ShortlistEntry | None = None
) -> None:
    """Say today that a meeting is still right for the clinic's patients; without one, that all are.

    A meeting that is no longer listed cannot be confirmed.
    """
    row = _locked(shortlist, by=by)
    entries = row.entries.filter(meeting__in=Meeting.objects.listed())
    if entry is not None:
        entries = entries.filter(pk=entry.pk)
    _confirm(entries, by=by, now=now)
    audit.record(Kind.SHORTLIST_CONFIRMED, target=row, by=by, organization=row.organization)


def _confirm(entries: QuerySet[ShortlistEntry], *, by: User, now: datetime) -> None:
    entries.update(confirmed_by=by, confirmed_on=now.date())


@transaction.atomic
def end(shortlist: Shortlist, *, by: User) -> None:
    """Remove a list; the record keeps that there was one."""
    row = _locked(shortlist, by=by)
    audit.record(Kind.SHORTLIST_ENDED, target=row, by=by, organization=row.organization)
    row.delete()


def _locked(shortlist: Shortlist, *, by: User) -> Shortlist:
    demand(by, Permission.KEEP_SHORTLISTS, organization=shortlist.organization)
    return Shortlist.objects.select_for_update(of=("self",)).get(pk=shortlist.pk)


def standing(organization_id: UUID) -> list[tuple[Meeting, ShortlistEntry]]:
    """Give every listed meeting on a clinic's lists with its entries; two queries, three at most.

    A meeting that was merged is given as the one that is shown for it.
    """
    rows = ShortlistEntry.objects.filter(organization=organization_id).select_related("shortlist")
    entries = list(rows.order_by("shortlist__name", "added_at", "id"))
    shown = shown_now([entry.meeting_id for entry in entries])
    return [(shown[e.meeting_id], e) for e in entries if e.meeting_id in shown]


def shown_now(ids: Sequence[int]) -> dict[int, Meeting]:
    """Map meetings to what is listed for them today: themselves, or what they were merged into."""
    if not ids:
        return {}
    found = Meeting.objects.listed().with_relations().in_bulk(ids)
    missing = [pk for pk in ids if pk not in found]
    instead = Meeting.objects.shown_instead(missing) if missing else {}
    if instead:
        kept = Meeting.objects.listed().with_relations().in_bulk(list(instead.values()))
        found |= {old: kept[new] for old, new in instead.items() if new in kept}
    return found
