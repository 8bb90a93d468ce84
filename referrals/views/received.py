"""Referrals of other organizations under a consent: the list, one of them, on paper, as a file."""

import csv
from datetime import datetime
from io import StringIO
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from finder.cells import safe
from finder.presenters.words import date_words
from referrals import audit, consent, lifecycle
from referrals.consent import Received, Released, receiving, wording
from referrals.forms import MoveForm
from referrals.forms.consents import HandForm
from referrals.guards import member_page
from referrals.models import Category, Kind, Membership, Reader, Referral, SharedReferral
from referrals.permissions import Permission, allows
from referrals.views.worksheet import told_words

PAGE_SIZE = 50
SAFE = ("GET", "HEAD")
Section = tuple[str, list[str]]


def sections(given: Released, referral: Referral) -> list[Section]:
    """Say what a consent lets be told of a referral, kind by kind; nothing else is read."""
    group = referral.group
    found = {
        Category.GROUPS: lambda: [
            f"{group.name}, {group.program.name}",
            f"{referral.get_state_display()}, {date_words(referral.state_at)}",
            *_first_meeting(referral),
        ],
        Category.MEDICATION: lambda: [referral.medication],
        Category.REASONS: lambda: [referral.reason],
        Category.CHECK_INS: lambda: [
            f"{date_words(row.at)}: {'; '.join(told_words(row))}"
            for row in referral.check_ins.order_by("at")
        ],
        Category.NOTES: lambda: [
            f"{date_words(row.at)}: {row.reason}" for row in referral.events.all() if row.reason
        ],
    }
    told = [(kind, found[kind]()) for kind in Category if kind in found and given.has(kind)]
    return [(str(kind.label), [line for line in lines if line]) for kind, lines in told]


def _first_meeting(referral: Referral) -> list[str]:
    if referral.first_meeting_at is None:
        return []
    return [_("First meeting: %(day)s") % {"day": date_words(referral.first_meeting_at)}]


def _pass(received: Received, exit: str, request: HttpRequest, *, now: datetime) -> Released:
    """Go through the door; to whom it stays shut, there is no such page."""
    told = {"by": request.user, "now": now, "referral": received.referral}
    try:
        return consent.release(received.referral.patient, exit, **told)
    except consent.NotReleased as refusal:
        raise Http404 from refusal


def show_received(
    request: HttpRequest, received: Received, *, form: MoveForm | None = None, status: int = 200
) -> HttpResponse:
    """Show a referral to the one whom a consent let read it."""
    referral = received.referral
    given = _pass(received, "received_page", request, now=timezone.now())
    moves = lifecycle.moves_for(referral, by=request.user)
    context = {
        "referral": referral,
        "given": given,
        "sections": sections(given, referral),
        "scope": consent.scope(given.consent),
        "form": form or MoveForm(steps=moves, initial={"version": referral.version}),
        "has_moves": bool(moves),
    }
    return render(request, "referrals/received.html", context, status=status)


def show_received_consent(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Show the consent under which a person reads; for anyone else there is none."""
    now = timezone.now()
    shared = receiving.received_by(request.user, now=now).filter(consent=pk).first()
    if shared is None:
        raise Http404
    if request.method not in SAFE:
        return HttpResponseNotAllowed(SAFE)
    with receiving.opened(request.user, shared.referral_id, now=now) as received:
        given = _pass(received, "received_page", request, now=now)
        context = {
            "consent": given.consent,
            "holds": True,
            "scope": consent.scope(given.consent),
            "words": wording.load(given.consent.wording_version, given.consent.wording_language),
        }
        return render(request, "referrals/consent.html", context)


@require_safe
@member_page
def referral_print(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a referral on paper for whom a consent names, with the consent and the notice."""
    now = timezone.now()
    rows = Referral.objects.visible_to(request.user).select_related(
        "group__program", "organization", "patient__organization"
    )
    if referral := rows.filter(pk=pk).first():
        told = {"by": request.user, "now": now, "referral": referral}
        given = consent.release(referral.patient, "referral_print", **told)
        return _paper(request, given, referral)
    if Referral.objects.overseen_by(request.user).filter(pk=pk).exists():
        raise PermissionDenied
    with receiving.opened(request.user, pk, now=now) as received:
        if received is None:
            raise Http404
        given = _pass(received, "received_print", request, now=now)
        return _paper(request, given, received.referral)


def _paper(request: HttpRequest, given: Released, referral: Referral) -> HttpResponse:
    context = {
        "given": given,
        "referral": referral,
        "sections": sections(given, referral),
        "scope": consent.scope(given.consent),
    }
    return render(request, "referrals/referral_print.html", context)


@require_safe
@member_page
def received_file(request: HttpRequest, pk: UUID, form: str) -> HttpResponse:
    """Give a received referral as a file, JSON or a table, with the consent and the notice."""
    with receiving.opened(request.user, pk, now=timezone.now()) as received:
        if received is None or form not in _WRITERS:
            raise Http404
        given = _pass(received, "received_file", request, now=timezone.now())
        answer = _WRITERS[form](given, sections(given, received.referral))
    answer["Content-Disposition"] = f'attachment; filename="copy.{form}"'
    answer["Cache-Control"] = "no-store, private"
    return answer


def _json(given: Released, told: list[Section]) -> HttpResponse:
    document = {"told": dict(told)} | consent.document(given)
    return JsonResponse(document, json_dumps_params={"indent": 2, "ensure_ascii": False})


def _csv(given: Released, told: list[Section]) -> HttpResponse:
    text = StringIO()
    out = csv.writer(text)
    for name, lines in told:
        out.writerows([safe(name), safe(line)] for line in lines)
    out.writerows([safe(cell) for cell in row] for row in consent.rows(given))
    return HttpResponse(text.getvalue(), content_type="text/csv; charset=utf-8")


_WRITERS = {"json": _json, "csv": _csv}


@require_safe
@member_page
def received_list(request: HttpRequest) -> HttpResponse:
    """What other organizations shared: one's own to read, and all of them to hand on."""
    own, now = request.membership and request.membership.organization, timezone.now()
    audit.record(Kind.RECEIVED_LISTED, target=("referral", ""), by=request.user, organization=own)
    oversees = allows(request.user, Permission.OVERSEE, organization=own)
    page = None
    if oversees:
        rows = receiving.of_organization(own, now=now).prefetch_related(receiving.current_readers())
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {
        "mine": receiving.received_by(request.user, now=now)[:PAGE_SIZE],
        "oversees": oversees,
        "page": page,
        "members": list(_members(request)) if oversees else [],
    }
    return render(request, "referrals/received_list.html", context)


def _members(request: HttpRequest):
    own = request.membership and request.membership.organization_id
    rows = Membership.objects.active().clinical().filter(organization=own)
    return rows.select_related("user").order_by("user__email")


@require_POST
@member_page
def received_hand(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Give a received referral to a member to read."""
    own = request.membership and request.membership.organization_id
    shared = get_object_or_404(SharedReferral.objects.filter(recipient=own), pk=pk)
    form = HandForm(request.POST, members=_members(request))
    if form.is_valid():
        member = form.cleaned_data["member"]
        receiving.hand_to(shared, member, by=request.user, now=timezone.now())
        messages.success(request, _("Assigned."))
    else:
        messages.error(request, _("Choose a colleague from the list."))
    return redirect("referrals:received")


@require_POST
@member_page
def reader_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a member's reading of a received referral."""
    rows = Reader.objects.filter(ended_at=None).select_related("shared__recipient")
    reader = get_object_or_404(rows, pk=pk)
    receiving.take_from(reader, by=request.user, now=timezone.now())
    messages.success(request, _("The assignment was ended."))
    return redirect("referrals:received")
