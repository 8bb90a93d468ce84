"""People who meet newcomers: the clinic's list without names, and who is next for one plan."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referrals import lifecycle, newcomers
from referrals.forms.newcomers import NewcomerForm, PrefersForm
from referrals.guards import member_page
from referrals.models import NewcomerContact
from referrals.permissions import Permission, demand
from referrals.views.plan_pages import plans_of, show_plan


def _contacts(request: HttpRequest) -> QuerySet[NewcomerContact]:
    """Those of the member's own organization."""
    own = request.membership and request.membership.organization_id
    rows = NewcomerContact.objects.filter(organization=own, ended_on=None)
    return rows.select_related("group", "organization")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def newcomer_list(request: HttpRequest) -> HttpResponse:
    """The clinic's contacts by group, without names; a post enters one more."""
    own = request.membership and request.membership.organization
    demand(request.user, Permission.TAKE_STEP, organization=own)
    form = NewcomerForm(request.POST if request.method == "POST" else None)
    if form.is_valid():
        told = {name: value for name, value in form.cleaned_data.items() if name != "is_adult"}
        group = told.pop("group")
        newcomers.add(group, organization=own, by=request.user, now=timezone.now(), **told)
        messages.success(request, _("Entered."))
        return redirect("referrals:newcomers")
    context = {
        "form": form,
        "contacts": _contacts(request),
        "available": set(newcomers.available(own, now=timezone.now())),
    }
    return render(request, "referrals/newcomers.html", context, status=400 if form.errors else 200)


@require_POST
@member_page
def newcomer_change(request: HttpRequest, pk: UUID, what: str) -> HttpResponse:
    """Confirm, pause, resume or end a contact; raise a concern, or settle one."""
    own = request.membership and request.membership.organization
    demand(request.user, Permission.TAKE_STEP, organization=own)
    contact = get_object_or_404(_contacts(request), pk=pk)
    by, now = request.user, timezone.now()
    try:
        if what == "report":
            newcomers.report(contact, reason=request.POST.get("reason", "")[:500], by=by, now=now)
        elif what == "clear":
            newcomers.clear(contact, by=by)
        else:
            newcomers.change(contact, what, by=by, now=now)
    except lifecycle.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted."))
    return redirect("referrals:newcomers")


@require_POST
@member_page
def plan_newcomer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show who could meet this person, one at a time, while step 4 is being done."""
    plan = get_object_or_404(plans_of(request), pk=pk)
    form = PrefersForm(request.POST)
    if not form.is_valid():
        raise Http404
    referral = get_object_or_404(plan.referrals.live(), pk=form.cleaned_data["which"])
    told = {"by": request.user, "prefers": form.cleaned_data["prefers"]}
    try:
        contact = newcomers.next_for(plan, referral, now=timezone.now(), **told)
    except lifecycle.Refused as refusal:
        messages.error(request, str(refusal))
        return redirect(plan)
    if contact is None:
        messages.info(request, _("Nobody of this group can meet them at present."))
        return redirect(plan)
    return show_plan(request, plan, contact=contact)


@require_POST
@member_page
def plan_introduce(request: HttpRequest, pk: UUID, contact: UUID) -> HttpResponse:
    """Note that a contact meets this person."""
    plan = get_object_or_404(plans_of(request), pk=pk)
    found = get_object_or_404(_contacts(request), pk=contact)
    try:
        newcomers.introduce(found, plan, by=request.user, now=timezone.now())
    except lifecycle.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted: they will meet. Now agree the day in step 4."))
    return redirect(plan)
