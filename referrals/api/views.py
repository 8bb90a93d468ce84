"""Referrals by API: matching, referrals and their moves, and how it went; as the pages do it."""

from typing import Any
from uuid import UUID, uuid4

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from finder.api.errors import BadParameters
from finder.api.schema import MISSING, REFUSED
from referrals import audit, checkins, lifecycle
from referrals.api import planning, reading, received, rows, shapes
from referrals.api.base import Asker, Changed, GuardedView, demand_member, guarded
from referrals.api.paging import PARAMETERS, read_page
from referrals.forms import CheckInForm, MoveForm, NeedsForm
from referrals.matching import suggest
from referrals.models import Kind, Referral, Scope
from referrals.permissions import Permission, demand

_NEEDS = tuple(NeedsForm.base_fields)
_CHECK_IN = ("went", "felt", "spoke", "pushed", "knew", "again", "key")
_MOVE = ("step", "reason", "version", "key")
_REFUSALS = {**REFUSED, 401: shapes.ErrorShape, 403: shapes.ErrorShape}


def _related(found: QuerySet[Referral]) -> QuerySet[Referral]:
    return found.select_related("group__program", "organization", "patient")


def reachable(asker: Asker) -> tuple[QuerySet[Referral], QuerySet[Referral]]:
    """Return the referrals whose content the asker may read, and those of which the dates alone.

    A token reads those of its organization, without what is written in them.
    """
    if asker.token is not None:
        own = Referral.objects.filter(organization=asker.organization)
        return Referral.objects.none(), _related(own.defer("medication", "reason"))
    content = _related(Referral.objects.visible_to(asker.user))
    return content, _related(Referral.objects.overseen_by(asker.user))


class Match(GuardedView):
    """Groups that fit what a person needs."""

    @extend_schema(
        operation_id="match_create",
        request=shapes.NeedsShape,
        responses={200: shapes.MatchesShape} | _REFUSALS,
    )
    @guarded
    def post(self, request: Request, asker: Asker) -> Response:
        """Suggest three groups for needs, with reasons and what is not known.

        Nothing is kept. What patients of the asker's own organization told counts at once.
        """
        if asker.organization is None or not asker.has(Scope.MATCH):
            raise PermissionDenied
        told = reading.body_of(request, allowed=_NEEDS)
        form = NeedsForm(reading.as_form_data(told))
        reading.cleaned(form)
        needs, now = form.needs(), timezone.now()
        found = suggest(needs, now=now, clinic=asker.organization.pk)
        return Response(rows.match_document(found, needs=needs, now=now))


class ReferralList(GuardedView):
    """Referrals that the asker may see."""

    @extend_schema(
        operation_id="referrals_list",
        parameters=PARAMETERS,
        responses={200: shapes.ReferralPage} | _REFUSALS,
    )
    @guarded
    def get(self, request: Request, asker: Asker) -> Response:
        """List referrals, newest first.

        Of patients one works with: with their content. For who runs the organization, and for
        tokens with the scope `referrals:read`: group, state and dates alone.
        """
        if not asker.has(Scope.REFERRALS):
            raise PermissionDenied
        content, bare = reachable(asker)
        page = read_page(request)
        count, ids, after = page.of(content, bare)
        audit.record(
            Kind.REFERRAL_LISTED,
            target=("referral", ""),
            by=asker.user,
            organization=asker.organization,
        )
        # What is written in a referral is read only where it may be.
        found = {pk: rows.referral_row(row) for pk, row in bare.in_bulk(ids).items()}
        found |= {pk: rows.content_row(row) for pk, row in content.in_bulk(ids).items()}
        results = [found[pk] for pk in ids]
        return Response({"count": count, "next": page.address(request, after), "results": results})

    @extend_schema(
        operation_id="referrals_create",
        request=shapes.NewPlanShape,
        responses={201: shapes.PlanShape, 409: shapes.ErrorShape} | _REFUSALS | MISSING,
    )
    @guarded
    def post(self, request: Request, asker: Asker) -> Response:
        """Save a plan for a patient: one referral for each group whose meetings were chosen.

        The meetings are among those that matching suggests for these needs. `replaces` is the
        live plan that was read, if there is one: should another live by now, nothing is saved
        and the answer is 409. The same `key` again is the same plan.
        """
        demand_member(asker)
        told = reading.with_key(request, reading.body_of(request, allowed=planning.NAMES))
        plan = planning.save(told, asker)
        made = _related(plan.referrals.order_by("created_at", "pk"))
        answer = {
            "plan": plan.pk,
            "patient": {"id": plan.patient_id, "label": plan.patient.label},
            "referrals": [rows.content_row(row) for row in made],
        }
        return Response(answer, status=201)


class OneReferral(GuardedView):
    """An address of one referral."""

    def find(self, asker: Asker, *, pk: UUID) -> tuple[Referral, bool]:
        """Return a referral, and whether its content may be read."""
        if not asker.has(Scope.REFERRALS):
            raise Http404
        content, bare = reachable(asker)
        if found := content.filter(pk=pk).first():
            return found, True
        if found := bare.filter(pk=pk).first():
            return found, False
        raise Http404


class ReferralDetail(OneReferral):
    """One referral."""

    @extend_schema(
        operation_id="referrals_retrieve",
        responses={200: shapes.OneReferralShape} | _REFUSALS | MISSING,
    )
    @guarded
    def get(self, request: Request, asker: Asker, *, pk: UUID) -> Response:
        """Return one referral with its history, and the steps that the asker may take now.

        One of another organization that was given to the asker to read: what the consent names,
        with the notice that travels with it. That reading stands in the patient's accounting.
        """
        try:
            referral, may_read = self.find(asker, pk=pk)
        except Http404:
            return Response(received.read(asker, pk, now=timezone.now()))
        return Response(_told(referral, asker, may_read=may_read))


def _told(referral: Referral, asker: Asker, *, may_read: bool) -> dict[str, Any]:
    """Tell of a referral and record that it was read."""
    audit.record(
        Kind.REFERRAL_READ, target=referral, by=asker.user, organization=asker.organization
    )
    row = rows.content_row(referral) if may_read else rows.referral_row(referral)
    events = referral.events.order_by("at")
    history = events if may_read else events.defer("reason")
    moves = lifecycle.moves_for(referral, by=asker.user) if asker.user else []
    return row | {
        "history": [rows.event_row(event, may_read=may_read) for event in history],
        "moves": [rows.move_row(move) for move in moves],
    }


class ReferralMoves(OneReferral):
    """The steps of one referral."""

    @extend_schema(
        operation_id="referrals_moves_create",
        request=shapes.MoveShape,
        responses={200: shapes.OneReferralShape, 409: shapes.ErrorShape} | _REFUSALS | MISSING,
    )
    @guarded
    def post(self, request: Request, asker: Asker, *, pk: UUID) -> Response:
        """Move a referral by one step; the same `key` again is the same step.

        `version` is the one that was read: if somebody changed the referral since, nothing is
        saved and the answer is 409.
        """
        try:
            referral, _may_read = self.find(asker, pk=pk)
        except Http404:
            return self._move_received(request, asker, pk)
        demand_member(asker)
        self._move(referral, self._read(request), asker)
        referral, may_read = self.find(asker, pk=pk)
        return Response(_told(referral, asker, may_read=may_read))

    def _read(self, request: Request) -> dict[str, Any]:
        return reading.with_key(request, reading.body_of(request, allowed=_MOVE))

    def _move_received(self, request: Request, asker: Asker, pk: UUID) -> Response:
        """Let the one who reads a referral under a consent say how it went."""

        def move(referral: Referral) -> None:
            self._move(referral, self._read(request), asker)

        return Response(received.read(asker, pk, now=timezone.now(), first=move))

    def _move(self, referral: Referral, told: dict[str, Any], asker: Asker) -> None:
        key = reading.key_of(told)
        if key is not None and referral.events.filter(key=key).exists():
            return
        # Every step that may follow, so that one the asker may not take is refused as such.
        form = MoveForm(reading.as_form_data(told), steps=lifecycle.open_moves(referral.state))
        said = reading.cleaned(form)
        more = {name: said[name] for name in ("reason", "version", "key")}
        try:
            lifecycle.move(referral, said["step"], by=asker.user, now=timezone.now(), **more)
        except lifecycle.Conflict as conflict:
            raise Changed(str(conflict)) from None
        except lifecycle.Refused as refusal:
            raise BadParameters({"step": [str(refusal)]}) from None


class ReferralCheckIns(OneReferral):
    """How it went at one group."""

    @extend_schema(
        operation_id="referrals_check_ins_list",
        responses={200: shapes.CheckInList} | _REFUSALS | MISSING,
    )
    @guarded
    def get(self, request: Request, asker: Asker, *, pk: UUID) -> Response:
        """List what was told of one referral, newest first; for those who work with the patient."""
        referral = self._readable(asker, pk=pk)
        found = referral.check_ins.order_by("-at")
        audit.record(
            Kind.REFERRAL_READ, target=referral, by=asker.user, organization=asker.organization
        )
        return Response({"results": [rows.check_in_row(row) for row in found]})

    @extend_schema(
        operation_id="referrals_check_ins_create",
        request=shapes.CheckInShape,
        responses={201: shapes.CheckInRow} | _REFUSALS | MISSING,
    )
    @guarded
    def post(self, request: Request, asker: Asker, *, pk: UUID) -> Response:
        """Write down how it went, as the patient told a member.

        It moves the referral, and where it went badly opens a task for today. The same `key`
        again is the same check-in.
        """
        referral = self._readable(asker, pk=pk)
        demand(asker.user, Permission.TAKE_STEP, organization=referral.organization)
        told = reading.with_key(request, reading.body_of(request, allowed=_CHECK_IN))
        key = reading.key_of(told)
        if key and (same := referral.patient.check_ins.filter(key=key).first()):
            return Response(rows.check_in_row(same), status=201)
        if not referral.is_live:
            raise BadParameters({"referral": [_("This referral is closed.")]})
        form = self._form(referral, told)
        used = reading.cleaned(form)["key"] or uuid4()
        now = timezone.now()
        row = checkins.record(referral, form.told(), by=asker.user, now=now, key=used)
        return Response(rows.check_in_row(row), status=201)

    def _readable(self, asker: Asker, *, pk: UUID) -> Referral:
        referral, may_read = self.find(asker, pk=pk)
        if not may_read:
            raise PermissionDenied
        return referral

    def _form(self, referral: Referral, told: dict[str, Any]) -> CheckInForm:
        groups = [(str(referral.pk), referral.group.name)]
        form = CheckInForm(reading.as_form_data({**told, "which": referral.pk}), groups=groups)
        # A program need not think of a name for its sending; a form always has one.
        form.fields["key"].required = "key" in told
        return form
