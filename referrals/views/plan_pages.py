"""The page of one plan: its steps, tasks, check-ins and the patient's link; each form one act."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from referrals import audit, checkins, handouts, lifecycle, linkage, sharing, steps, tasks
from referrals.forms import CheckInForm
from referrals.forms.steps import StepForm
from referrals.guards import member_page
from referrals.models import Kind, NewcomerContact, Plan, Referral, ShareLink, Task
from referrals.permissions import Permission, allows, demand
from referrals.sharing import Made
from referrals.views import worksheet
from referrals.views.sheets import chosen_meetings


def plans_of(request: HttpRequest) -> QuerySet[Plan]:
    """Those of patients whom the person may see."""
    rows = Plan.objects.visible_to(request.user)
    return rows.select_related("patient", "organization", "created_by")


@require_safe
@member_page
def plan_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The working surface of a plan."""
    plan = get_object_or_404(plans_of(request), pk=pk)
    audit.record(Kind.PLAN_READ, target=plan, by=request.user, organization=plan.organization)
    return show_plan(request, plan)


def show_plan(
    request: HttpRequest,
    plan: Plan,
    *,
    wrong: StepForm | None = None,
    told: CheckInForm | None = None,
    made: Made | None = None,
    code: str = "",
    contact: NewcomerContact | None = None,
    status: int = 200,
) -> HttpResponse:
    """Show the page of a plan, with what came of the last act."""
    now = timezone.now()
    referrals = list(plan.referrals.select_related("group__program").order_by("created_at"))
    live = [row for row in referrals if row.is_live]
    meetings = {row.pk: row for row in chosen_meetings(pk for r in live for pk in r.meetings)}
    open_tasks = list(plan.tasks.open())
    done = list(plan.steps.select_related("by"))
    groups = worksheet.names(live)
    context = {
        "plan": plan,
        "patient": plan.patient,
        "rows": worksheet.rows(plan, done, live, by=request.user, wrong=wrong),
        "fidelity": steps.fidelity(step.number for step in done),
        "counted": len(steps.COUNTED),
        "referrals": referrals,
        "card": worksheet.card(plan, live, meetings, now=now),
        "reminder": worksheet.reminder(live, zone=plan.zone, now=now),
        "contact": contact,
        "prefers": worksheet.prefers(live),
        "check_ins": [
            (row, worksheet.told_words(row))
            for row in plan.check_ins.select_related("by", "referral__group").order_by("-at")
        ],
        "told": told or (CheckInForm(groups=groups, auto_id="told_%s") if groups else None),
        "urgent_tasks": [task for task in open_tasks if task.is_urgent],
        "quiet_tasks": [task for task in open_tasks if not task.is_urgent],
        **_link_context(request, plan, made=made, code=code, now=now),
        "can_print": allows(request.user, Permission.PRINT_HANDOUT, organization=plan.organization),
    }
    return render(request, "referrals/plan.html", context, status=status)


def _link_context(
    request: HttpRequest, plan: Plan, *, made: Made | None, code: str, now: datetime
) -> dict:
    link = plan.patient.share_links.filter(revoked_at=None).first()
    address = ""
    if made is not None:
        address = request.build_absolute_uri(reverse("referrals:share", args=[made.token]))
    return {
        "link": link if link and link.is_live(now) else None,
        "address": address,
        # For the patient's own camera, so that nothing need be typed or sent.
        "drawing": handouts.drawn(address, css="share-code") if address else "",
        "code": made.code if made else code,
    }


@require_POST
@member_page
def plan_step(request: HttpRequest, pk: UUID, number: int) -> HttpResponse:
    """Write down one step."""
    plan = get_object_or_404(plans_of(request), pk=pk)
    live = plan.referrals.live().select_related("group")
    form = worksheet.form_for(number, plan, worksheet.names(live), request.POST)
    if form is None:
        raise Http404
    if not form.is_valid():
        return show_plan(request, plan, wrong=form, status=400)
    told = {"details": form.details(), "by": request.user, "key": form.used_key}
    try:
        linkage.take_step(plan, number, now=timezone.now(), **told)
    except lifecycle.Refused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted."))
    return redirect(plan)


@require_POST
@member_page
def plan_check_in(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Write down how it went, as the patient told a member."""
    plan = get_object_or_404(plans_of(request), pk=pk)
    demand(request.user, Permission.TAKE_STEP, organization=plan.organization)
    live = list(plan.referrals.live().select_related("group", "organization", "plan"))
    form = CheckInForm(request.POST, groups=worksheet.names(live), auto_id="told_%s")
    if not form.is_valid():
        return show_plan(request, plan, told=form, status=400)
    referral = form.chosen_of(live)
    key = form.cleaned_data["key"]
    checkins.record(referral, form.told(), by=request.user, now=timezone.now(), key=key)
    messages.success(request, _("Noted."))
    return redirect(plan)


@require_POST
@member_page
def plan_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Match again for the needs of the plan, without the groups that went badly."""
    plan = get_object_or_404(plans_of(request), pk=pk)
    typed = plan.needs["form"]
    lifecycle.keep_needs(plan.patient, typed, by=request.user, now=timezone.now())
    return redirect("referrals:suggestions", plan.patient_id)


@require_POST
@member_page
def share_make(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make the patient's link; it and its code are shown this once."""
    plan = get_object_or_404(plans_of(request), pk=pk)
    made = sharing.make(plan.patient, by=request.user, now=timezone.now())
    return show_plan(request, plan, made=made)


def _link(request: HttpRequest, pk: UUID) -> ShareLink:
    """Find a link of a patient this person may see, or of the organization they run."""
    rows = ShareLink.objects.filter(revoked_at=None).select_related("patient", "organization")
    link = get_object_or_404(rows, pk=pk)
    oversees = allows(request.user, Permission.OVERSEE, organization=link.organization)
    if not oversees and not plans_of(request).filter(patient=link.patient_id).exists():
        raise Http404
    return link


@require_POST
@member_page
def share_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End the patient's link."""
    link = _link(request, pk)
    sharing.revoke(link, by=request.user, now=timezone.now())
    messages.success(request, _("The link has ended."))
    plan = plans_of(request).live().filter(patient=link.patient_id).first()
    return redirect(plan or "referrals:dashboard")


@require_POST
@member_page
def share_code(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the patient's link a new code, shown this once."""
    link = _link(request, pk)
    code = sharing.reset_code(link, by=request.user, now=timezone.now())
    plan = get_object_or_404(plans_of(request).live(), patient=link.patient_id)
    return show_plan(request, plan, code=code)


@require_POST
@member_page
def task_done(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that a task was done."""
    task = get_object_or_404(Task.objects.visible_to(request.user), pk=pk)
    tasks.finish(task, by=request.user, now=timezone.now())
    messages.success(request, _("Done."))
    return redirect(task.plan if request.POST.get("back") == "plan" else "referrals:dashboard")


@require_POST
@member_page
def referral_reopen(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a closed referral up again as a new one that names it."""
    rows = Referral.objects.visible_to(request.user).select_related("organization", "patient")
    referral = get_object_or_404(rows, pk=pk)
    try:
        return redirect(lifecycle.reopen(referral, by=request.user, now=timezone.now()))
    except lifecycle.Refused as refusal:
        messages.error(request, str(refusal))
    return redirect(referral)
