"""One referral with its history and the moves that may follow."""

from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from referrals import audit, calendars, caseload, consent, lifecycle
from referrals.consent import Received
from referrals.forms import AssignForm, MoveForm
from referrals.guards import member_page
from referrals.models import Consent, Kind, Referral
from referrals.permissions import Permission, allows
from referrals.views.received import show_received


def _rows(queryset: QuerySet) -> QuerySet:
    return queryset.select_related("group__program", "organization", "created_by", "patient")


def _find(request: HttpRequest, pk: UUID) -> tuple[Referral, bool]:
    """Return a referral, and whether its content may be read or its dates alone."""
    if found := _rows(Referral.objects.visible_to(request.user)).filter(pk=pk).first():
        return found, True
    if found := _rows(Referral.objects.overseen_by(request.user)).filter(pk=pk).first():
        return found, False
    raise Http404


def _page(
    request: HttpRequest, referral: Referral, *, may_read: bool, form: MoveForm, status: int = 200
) -> HttpResponse:
    events = referral.events.select_related("by").order_by("at")
    context = {
        "referral": referral,
        "may_read": may_read,
        "events": events if may_read else events.defer("reason"),
        "form": form if form.fields["step"].choices else None,
        "may_reopen": may_read and not referral.is_live,
        "assign_form": AssignForm(colleagues=caseload.colleagues(referral.patient)),
        **_consents(request, referral),
    }
    return render(request, "referrals/referral.html", context, status=status)


def _consents(request: HttpRequest, referral: Referral) -> dict:
    """Give the consents that cover a referral, newest first, and whether one ended early."""
    rows = Consent.objects.filter(shared__referral=referral)
    rows = rows.select_related("revocation", "recipient_organization")
    found = consent.standing(rows, now=timezone.now())
    return {
        "consents": found,
        "may_print": any(holds for _row, holds in found)
        and allows(request.user, Permission.PRINT_HANDOUT, organization=referral.organization),
    }


def _move_form(request: HttpRequest, referral: Referral) -> MoveForm:
    moves = lifecycle.moves_for(referral, by=request.user)
    return MoveForm(steps=moves, initial={"version": referral.version})


@require_safe
@member_page
def referral_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One referral; an administrator sees group, state and dates alone, a reader what is shared."""
    with consent.opened(request.user, pk, now=timezone.now()) as received:
        if received is not None:
            return show_received(request, received)
    referral, may_read = _find(request, pk)
    audit.record(
        Kind.REFERRAL_READ, target=referral, by=request.user, organization=referral.organization
    )
    form = _move_form(request, referral)
    return _page(request, referral, may_read=may_read, form=form)


@require_POST
@member_page
def referral_move(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move a referral by one step."""
    with consent.opened(request.user, pk, now=timezone.now()) as received:
        if received is not None:
            return _move_received(request, received)
    referral, may_read = _find(request, pk)
    # Every step that may follow, so that one a person may not take is refused as such.
    form = MoveForm(request.POST, steps=lifecycle.open_moves(referral.state))
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("reason", "version", "key")}
        step = form.cleaned_data["step"]
        try:
            lifecycle.move(referral, step, by=request.user, now=timezone.now(), **told)
        except lifecycle.Conflict as conflict:
            return _conflict(request, referral, conflict, may_read=may_read)
        except lifecycle.Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(referral)
    return _page(request, referral, may_read=may_read, form=form, status=400)


def _move_received(request: HttpRequest, received: Received) -> HttpResponse:
    """Let the one who reads a referral under a consent say how it went."""
    referral = received.referral
    form = MoveForm(request.POST, steps=lifecycle.open_moves(referral.state))
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("reason", "version", "key")}
        step = form.cleaned_data["step"]
        try:
            lifecycle.move(referral, step, by=request.user, now=timezone.now(), **told)
        except lifecycle.Refused as refusal:
            form.add_error("reason", str(refusal))
        else:
            messages.success(request, _("Saved."))
            return redirect(referral)
    return show_received(request, received, form=form, status=400)


def _conflict(
    request: HttpRequest, referral: Referral, conflict: lifecycle.Conflict, *, may_read: bool
) -> HttpResponse:
    """Show what stands now, with the form made anew: nothing was saved."""
    messages.error(request, str(conflict))
    referral, may_read = _find(request, referral.pk)
    form = _move_form(request, referral)
    return _page(request, referral, may_read=may_read, form=form, status=409)


@require_POST
@member_page
def referral_assign(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give the patient of a referral to a colleague, as an administrator can who sees no label."""
    referral, _may_read = _find(request, pk)
    form = AssignForm(request.POST, colleagues=caseload.colleagues(referral.patient))
    if form.is_valid():
        caseload.assign(referral.patient, form.cleaned_data["member"], by=request.user)
        messages.success(request, _("Assigned."))
    else:
        messages.error(request, _("Choose a colleague from the list."))
    return redirect(referral)


@require_safe
@member_page
def referral_calendar(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The day that was agreed as a calendar file, for the patient to take along."""
    rows = Referral.objects.visible_to(request.user)
    referral = get_object_or_404(rows.select_related("patient__organization", "plan"), pk=pk)
    now = timezone.now()
    content = calendars.first_meeting(referral, now=now)
    if content is None:
        raise Http404
    consent.release(referral.patient, "own_calendar", by=request.user, now=now, referral=referral)
    headers = {"Content-Disposition": 'attachment; filename="meeting.ics"'}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)
