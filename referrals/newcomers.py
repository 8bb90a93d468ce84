"""People who meet newcomers: who is next for a person, and what takes someone out of the turn.

Never for under-18s. Nobody meets more than two people in seven days; whoever waited longest is
next; a concern takes a contact out at once, and only a second member can put them back.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.db.models import Count, F, Max, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from finder.models import Group, User
from referrals import audit, steps
from referrals.lifecycle import Refused
from referrals.models import Introduction, Kind, NewcomerContact, Organization, Plan, Referral
from referrals.permissions import Permission, demand

WEEK = timedelta(days=7)
MOST_A_WEEK = 2
# Permission is asked for anew twice a year.
CONFIRMED_FOR = timedelta(days=180)


@transaction.atomic
def add(
    group: Group,
    *,
    organization: Organization,
    first_name: str,
    channel: str,
    languages: Sequence[str],
    gender: str,
    medications: Sequence[str],
    permission_note: str,
    by: User,
    now: datetime,
) -> NewcomerContact:
    """Enter an adult who gave written permission."""
    demand(by, Permission.TAKE_STEP, organization=organization)
    contact = NewcomerContact.objects.create(
        organization=organization,
        group=group,
        first_name=first_name,
        channel=channel,
        about={
            "languages": list(languages),
            "gender": gender,
            "medications": list(medications),
        },
        permission_note=permission_note,
        permission_on=now.date(),
        confirmed_on=now.date(),
        entered_by=by,
        entered_at=now,
    )
    audit.record(Kind.NEWCOMER_ADDED, target=contact, by=by, organization=organization)
    return contact


def next_for(
    plan: Plan, referral: Referral, *, by: User, now: datetime, prefers: str = ""
) -> NewcomerContact | None:
    """Return who is next in turn for this person at this group, while step 4 is being done.

    ``prefers`` is a gender that the person asked for. Nobody is returned for under-18s, and
    nobody who is not at ease with the person's medication or language.
    """
    _demand_step(plan, by=by)
    needs = plan.needs.get("needs") or {}
    if needs.get("is_under_18"):
        return None
    asked = set(needs.get("languages") or ["en"])
    for contact in _in_turn(plan.organization, now=now).filter(group=referral.group_id):
        about = contact.about
        if (
            asked & set(about["languages"])
            and (not referral.medication or referral.medication in about["medications"])
            and (not prefers or about["gender"] == prefers)
        ):
            audit.record(Kind.NEWCOMER_SHOWN, target=contact, by=by, organization=plan.organization)
            return contact
    return None


def _demand_step(plan: Plan, *, by: User) -> None:
    """Allow it to those who work with the patient, while the meeting is being agreed."""
    demand(by, Permission.TAKE_STEP, organization=plan.organization)
    if not Plan.objects.visible_to(by).filter(pk=plan.pk).exists():
        raise PermissionDenied
    if plan.closed_at is not None or plan.steps.filter(number=steps.MEET).exists():
        raise Refused(_("This is for agreeing the first meeting, which was done."))


def available(organization: Organization, *, now: datetime) -> QuerySet[NewcomerContact]:
    """Return those who may be met at all: neither paused, reported nor ended, and confirmed."""
    return NewcomerContact.objects.filter(
        organization=organization,
        paused_on=None,
        reported_at=None,
        ended_on=None,
        confirmed_on__gt=(now - CONFIRMED_FOR).date(),
    )


def _in_turn(organization: Organization, *, now: datetime) -> QuerySet[NewcomerContact]:
    lately = Count("introductions", filter=Q(introductions__at__gt=now - WEEK))
    rows = available(organization, now=now).annotate(lately=lately, last=Max("introductions__at"))
    rows = rows.filter(lately__lt=MOST_A_WEEK)
    return rows.order_by(F("last").asc(nulls_first=True), "entered_at")


@transaction.atomic
def introduce(contact: NewcomerContact, plan: Plan, *, by: User, now: datetime) -> Introduction:
    """Give a contact to a person; raises Refused when their week is full by now."""
    _demand_step(plan, by=by)
    rows = available(plan.organization, now=now).select_for_update(of=("self",))
    found = rows.filter(pk=contact.pk).first()
    if found is None:
        raise Refused(_("This person cannot be met at present."))
    if same := found.introductions.filter(plan=plan).first():
        return same
    if found.introductions.filter(at__gt=now - WEEK).count() >= MOST_A_WEEK:
        raise Refused(_("This person meets two people this week already."))
    row = Introduction.objects.create(
        organization=plan.organization, contact=found, plan=plan, by=by, at=now
    )
    audit.record(Kind.INTRODUCED, target=row, by=by, organization=plan.organization)
    return row


@transaction.atomic
def report(contact: NewcomerContact, *, reason: str, by: User, now: datetime) -> None:
    """Take a contact out of the turn at once, for a concern."""
    if not reason.strip():
        raise Refused(_("Please say what the concern is."))
    row = _locked(contact, by=by)
    row.reported_by, row.reported_at, row.report = by, now, reason.strip()
    _save(row, ["reported_by", "reported_at", "report"], by=by)


@transaction.atomic
def clear(contact: NewcomerContact, *, by: User) -> None:
    """Put a contact back after a concern was looked into, by someone other than who raised it."""
    row = _locked(contact, by=by)
    if row.reported_by_id == by.pk:
        raise Refused(_("Someone other than who raised the concern has to look into it."))
    row.reported_by = row.reported_at = None
    _save(row, ["reported_by", "reported_at"], by=by)


@transaction.atomic
def change(contact: NewcomerContact, what: str, *, by: User, now: datetime) -> None:
    """Confirm, pause, resume or end a contact."""
    row = _locked(contact, by=by)
    match what:
        case "confirm":
            row.confirmed_on = now.date()
        case "pause":
            row.paused_on = now.date()
        case "resume":
            row.paused_on = None
        case "end":
            row.ended_on = now.date()
        case _:
            raise Refused(_("There is no such step."))
    _save(row, ["confirmed_on", "paused_on", "ended_on"], by=by)


def _locked(contact: NewcomerContact, *, by: User) -> NewcomerContact:
    demand(by, Permission.TAKE_STEP, organization=contact.organization)
    return NewcomerContact.objects.select_for_update(of=("self",)).get(pk=contact.pk)


def _save(row: NewcomerContact, fields: list[str], *, by: User) -> None:
    row.save(update_fields=fields)
    audit.record(Kind.NEWCOMER_CHANGED, target=row, by=by, organization=row.organization)
