"""A clinic's shortlists: all of them, and one with its meetings."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from finder.presenters.groups import MeetingLine, meeting_line
from referrals import lifecycle, shortlists
from referrals.forms.shortlists import AddForm, ShortlistForm
from referrals.guards import member_page
from referrals.models import Organization, Shortlist, ShortlistEntry
from referrals.permissions import Permission, demand
from referrals.views.sheets import MAX_MEETINGS


def _own(request: HttpRequest) -> Organization:
    own = request.membership and request.membership.organization
    demand(request.user, Permission.KEEP_SHORTLISTS, organization=own)
    return own


def _lists(request: HttpRequest) -> QuerySet[Shortlist]:
    return shortlists.lists_of(_own(request)).select_related("organization")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def shortlist_list(request: HttpRequest) -> HttpResponse:
    """The clinic's lists; a post begins one."""
    own = _own(request)
    form = ShortlistForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        name, now = form.cleaned_data["name"], timezone.now()
        try:
            return redirect(shortlists.make(name, organization=own, by=request.user, now=now))
        except lifecycle.Refused as refusal:
            form.add_error("name", str(refusal))
    context = {"form": form, "lists": _lists(request)}
    return render(request, "referrals/shortlists.html", context, status=400 if form.errors else 200)


@require_safe
@member_page
def shortlist(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One list with its meetings, each with the day it was last confirmed."""
    return _show(request, get_object_or_404(_lists(request), pk=pk))


def _show(
    request: HttpRequest,
    row: Shortlist,
    *,
    add: AddForm | None = None,
    rename: ShortlistForm | None = None,
) -> HttpResponse:
    entries = list(row.entries.select_related("confirmed_by"))
    shown = shortlists.shown_now([entry.meeting_id for entry in entries])
    listed = [shown[e.meeting_id].pk for e in entries if e.meeting_id in shown]
    query = ",".join(map(str, listed[:MAX_MEETINGS]))
    context = {
        "shortlist": row,
        "lines": [(_line(entry, shown), entry) for entry in entries],
        "plan": f"{reverse('plan')}?m={query}" if query else "",
        "add": add or AddForm(auto_id="add_%s"),
        "rename": rename or ShortlistForm({"name": row.name}, auto_id="rename_%s"),
    }
    status = 400 if add or rename else 200
    return render(request, "referrals/shortlist.html", context, status=status)


def _line(entry: ShortlistEntry, shown: dict) -> MeetingLine | None:
    meeting = shown.get(entry.meeting_id)
    return meeting and meeting_line(meeting)


@require_POST
@member_page
def shortlist_change(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """Rename a list, put meetings on it, confirm all of it, or remove it."""
    row = get_object_or_404(_lists(request), pk=pk)
    by, now = request.user, timezone.now()
    match what:
        case "rename":
            return _rename(request, row)
        case "add":
            return _add(request, row)
        case "confirm":
            shortlists.confirm(row, by=by, now=now)
            messages.success(request, _("Noted: all of it is still right."))
            return redirect(row)
        case "end":
            shortlists.end(row, by=by)
            messages.success(request, _("The list was removed."))
            return redirect("referrals:shortlists")
    raise Http404


def _rename(request: HttpRequest, row: Shortlist) -> HttpResponse:
    form = ShortlistForm(request.POST, auto_id="rename_%s")
    if form.is_valid():
        try:
            shortlists.rename(row, form.cleaned_data["name"], by=request.user)
        except lifecycle.Refused as refusal:
            form.add_error("name", str(refusal))
    if form.errors:
        return _show(request, row, rename=form)
    messages.success(request, _("The name was changed."))
    return redirect(row)


def _add(request: HttpRequest, row: Shortlist) -> HttpResponse:
    form = AddForm(request.POST, auto_id="add_%s")
    if form.is_valid():
        ids = form.cleaned_data["meetings"]
        try:
            shortlists.add(row, ids, by=request.user, now=timezone.now())
        except lifecycle.Refused as refusal:
            form.add_error("meetings", str(refusal))
    if form.errors:
        return _show(request, row, add=form)
    messages.success(request, _("Added."))
    return redirect(row)


@require_POST
@member_page
def shortlist_entry(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """Confirm one meeting of a list, or take it off."""
    own = _own(request)
    rows = ShortlistEntry.objects.filter(organization=own)
    entry = get_object_or_404(rows.select_related("shortlist__organization"), pk=pk)
    if what == "confirm":
        shortlists.confirm(entry.shortlist, entry=entry, by=request.user, now=timezone.now())
    elif what == "remove":
        shortlists.remove(entry, by=request.user)
    else:
        raise Http404
    messages.success(request, _("Noted."))
    return redirect(entry.shortlist)
