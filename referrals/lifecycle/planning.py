"""Saving a plan: what was looked for, shown and chosen becomes one live plan and its referrals."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import EllipsisType
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from finder.models import User
from referrals import audit, steps, tasks
from referrals.lifecycle.moving import Conflict, Refused, begin
from referrals.models import Kind, NeedsDraft, Patient, Plan, Referral
from referrals.permissions import Permission, demand


@dataclass(frozen=True)
class Choice:
    """A group the person chose, with the meetings they mean to try and why it was suggested."""

    group_id: int
    meeting_ids: tuple[int, ...]
    reason: str = ""


@transaction.atomic
def keep_needs(patient: Patient, typed: dict, *, by: User, now: datetime) -> NeedsDraft:
    """Keep what was typed into the needs form sealed, until this person makes a plan of it."""
    demand(by, Permission.WRITE_PLAN, organization=patient.organization)
    draft, _is_new = NeedsDraft.objects.update_or_create(
        patient=patient,
        written_by=by,
        defaults={"organization": patient.organization, "needs": typed, "written_at": now},
    )
    audit.record(Kind.NEEDS_WRITTEN, target=draft, by=by, organization=patient.organization)
    return draft


@transaction.atomic
def save_plan(
    patient: Patient,
    *,
    needs: dict,
    suggestions: dict,
    chosen: Sequence[Choice],
    by: User,
    now: datetime,
    medication: str = "",
    ladder: dict | None = None,
    replaces: UUID | None | EllipsisType = ...,
    key: UUID | None = None,
) -> Plan:
    """Save what was looked for, shown and chosen; an earlier plan closes, its referrals go on.

    ``replaces`` is the live plan that was on the screen (None: there was none); where another
    one lives by now this is a Conflict. ``key`` names one filling-in of the form.
    """
    demand(by, Permission.WRITE_PLAN, organization=patient.organization)
    # The lock makes two plans saved at once follow each other, not collide.
    seen = Patient.objects.visible_to(by).select_for_update(of=("self",))
    if not seen.filter(pk=patient.pk).exists():
        raise PermissionDenied
    if key and (same := patient.plans.filter(key=key).first()):
        return same
    if not chosen:
        raise Refused(_("Choose at least one meeting."))
    _close_earlier(patient, replaces=replaces, by=by, now=now)
    plan = Plan.objects.create(
        organization=patient.organization,
        patient=patient,
        needs=needs,
        suggestions=suggestions,
        ladder=ladder or {},
        created_by=by,
        created_at=now,
        key=key,
    )
    _refer(plan, chosen, medication=medication, by=by, now=now)
    _begin_work(plan, by=by, now=now)
    NeedsDraft.objects.filter(patient=patient, written_by=by).delete()
    audit.record(Kind.PLAN_SAVED, target=plan, by=by, organization=patient.organization)
    return plan


def _close_earlier(
    patient: Patient, *, replaces: UUID | None | EllipsisType, by: User, now: datetime
) -> None:
    earlier = patient.plans.live().first()
    if replaces is not ... and replaces != (earlier and earlier.pk):
        raise Conflict(
            _("Somebody saved another plan meanwhile. Look at it, then save yours if it is better.")
        )
    if earlier is not None:
        tasks.close_all(earlier, by=by, now=now)
        earlier.closed_by, earlier.closed_at = by, now
        earlier.save(update_fields=["closed_by", "closed_at"])


def _begin_work(plan: Plan, *, by: User, now: datetime) -> None:
    """Open the check-ins of a new plan; explaining and choosing is done with saving it."""
    tasks.open_check_ins(plan, now=now)
    choosing = steps.STEPS[steps.CHOOSE]
    if steps.may_take(choosing, by=by):
        steps.append(plan, choosing, details={}, role=steps.role_of(by), by=by, now=now)


def _refer(
    plan: Plan, chosen: Iterable[Choice], *, medication: str, by: User, now: datetime
) -> None:
    """Carry live referrals over and add those to groups that have none yet."""
    live = Referral.objects.live().filter(patient=plan.patient).select_for_update()
    by_group = {referral.group_id: referral for referral in live}
    for referral in by_group.values():
        referral.plan = plan
        referral.save(update_fields=["plan"])
    for choice in chosen:
        if referral := by_group.get(choice.group_id):
            referral.meetings = list(choice.meeting_ids)
            referral.version += 1
            referral.save(update_fields=["meetings", "version"])
        else:
            by_group[choice.group_id] = begin(
                plan,
                group_id=choice.group_id,
                meetings=list(choice.meeting_ids),
                medication=medication,
                reason=choice.reason,
                by=by,
                now=now,
            )
