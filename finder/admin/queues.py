"""What waits on the desk: counts and ages of each queue, on the front page of the admin."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.contrib import admin
from django.db.models import Count, Min, Q, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finder import curation
from finder.freshness import doubtful_before
from finder.models import (
    DuplicatePair,
    Evidence,
    FieldLock,
    Group,
    GroupStatement,
    ImportRun,
    ImportStatus,
    Inquiry,
    InquiryOutcome,
    Job,
    Listing,
    PairState,
    Source,
    Suggestion,
    SuggestionKind,
)
from finder.vocab import EvidenceKind, Format


@dataclass(frozen=True)
class Queue:
    """One queue: what it is, how many wait, for how long, and the way to the first."""

    words: str
    count: int
    oldest_days: int | None
    url: str
    key: str = ""
    is_urgent: bool = False

    @property
    def age(self) -> str:
        if self.oldest_days is None:
            return ""
        return ngettext("%d day", "%d days", self.oldest_days) % self.oldest_days


def queues(*, now: datetime) -> list[Queue]:
    """Count what waits, what is urgent first; a fixed number of queries."""
    found = [*_said(now), *_evidence(now), *_feeds(now), *_upkeep(now)]
    keys = iter("123456789")
    return [replace(each, key=next(keys, "") if each.count else "") for each in found]


def _said(now: datetime) -> Iterator[Queue]:
    waiting = Suggestion.objects.waiting().order_by()
    url = reverse("admin:finder_suggestion_changelist")
    urgent = _counted(waiting.filter(is_urgent=True), "received_at")
    yield _queue(_("Safety reports"), urgent, f"{url}?kind={SuggestionKind.SAFETY}", now, True)
    others = _counted(waiting.filter(is_urgent=False), "received_at")
    yield _queue(_("Suggestions"), others, url, now)
    statements = _counted(GroupStatement.objects.waiting().order_by(), "received_at")
    url = reverse("admin:finder_groupstatement_changelist")
    yield _queue(_("Statements of groups"), statements, url, now)


def _evidence(now: datetime) -> Iterator[Queue]:
    url = reverse("admin:finder_evidence_changelist")
    unread, second = first_review(), second_review()
    yield _queue(
        _("Evidence to review"),
        _counted(unread, "entered_at"),
        f"{url}?reviewed_at__isempty=1&withdrawn_at__isempty=1",
        now,
    )
    yield _queue(
        _("Evidence for a second reviewer"),
        _counted(second, "entered_at"),
        f"{url}?waits=second",
        now,
    )
    yield _queue(
        _("Groups to ask for their reply"),
        _counted(unasked(), "entered_at"),
        f"{url}?waits=reply",
        now,
    )
    waiting = Inquiry.objects.filter(outcome=InquiryOutcome.WAITING)
    url = reverse("admin:finder_inquiry_changelist")
    yield _queue(
        _("Groups that were asked and have not answered"),
        _counted(waiting, "asked_on"),
        f"{url}?outcome__exact={InquiryOutcome.WAITING}",
        now,
    )


def _negative() -> QuerySet[Evidence]:
    """Pieces that speak against a group and may end in reported limits."""
    against = Q(attend="no") | Q(no_pressure="no") | Q(speak="no")
    standing = Evidence.objects.filter(against, withdrawn_at=None).order_by()
    return standing.exclude(kind=EvidenceKind.HEARSAY)


def first_review() -> QuerySet[Evidence]:
    """Pieces nobody has reviewed; patients' reports are published in batches, as they are."""
    rows = Evidence.objects.filter(reviewed_at=None, withdrawn_at=None).order_by()
    return rows.exclude(kind=EvidenceKind.PATIENT_REPORT)


def second_review() -> QuerySet[Evidence]:
    """Pieces that speak against a group and wait for another person's review."""
    return _negative().filter(second_reviewed_at=None)


def unasked() -> QuerySet[Evidence]:
    """Pieces that two people reviewed and of which the group does not know yet."""
    return _negative().filter(second_reviewed_at__isnull=False, reply_asked_on=None)


def _feeds(now: datetime) -> Iterator[Queue]:
    runs = reverse("admin:finder_importrun_changelist")
    # A later run of the same source settles a parked one.
    newest = ImportRun.objects.order_by("source", "-started_at", "-pk").distinct("source")
    parked = ImportRun.objects.filter(pk__in=newest.values("pk"), status=ImportStatus.PARKED)
    yield _queue(
        _("Imports that wait for a decision"),
        _counted(parked, "started_at"),
        f"{runs}?status__exact={ImportStatus.PARKED}",
        now,
    )
    conflicts = FieldLock.objects.filter(conflict_since__isnull=False)
    yield _queue(
        _("Feeds that say other than we do"),
        _counted(conflicts, "conflict_since"),
        reverse("admin:finder_fieldlock_changelist"),
        now,
    )
    pairs = DuplicatePair.objects.filter(state=PairState.WAITING)
    yield _queue(
        _("Groups that may be listed twice"),
        _counted(pairs, "found_at"),
        reverse("admin:finder_duplicatepair_changelist") + f"?state__exact={PairState.WAITING}",
        now,
    )
    failing = Source.objects.filter(failures__gt=0)
    yield _queue(
        _("Sources that cannot be read"),
        _counted(failing, "last_success_at"),
        reverse("admin:finder_source_changelist") + "?health=failing",
        now,
    )
    codes = curation.unknown_codes()
    url = reverse("admin:finder_codemapping_changelist")
    yield Queue(_("Codes nobody knows"), len(codes), None, url)
    failed = Job.objects.filter(failed_at__isnull=False)
    yield _queue(
        _("Jobs that were given up"),
        _counted(failed, "failed_at"),
        reverse("admin:finder_job_changelist") + "?failed_at__isempty=0",
        now,
    )


def _upkeep(now: datetime) -> Iterator[Queue]:
    due = Group.objects.listed().filter(consent_review_on__lte=now.date())
    yield _queue(
        _("Consents of communities to renew"),
        _counted(due.order_by(), "consent_review_on"),
        reverse("admin:finder_group_changelist") + "?stale=consent",
        now,
    )
    stale = doubtful(today=now.date())
    yield _queue(
        _("Listings to check again"),
        _counted(stale, "verified_on"),
        reverse("admin:finder_meeting_changelist") + "?stale=listing",
        now,
    )


def doubtful(*, today: date) -> QuerySet[Listing]:
    """Listings less likely right than the least that is worth a way, or never checked."""
    afar = Q(format__in=[Format.ONLINE, Format.PHONE])
    old = Q(verified_on=None)
    old |= afar & Q(verified_on__lt=doubtful_before(Format.ONLINE, today=today))
    old |= ~afar & Q(verified_on__lt=doubtful_before(Format.IN_PERSON, today=today))
    return Listing.objects.filter(old)


def _counted(rows: QuerySet, field: str) -> dict:
    return rows.aggregate(count=Count("pk"), oldest=Min(field))


def _queue(words: str, counted: dict, url: str, now: datetime, is_urgent: bool = False) -> Queue:
    oldest = counted["oldest"]
    days = None
    if counted["count"] and oldest is not None:
        day = oldest.date() if isinstance(oldest, datetime) else oldest
        days = max((now.date() - day).days, 0)
    return Queue(words, counted["count"], days, url, is_urgent=is_urgent and counted["count"] > 0)


def desk_index(request, extra_context=None):
    """Show the queues above the stock list of models, to curators."""
    shown = {}
    if request.user.has_perm("finder.view_evidence"):
        shown = {"queues": queues(now=timezone.now())}
    return _stock_index(request, shown | (extra_context or {}))


_stock_index = admin.site.index
