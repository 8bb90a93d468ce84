"""My plan: chosen meetings that are kept in the address alone, as a week, in neutral words."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.http import require_http_methods, require_safe

from finder.forms import PlanForm, ZoneForm
from finder.models import Listing, Meeting
from finder.presenters.calendars import calendar
from finder.presenters.cards import planned
from finder.presenters.codes import code_of
from finder.presenters.weeks import days_of, free_days, free_words
from finder.presenters.words import zone_words
from finder.requests import same_origin_post
from finder.views.carried import ids_text, read_ids
from finder.views.gaps import fitting, suggested


@require_safe
def plan(request: HttpRequest) -> HttpResponse:
    """The chosen meetings; it says nothing of who chose them, or why."""
    ids = read_ids(request.GET)
    if ids is None:
        return render(request, "finder/plan.html", {"is_wrong": True}, status=400)
    now, listings = timezone.now(), _listings(ids)
    if moved := _moved(ids, listings):
        # Not for good: a merge may be undone.
        asked = request.GET.copy()
        asked["m"] = ids_text(moved)
        return redirect(f"{reverse('plan')}?{asked.urlencode(safe=',')}")
    zone = _zone(request, listings)
    days = days_of(listings, now=now, zone=zone)
    query = f"?m={ids_text(ids)}"
    context = {
        "meetings": [(planned(each, now=now), _without(ids, each.pk)) for each in listings],
        "days": days,
        "zone": zone_words(zone),
        "zones": ZoneForm({"m": ids_text(ids), "tz": zone}),
        "missing": len(ids) - len(listings),
        "calendar": f"{reverse('plan-calendar')}{query}",
        "address": request.build_absolute_uri(reverse("plan") + query),
        "code": code_of(request.build_absolute_uri(reverse("plan") + query)),
        "more": f"{reverse('search')}{query}",
        "free": free_words(days) if listings else "",
        "fits": fitting(listings, free_days(days), zone=zone, now=now),
        "fill": f"{reverse('plan-gaps')}{query}",
        "kept_query": query,
    }
    return render(request, "finder/plan.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def plan_gaps(request: HttpRequest) -> HttpResponse:
    """Meetings for the days without one; a medication is posted and answered in place."""
    ids = read_ids(request.POST if request.method == "POST" else request.GET)
    form = PlanForm(request.POST if request.method == "POST" else {"m": ids_text(ids or ())})
    if ids is None or not form.is_valid():
        return render(request, "finder/plan.html", {"is_wrong": True}, status=400)
    now, listings = timezone.now(), _listings(ids)
    zone = _zone(request, listings)
    days = days_of(listings, now=now, zone=zone)
    medication = form.cleaned_data["medication"] if request.method == "POST" else ""
    context = {
        "form": form,
        "free": free_words(days),
        "page": suggested(
            listings, free_days(days), zone=zone, now=now, medication=medication, ids=ids
        ),
        "zone": zone_words(zone),
        "plan": f"{reverse('plan')}?m={ids_text(ids)}",
        "kept_query": f"?m={ids_text(ids)}",
    }
    response = render(request, "finder/plan_gaps.html", context)
    if medication:
        add_never_cache_headers(response)
        patch_cache_control(response, no_store=True)
    return response


@require_safe
def plan_calendar(request: HttpRequest) -> HttpResponse:
    """The same meetings as a calendar file."""
    ids = read_ids(request.GET)
    if ids is None:
        return HttpResponseBadRequest()
    listings = _listings(ids)
    if moved := _moved(ids, listings):
        listings = _listings(moved)
    content = calendar(listings, now=timezone.now())
    headers = {"Content-Disposition": 'attachment; filename="meetings.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


def _moved(ids: list[int], listings: list[Listing]) -> list[int]:
    """Give the ids anew where some were merged into others since; else nothing."""
    missing = set(ids) - {each.pk for each in listings}
    instead = Meeting.objects.shown_instead(list(missing)) if missing else {}
    return list(dict.fromkeys(instead.get(pk, pk) for pk in ids)) if instead else []


def _listings(ids: list[int]) -> list[Listing]:
    found = Listing.objects.with_document().in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


def _without(ids: list[int], pk: int) -> str:
    """Give the address of the plan without a meeting; without its last, a new search."""
    left = [other for other in ids if other != pk]
    return f"{reverse('plan')}?m={ids_text(left)}" if left else reverse("search")


def _zone(request: HttpRequest, listings: list[Listing]) -> str:
    """Whose clock: the one asked for, else that of the first meeting somebody travels to."""
    asked = ZoneForm(request.GET)
    if asked.is_valid() and asked.cleaned_data["tz"]:
        return asked.cleaned_data["tz"]
    here = [each.timezone for each in listings if each.lat is not None and each.timezone]
    others = [each.timezone for each in listings if each.timezone]
    return next(iter([*here, *others]), settings.DEFAULT_VIEWER_ZONE)
