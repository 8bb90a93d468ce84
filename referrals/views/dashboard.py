"""Where a member starts: what needs doing first, then what is under way."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.paginator import Paginator
from django.db.models import Prefetch, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from finder.models import User
from referrals import audit, emergency, steps
from referrals.consent import receiving
from referrals.guards import member_page, organization_of
from referrals.models import BreakGlass, Kind, NeedsDraft, Organization, Plan, Referral, Step, Task
from referrals.permissions import Permission, allows, waits_for_agreement
from referrals.views.plans import DRAFT_LIVES
from referrals.views.worksheet import when_words

PAGE_SIZE = 50
AHEAD = timedelta(days=14)


@require_safe
@member_page
def dashboard(request: HttpRequest) -> HttpResponse:
    """Where a member starts; for an administrator all referrals, without content."""
    own = organization_of(request)
    user, now = request.user, timezone.now()
    oversees = allows(user, Permission.OVERSEE, organization=own)
    for kind, what in ((Kind.REFERRAL_LISTED, "referral"), (Kind.TASK_LISTED, "task")):
        audit.record(kind, target=(what, ""), by=user, organization=own)
    mine = _rows(Referral.objects.visible_to(user).live()).order_by("-state_at", "id")
    context = {
        "membership": request.membership,
        "is_waiting": request.membership is None and waits_for_agreement(user),
        "can_add": allows(user, Permission.ADD_PATIENT, organization=own),
        **_to_do(user, now=now),
        "first_meetings": _first_meetings(user, now=now),
        "drafts": _drafts(user, now=now),
        "plans": _plans(user),
        "mine": mine[:PAGE_SIZE],
        "received": receiving.received_by(user, now=now)[:PAGE_SIZE],
        "oversees": oversees,
        "overseen": _overseen(request) if oversees else None,
        "openings": _openings(own, now=now) if oversees else (),
    }
    return render(request, "referrals/dashboard.html", context)


def _openings(own: Organization, *, now: datetime) -> list[tuple[BreakGlass, bool]]:
    """Give what was opened in an emergency of late, and whether it still is."""
    return [(row, row.is_open(now)) for row in emergency.recent(own, now=now)[:PAGE_SIZE]]


def _rows(queryset: QuerySet) -> QuerySet:
    return queryset.select_related("group__program", "organization", "created_by", "patient")


def _overseen(request: HttpRequest):
    rows = _rows(Referral.objects.overseen_by(request.user)).order_by("-state_at", "id")
    return Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))


def _to_do(user: User, *, now: datetime) -> dict:
    """Part what is due from what comes within two weeks."""
    today = now.astimezone(ZoneInfo(settings.DEFAULT_VIEWER_ZONE)).date()
    rows = Task.objects.visible_to(user).open().filter(due_on__lte=today + AHEAD)
    rows = rows.select_related("patient", "plan").order_by("-is_urgent", "due_on", "opened_at")
    found = list(rows[:PAGE_SIZE])
    return {
        "today": today,
        "due": [task for task in found if task.due_on <= today],
        "coming": [task for task in found if task.due_on > today],
    }


def _first_meetings(user: User, *, now: datetime) -> list[tuple[Referral, str]]:
    rows = Referral.objects.visible_to(user).live()
    rows = rows.filter(first_meeting_at__gte=now - timedelta(days=1))
    rows = rows.select_related("patient", "plan", "group").order_by("first_meeting_at")
    return [(row, when_words(row.first_meeting_at, row.plan.zone)) for row in rows[:PAGE_SIZE]]


def _drafts(user: User, *, now: datetime) -> QuerySet[NeedsDraft]:
    rows = NeedsDraft.objects.filter(written_by=user, written_at__gt=now - DRAFT_LIVES)
    return rows.select_related("patient").order_by("-written_at")


def _plans(user: User) -> list[tuple[Plan, steps.Kept | None, int]]:
    """Give each live plan with its next step and its fidelity."""
    numbers = Prefetch("steps", Step.objects.only("plan_id", "number"))
    rows = Plan.objects.visible_to(user).live().select_related("patient")
    rows = rows.defer("needs", "suggestions", "ladder").prefetch_related(numbers)
    found = []
    for plan in rows.order_by("-created_at")[:PAGE_SIZE]:
        done = {step.number for step in plan.steps.all()}
        ahead = next((step for number, step in steps.STEPS.items() if number not in done), None)
        found.append((plan, ahead, steps.fidelity(done)))
    return found
