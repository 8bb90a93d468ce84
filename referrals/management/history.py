"""Invented referrals of earlier quarters, so that a demonstration's report has some to tell of."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from uuid import uuid4

from finder.models import Group, Meeting, User
from finder.vocab import Medication
from referrals.models import Organization, Patient, Plan, Referral, ReferralEvent, Role, State
from referrals.sealed import blind_index

PEOPLE = 260
# How long ago they were referred: within about two quarters, so that there are enough in each.
NEWEST, OLDEST = 120, 300
# With fewer groups to go to there is no report worth looking at.
LEAST_GROUPS = 4
# Some groups are referred to more often than others.
_WEIGHTS = (8, 6, 4, 3, 2, 1, 1, 1)
_ROLE = Role.CLINICIAN.value
_MEDICATIONS = (*[Medication.METHADONE] * 4, *[Medication.BUPRENORPHINE] * 4, Medication.NALTREXONE)


@dataclass(frozen=True)
class _Told:
    """What was made for one person."""

    patient: Patient
    plan: Plan
    referrals: list[Referral]
    events: list[ReferralEvent]


def make_history(clinic: Organization, *, by: User, now: datetime) -> int:
    """Write what some invented people did; a second run, or too few groups, writes nothing.

    Rows are written as they would stand by now, not by the acts that made them: those cannot be
    dated back. Needs the rows of the organization open.
    """
    groups = list(_groups())
    if len(groups) < LEAST_GROUPS or Patient.objects.filter(created_by=by).exists():
        return 0
    random = Random(1)
    told = [
        _told(number, clinic, groups, by=by, now=now, random=random) for number in range(PEOPLE)
    ]
    Patient.objects.bulk_create(each.patient for each in told)
    Plan.objects.bulk_create(each.plan for each in told)
    Referral.objects.bulk_create(row for each in told for row in each.referrals)
    ReferralEvent.objects.bulk_create(row for each in told for row in each.events)
    return len(told)


def _groups() -> Sequence[Group]:
    """Take groups of every program in turn, so that kinds differ."""
    listed = Group.objects.listed().filter(meetings__in=Meeting.objects.listed()).distinct()
    listed = listed.filter(program__is_family=False)
    found: dict[int, list[Group]] = {}
    for group in listed.prefetch_related("assessments").order_by("pk")[:2000]:
        found.setdefault(group.program_id, []).append(group)
    turns = (groups[turn] for turn in range(3) for groups in found.values() if turn < len(groups))
    return list(turns)[: len(_WEIGHTS)]


def _told(
    number: int,
    clinic: Organization,
    groups: Sequence[Group],
    *,
    by: User,
    now: datetime,
    random: Random,
) -> _Told:
    at = now - timedelta(days=random.randint(NEWEST, OLDEST), minutes=random.randint(0, 600))
    label = f"Demo {200 + number}"
    patient = Patient(
        organization=clinic,
        label=label,
        label_index=blind_index(label, scope=str(clinic.pk)),
        created_by=by,
    )
    weights = _WEIGHTS[: len(groups)]
    chosen = set(random.choices(groups, weights, k=random.choice([1, 1, 2])))
    chosen = sorted(chosen, key=lambda group: group.pk)
    medication = random.choice(_MEDICATIONS)
    plan = Plan(
        organization=clinic,
        patient=patient,
        needs={"form": {}, "needs": {}},
        suggestions={"three": [_shown(group, medication) for group in chosen], "rest": []},
        created_by=by,
        created_at=at,
        closed_by=by,
        closed_at=at + timedelta(days=90),
    )
    referrals = [_referral(plan, group, medication, by=by) for group in chosen]
    events = [event for row in referrals for event in _events(row, by=by, random=random)]
    return _Told(patient, plan, referrals, events)


def _shown(group: Group, medication: str) -> dict:
    readings = {each.medication: each.label for each in group.assessments.all()}
    return {"group": group.pk, "labels": [readings.get(medication, "not_known")]}


def _referral(plan: Plan, group: Group, medication: str, *, by: User) -> Referral:
    meeting = group.meetings.order_by("pk").first()
    return Referral(
        organization=plan.organization,
        patient=plan.patient,
        plan=plan,
        group=group,
        meetings=[meeting.pk] if meeting else [],
        medication=medication,
        reason="",
        state_by=by,
        state_at=plan.created_at,
        created_by=by,
        created_at=plan.created_at,
    )


def _events(referral: Referral, *, by: User, random: Random) -> list[ReferralEvent]:
    """Let a referral go its way: about half go to a first meeting, and half of those stay."""
    way = [(State.DRAFT, 0), (State.OFFERED, 0)]
    if random.random() < 0.75:
        way.append((State.AGREED, 1))
        way.append((State.LINKED, random.randint(2, 12)))
    if random.random() < 0.55:
        way.append((State.ATTENDED, random.randint(7, 30)))
        way.append((State.ENGAGED if random.random() < 0.5 else State.LOST_CONTACT, 84))
    else:
        way.append((State.LOST_CONTACT, 60))
    way.sort(key=lambda step: step[1])
    found, before = [], ""
    for state, days in way:
        at = referral.created_at + timedelta(days=days)
        found.append(
            ReferralEvent(
                id=uuid4(),
                organization=referral.organization,
                referral=referral,
                from_state=before,
                to_state=state,
                reason="",
                role=_ROLE,
                by=by,
                at=at,
            )
        )
        before = state
        referral.state, referral.state_at = state, at
    return found
