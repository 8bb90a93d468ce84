"""From a patient's needs to a saved plan: the form, the suggestions, the handout."""

from datetime import datetime, timedelta
from uuid import UUID, uuid4

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referrals import audit, consent, lifecycle, linkage, shortlists, steps, suggested
from referrals.forms import NeedsForm, PlanForm
from referrals.forms.shortlists import KeepForm
from referrals.guards import member_page
from referrals.matching import Needs, Suggestions, suggest
from referrals.models import Kind, NeedsDraft, Patient, Plan, Referral, State
from referrals.permissions import Permission, allows, demand
from referrals.suggested import GroupCard
from referrals.views import beside
from referrals.views.patients import visible_patient
from referrals.views.sheets import chosen_meetings, read_ids, sheet
from referrals.views.shortlisted import Shortlisted, keep_ticked, shortlisted

# Suggestions name days ("tonight"), so needs written down earlier are asked about again.
DRAFT_LIVES = timedelta(hours=12)


def _draft_of(request: HttpRequest, patient: Patient) -> NeedsDraft | None:
    return NeedsDraft.objects.filter(patient=patient, written_by=request.user).first()


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def needs(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask what the patient needs; the answers wait sealed for the next screen."""
    patient = visible_patient(request, pk)
    demand(request.user, Permission.WRITE_PLAN, organization=patient.organization)
    form = NeedsForm(request.POST) if request.method == "POST" else _begun(request, patient)
    if request.method != "POST" or not form.is_valid():
        audit.record(
            Kind.PATIENT_READ, target=patient, by=request.user, organization=patient.organization
        )
        status = 400 if request.method == "POST" else 200
        context = {"form": form, "patient": patient, **beside.context(request)}
        return render(request, "referrals/needs.html", context, status=status)
    _keep(request, patient, form)
    return beside.onward(request, "suggestions", patient)


def _begun(request: HttpRequest, patient: Patient) -> NeedsForm:
    """Begin with what was typed last: before this screen, or for the plan that lives."""
    if draft := _draft_of(request, patient):
        return NeedsForm(MultiValueDict(draft.needs))
    plan = patient.plans.filter(closed_at=None).first()
    return NeedsForm(MultiValueDict(plan.needs["form"]) if plan else None)


def _keep(request: HttpRequest, patient: Patient, form: NeedsForm) -> None:
    typed = {name: request.POST.getlist(name) for name in form.fields if name in request.POST}
    lifecycle.keep_needs(patient, typed, by=request.user, now=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def suggestions(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show three explained groups, and save the plan that the person makes of them."""
    patient = visible_patient(request, pk)
    demand(request.user, Permission.WRITE_PLAN, organization=patient.organization)
    draft, now = _draft_of(request, patient), timezone.now()
    if request.method == "POST" and (saved := _saved_before(request, patient)):
        return redirect(saved)
    typed = draft and NeedsForm(MultiValueDict(draft.needs))
    if typed is None or now - draft.written_at > DRAFT_LIVES or not typed.is_valid():
        return beside.onward(request, "needs", patient)
    wanted = typed.needs(vetoed_groups=_poor_fits(patient))
    # From the moment the needs were written, so that what is saved is what was shown.
    found = suggest(wanted, now=draft.written_at, clinic=patient.organization_id)
    if "keep" in request.POST:
        return _keep_some(request, patient, needs=wanted, found=found)
    if request.method == "POST":
        return _save(request, patient, draft=draft, needs=wanted, found=found)
    audit.record(
        Kind.SUGGESTIONS_READ, target=patient, by=request.user, organization=patient.organization
    )
    return _show(request, patient, needs=wanted, found=found)


def _saved_before(request: HttpRequest, patient: Patient) -> Plan | None:
    """Return the plan that this very filling-in made: the button was pressed twice."""
    try:
        key = UUID(request.POST.get("key", ""))
    except ValueError:
        return None
    return patient.plans.filter(key=key).first()


def _poor_fits(patient: Patient) -> list[int]:
    return list(patient.referrals.poor_fits().values_list("group", flat=True))


def _show(
    request: HttpRequest,
    patient: Patient,
    *,
    needs: Needs,
    found: Suggestions,
    form: PlanForm | None = None,
    keep: KeepForm | None = None,
    problem: str = "",
    status: int = 200,
) -> HttpResponse:
    now = timezone.now()
    three = suggested.cards(found.chosen, needs=needs, now=now)
    rest = suggested.cards(found.rest, needs=needs, now=now)
    lists = shortlists.lists_of(patient.organization)
    context = {
        "patient": patient,
        "found": found,
        "needs": needs,
        "three": three,
        "rest": rest,
        "shortlisted": _listed(patient, [*three, *rest], needs=needs, now=now),
        "keep": keep or KeepForm(lists=lists, auto_id="keep_%s"),
        "ticked": read_ids(request.POST.getlist("meetings"))
        if form or keep
        else [card.best.id for card in three],
        "form": form or PlanForm(meetings=[], initial={"replaces": _live_plan_id(patient)}),
        "problem": problem,
        "can_print": _may_print(request, patient),
        **beside.context(request),
    }
    return render(request, "referrals/suggestions.html", context, status=400 if form else status)


def _listed(
    patient: Patient, shown: list[GroupCard], *, needs: Needs, now: datetime
) -> Shortlisted:
    without = suggested.meeting_ids(shown)
    return shortlisted(patient.organization, needs, now=now, without=without)


def _keep_some(
    request: HttpRequest, patient: Patient, *, needs: Needs, found: Suggestions
) -> HttpResponse:
    """Keep the ticked meetings on a shortlist; the page stays as it was filled in."""
    ticked = read_ids(request.POST.getlist("meetings"))
    keep = keep_ticked(request, patient.organization, ticked, now=timezone.now())
    status = 400 if keep.errors else 200
    return _show(request, patient, needs=needs, found=found, keep=keep, status=status)


def _live_plan_id(patient: Patient) -> UUID | None:
    return patient.plans.live().values_list("pk", flat=True).first()


def _save(
    request: HttpRequest, patient: Patient, *, draft: NeedsDraft, needs: Needs, found: Suggestions
) -> HttpResponse:
    shown = suggested.cards([*found.chosen, *found.rest], needs=needs, now=draft.written_at)
    listed = _listed(patient, shown, needs=needs, now=draft.written_at)
    shown += [card for card, _lists in listed.cards]
    form = PlanForm(request.POST, meetings=suggested.meeting_ids(shown))
    if not form.is_valid():
        return _show(request, patient, needs=needs, found=found, form=form)
    try:
        plan = lifecycle.save_plan(
            patient,
            needs={"form": draft.needs, "needs": needs.document()},
            suggestions=suggested.document(found, now=draft.written_at, shortlisted=listed.matches),
            chosen=suggested.choices(shown, form.chosen),
            medication=needs.medication,
            ladder={
                "step": form.cleaned_data["step"],
                "involvement": form.cleaned_data["involvement"],
            },
            replaces=form.cleaned_data["replaces"],
            key=form.cleaned_data["key"],
            by=request.user,
            now=timezone.now(),
        )
    except lifecycle.Conflict as conflict:
        messages.error(request, str(conflict))
        return _show(request, patient, needs=needs, found=found, status=409)
    except lifecycle.Refused as refusal:
        return _show(request, patient, needs=needs, found=found, form=form, problem=str(refusal))
    messages.success(request, _("The plan was saved."))
    if "print" in request.POST and _may_print(request, patient):
        return beside.onward(request, "handout", patient)
    return redirect(plan)


def _may_print(request: HttpRequest, patient: Patient) -> bool:
    return allows(request.user, Permission.PRINT_HANDOUT, organization=patient.organization)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def handout(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put the chosen meetings of the live referrals on paper."""
    patient = visible_patient(request, pk)
    demand(request.user, Permission.PRINT_HANDOUT, organization=patient.organization)
    plan = patient.plans.filter(closed_at=None).first()
    live = _live_in_shown_order(patient, plan)
    meetings = chosen_meetings(pk for referral in live for pk in referral.meetings)
    if not meetings:
        messages.info(request, _("There is no meeting to print yet. Save a plan first."))
        return redirect(patient)
    # What was answered last: an older referral may still name a medication they would rather not.
    wanted = plan.needs["needs"]
    medication = wanted.get("medication", "")
    told = {"zone": wanted.get("zone", ""), "spoken": (wanted.get("languages") or [""])[0]}
    paper, form = sheet(request, meetings, medication=medication, **told)
    consent.release(patient, "handout", by=request.user, now=timezone.now(), target=patient)
    context = {
        "patient": patient,
        "handout": paper,
        "form": form,
        "has_drafts": any(referral.state == State.DRAFT for referral in live),
        **beside.context(request),
    }
    return render(request, "referrals/patient_handout.html", context)


def _live_in_shown_order(patient: Patient, plan: Plan | None) -> list[Referral]:
    """Return the live referrals as their groups were suggested, carried-over ones last."""
    if plan is None:
        return []
    live = Referral.objects.live().filter(patient=patient)
    parts = (plan.suggestions.get(part, []) for part in ("three", "rest", "shortlisted"))
    shown = dict.fromkeys(item["group"] for part in parts for item in part)
    ranks = {group: rank for rank, group in enumerate(shown)}
    return sorted(live, key=lambda row: (ranks.get(row.group_id, len(ranks)), row.created_at))


@require_POST
@member_page
def handout_given(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Note that the paper was given: each drafted referral is now offered."""
    patient = visible_patient(request, pk)
    plan = patient.plans.live().first()
    if plan is None:
        return redirect(patient)
    told = {"version": "discreet"}
    linkage.take_step(
        plan, steps.HANDOUT, details=told, by=request.user, now=timezone.now(), key=uuid4()
    )
    messages.success(request, _("Noted: the handout was given."))
    return redirect(plan)
