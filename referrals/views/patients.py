"""A member's patients: the list, one patient, and who works with them."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referrals import audit, caseload
from referrals.forms import AssignForm, PatientForm
from referrals.guards import member_page, organization_of
from referrals.models import LIVE_STATES, Assignment, Kind, Patient
from referrals.permissions import Permission, allows, demand

PAGE_SIZE = 50


def visible_patient(request: HttpRequest, pk: UUID) -> Patient:
    """Return a patient this person may see; for anyone else there is no such page."""
    rows = Patient.objects.visible_to(request.user).select_related("organization")
    return get_object_or_404(rows, pk=pk)


@require_safe
@member_page
def patient_list(request: HttpRequest) -> HttpResponse:
    """Those whom the person added or is assigned to."""
    live = Count("referrals", filter=Q(referrals__state__in=LIVE_STATES))
    rows = Patient.objects.visible_to(request.user).annotate(live=live).order_by("-created_at")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    own = organization_of(request)
    audit.record(Kind.PATIENT_LISTED, target=("patient", ""), by=request.user, organization=own)
    can_add = allows(request.user, Permission.ADD_PATIENT, organization=own)
    context = {"page": page, "can_add": can_add, "form": PatientForm(auto_id="find_%s")}
    return render(request, "referrals/patient_list.html", context)


@require_POST
@member_page
def patient_find(request: HttpRequest) -> HttpResponse:
    """Open the patient with a label; it is posted, so it stands in no address."""
    form = PatientForm(request.POST)
    own = request.membership and request.membership.organization
    found = None
    if own and form.is_valid():
        mine = Patient.objects.visible_to(request.user)
        found = mine.labelled(form.cleaned_data["label"], organization=own).first()
    if found:
        return redirect(found)
    messages.info(request, _("You have no patient with that label."))
    return redirect("referrals:patients")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def patient_new(request: HttpRequest) -> HttpResponse:
    """Add a patient under the clinic's own label."""
    own = request.membership and request.membership.organization
    demand(request.user, Permission.ADD_PATIENT, organization=own)
    form = PatientForm(request.POST if request.method == "POST" else None)
    if not form.is_valid():
        status = 400 if form.errors else 200
        return render(request, "referrals/patient_new.html", {"form": form}, status=status)
    patient, is_new = caseload.add_patient(
        form.cleaned_data["label"], organization=own, by=request.user
    )
    if is_new:
        return redirect("referrals:needs", patient.pk)
    messages.info(request, _("You already have a patient with that label. Here it is."))
    return redirect(patient)


@require_safe
@member_page
def patient_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One patient: the plan, its referrals, and who works with them."""
    patient = visible_patient(request, pk)
    audit.record(
        Kind.PATIENT_READ, target=patient, by=request.user, organization=patient.organization
    )
    return render(request, "referrals/patient.html", _patient_context(request, patient))


def _patient_context(request: HttpRequest, patient: Patient) -> dict:
    referrals = patient.referrals.select_related("group__program").order_by("-created_at")
    assignments = patient.assignments.current().select_related("member__user")
    return {
        "patient": patient,
        "plan": patient.plans.filter(closed_at=None).select_related("created_by").first(),
        "referrals": referrals,
        "assignments": assignments,
        "assign_form": AssignForm(colleagues=caseload.colleagues(patient)),
        "can_print": allows(
            request.user, Permission.PRINT_HANDOUT, organization=patient.organization
        ),
    }


@require_POST
@member_page
def patient_assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Let a colleague work with this patient."""
    patient = visible_patient(request, pk)
    form = AssignForm(request.POST, colleagues=caseload.colleagues(patient))
    if not form.is_valid():
        context = _patient_context(request, patient) | {"assign_form": form}
        return render(request, "referrals/patient.html", context, status=400)
    caseload.assign(patient, form.cleaned_data["member"], by=request.user)
    messages.success(request, _("Assigned."))
    return redirect(patient)


@require_POST
@member_page
def assignment_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a colleague's work with a patient."""
    visible = Assignment.objects.current().filter(
        patient__in=Patient.objects.visible_to(request.user)
    )
    assignment = get_object_or_404(visible.select_related("patient__organization"), pk=pk)
    caseload.end_assignment(assignment, by=request.user, now=timezone.now())
    messages.success(request, _("The assignment was ended."))
    still_seen = Patient.objects.visible_to(request.user).filter(pk=assignment.patient_id)
    return redirect(assignment.patient if still_seen.exists() else "referrals:patients")
