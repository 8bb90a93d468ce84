"""What a report counts: one case for each referral, with what became of it and of which kind."""

from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from finder.models import Meeting
from finder.vocab import Focus, Format, Label, Medication, Model
from referrals.models import Plan, Referral, ReferralEvent, State
from referrals.reports.quarters import FOLLOWED

LINKED_WITHIN = timedelta(days=14)
SEVERAL, NONE, NOT_WRITTEN = "several", "none", "not_written"


@dataclass(frozen=True)
class Dimension:
    """One way to part referrals: into kinds that do not overlap."""

    label: Promise
    kinds: Mapping[str, Promise]
    # Rests on what is written about the person, not only on the group.
    is_of_person: bool = False


DIMENSIONS: Mapping[str, Dimension] = {
    "model": Dimension(_("Kind of program"), dict(Model.choices)),
    "format": Dimension(
        _("Format"),
        {
            **dict(Format.choices),
            SEVERAL: _("Meetings of several formats"),
            NOT_WRITTEN: _("No meeting chosen"),
        },
    ),
    "focus": Dimension(
        _("Who the group is for"),
        {
            NONE: _("Everyone: no focus is listed"),
            **dict(Focus.choices),
            SEVERAL: _("More than one focus"),
        },
    ),
    "acceptance": Dimension(
        _("What was known on the medication"),
        {
            **dict(Label.choices),
            NONE: _("No medication was named"),
            NOT_WRITTEN: _("Not written down"),
        },
        is_of_person=True,
    ),
    "medication": Dimension(
        _("Medication"),
        {**dict(Medication.choices), NONE: _("None was named")},
        is_of_person=True,
    ),
}
# What rests on the group alone, for those who see no more of a referral than that.
OF_GROUPS = tuple(name for name, way in DIMENSIONS.items() if not way.is_of_person)


@dataclass(frozen=True)
class Case:
    """One referral as it is counted; ``kinds`` holds one code for each dimension."""

    person: Hashable
    kinds: Mapping[str, str]
    # Someone arranged to meet them, or they went, within 14 days.
    is_linked: bool = False
    # They went within 90 days; being engaged by then is a part of it.
    is_attended: bool = False
    is_engaged: bool = False


def cases(rows: QuerySet[Referral], *, dimensions: Iterable[str]) -> list[Case]:
    """Read referrals as cases; five queries. What was entered in error never was.

    Only where a dimension asks for it is anything sealed opened.
    """
    wanted = tuple(dimensions)
    found = list(
        rows.exclude(state=State.ENTERED_IN_ERROR)
        .select_related("group__program")
        .order_by("created_at", "pk")
    )
    history = _history(found)
    formats = _formats(found)
    labels = _labels(found) if "acceptance" in wanted else {}
    return [
        Case(
            person=row.patient_id,
            kinds={name: _kind(name, row, formats=formats, labels=labels) for name in wanted},
            **_became(row, history.get(row.pk, {})),
        )
        for row in found
    ]


def _history(found: list[Referral]) -> dict:
    """Map each referral to when it first reached each state."""
    events = ReferralEvent.objects.filter(referral__in=[row.pk for row in found])
    reached: dict = {}
    for pk, state, at in events.order_by("-at").values_list("referral", "to_state", "at"):
        reached.setdefault(pk, {})[state] = at
    return reached


def _became(row: Referral, reached: Mapping[str, datetime]) -> dict[str, bool]:
    def came(state: State, within: timedelta) -> bool:
        at = reached.get(state)
        return at is not None and at - row.created_at <= within

    is_engaged = came(State.ENGAGED, FOLLOWED)
    went = came(State.ATTENDED, LINKED_WITHIN) or came(State.ENGAGED, LINKED_WITHIN)
    return {
        "is_linked": went or came(State.LINKED, LINKED_WITHIN),
        "is_attended": is_engaged or came(State.ATTENDED, FOLLOWED),
        "is_engaged": is_engaged,
    }


def _formats(found: list[Referral]) -> dict[int, str]:
    chosen = {pk for row in found for pk in row.meetings}
    # Also those retired since: they keep their rows.
    return dict(Meeting.objects.filter(pk__in=chosen).values_list("pk", "format"))


def _labels(found: list[Referral]) -> dict:
    """Map referrals to the label that was shown when they began, from the plan of that moment."""
    plans: dict = {}
    of_people = Plan.objects.filter(patient__in={row.patient_id for row in found})
    for plan in of_people.order_by("created_at"):
        plans.setdefault(plan.patient_id, []).append(plan)
    return {row.pk: _label(row, plans.get(row.patient_id, [])) for row in found}


def _label(row: Referral, plans: list[Plan]) -> str:
    earlier = [plan for plan in plans if plan.created_at <= row.created_at]
    for plan in reversed(earlier):
        for shown in (*plan.suggestions.get("three", ()), *plan.suggestions.get("rest", ())):
            if shown["group"] == row.group_id:
                return next(iter(shown.get("labels", ())), NOT_WRITTEN)
    return NOT_WRITTEN


def _kind(name: str, row: Referral, *, formats: Mapping[int, str], labels: Mapping) -> str:
    match name:
        case "model":
            return row.group.program.model
        case "format":
            return _only({formats[pk] for pk in row.meetings if pk in formats}, NOT_WRITTEN)
        case "focus":
            return _only(set(row.group.focus), NONE)
        case "acceptance":
            return labels[row.pk] if row.medication else NONE
        case "medication":
            return row.medication or NONE
    raise ValueError(name)


def _only(codes: set[str], otherwise: str) -> str:
    """Name the one code there is; kinds that overlapped could be taken from each other."""
    return next(iter(codes), otherwise) if len(codes) < 2 else SEVERAL
