"""The page and the calendar that a handout points at: chosen meetings, in neutral words."""

import re
from datetime import datetime

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from finder.models import Listing
from finder.presenters.calendars import calendar
from finder.presenters.cards import PlannedMeeting, planned

MAX_MEETINGS = 20
_IDS = re.compile(r"\d{1,18}(,\d{1,18})*", re.ASCII)


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The meetings of a handout; it says nothing of who chose them, or why."""
    ids = _read_ids(request)
    if ids is None:
        return render(request, "finder/plan.html", {"is_wrong": True}, status=400)
    meetings = _planned(ids, now=timezone.now())
    query = f"?m={','.join(str(pk) for pk in ids)}"
    context = {
        "meetings": meetings,
        "missing": len(ids) - len(meetings),
        "calendar": f"{reverse('plan-calendar')}{query}",
        "kept_query": query,
    }
    return render(request, "finder/plan.html", context)


@require_safe
def plan_calendar(request: HttpRequest) -> HttpResponse:
    """The same meetings as a calendar file."""
    ids = _read_ids(request)
    if ids is None:
        return HttpResponseBadRequest()
    content = calendar(_listings(ids), now=timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="meetings.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _read_ids(request: HttpRequest) -> list[int] | None:
    """Read ``m=1,2,3``, in its order and without repeats; None when it is not that."""
    text = ",".join(request.GET.getlist("m"))
    if not _IDS.fullmatch(text):
        return None
    ids = list(dict.fromkeys(int(part) for part in text.split(",")))
    return ids if len(ids) <= MAX_MEETINGS else None


def _listings(ids: list[int]) -> list[Listing]:
    found = Listing.objects.with_document().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _planned(ids: list[int], *, now: datetime) -> list[PlannedMeeting]:
    return [planned(listing, now=now) for listing in _listings(ids)]
