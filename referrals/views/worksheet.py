"""A plan as its page shows it: the steps with what was done, and the words to use at each."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from finder.models import Assessment, Meeting, User
from finder.presenters.acceptance import AcceptanceWords, words_for
from finder.presenters.meetings import way_in
from finder.presenters.words import clock, day_of_week_words, translated
from finder.vocab import Medication
from referrals import steps
from referrals.checkins import Again, Felt, Pushed, Told, Went
from referrals.forms.newcomers import PrefersForm
from referrals.forms.steps import FORMS, MeetForm, StepForm
from referrals.models import CheckIn, Plan, Referral, Step


@dataclass(frozen=True)
class StepRow:
    """One step: whose it is, whether and when it was done, and its form where it is mine to do."""

    step: steps.Kept
    done: Step | None
    is_next: bool
    is_mine: bool
    form: StepForm | None


@dataclass(frozen=True)
class CardLine:
    """What is known of one group, for the talk on medication."""

    group: str
    program: str
    position: str
    readings: tuple[AcceptanceWords, ...]
    phone: str


def names(live: Iterable[Referral]) -> list[tuple[str, str]]:
    """Pair each referral's id with the name of its group, as choices of a form."""
    return [(str(row.pk), row.group.name) for row in live]


def rows(
    plan: Plan, done: Iterable[Step], live: Iterable[Referral], *, by: User, wrong: StepForm | None
) -> list[StepRow]:
    """Lay out the steps; ``wrong`` is a form that was sent and could not be read."""
    newest = {step.number: step for step in done}
    first = next((number for number in steps.STEPS if number not in newest), None)
    mine = {step.hand for step in steps.STEPS.values() if steps.may_take(step, by=by)}
    groups = names(live)
    found = []
    for number, step in steps.STEPS.items():
        is_mine = step.hand in mine and plan.closed_at is None
        form = form_for(number, plan, groups) if is_mine else None
        if wrong is not None and type(wrong) is type(form):
            form = wrong
        found.append(StepRow(step, newest.get(number), number == first, is_mine, form))
    return found


def form_for(number: int, plan: Plan, groups: list[tuple[str, str]], data=None) -> StepForm | None:
    """Make the form of a step; the journal has none of its own."""
    kind = FORMS.get(number)
    if kind is None:
        return None
    auto_id = f"step{number}_%s"
    if kind is MeetForm:
        return MeetForm(data, auto_id=auto_id, groups=groups, zone=plan.zone)
    return kind(data, auto_id=auto_id)


def card(
    plan: Plan, live: Iterable[Referral], meetings: dict[int, Meeting], *, now: datetime
) -> list[CardLine]:
    """Say of each group what is known on the person's medication; at most three queries."""
    live = list(live)
    medications = _medications(plan, live)
    groups = [row.group_id for row in live]
    read = {name: Assessment.objects.for_cards(groups, name) for name in medications}
    return [_card_line(row, read, meetings, now=now) for row in live]


def _medications(plan: Plan, live: list[Referral]) -> list[str]:
    named = {row.medication for row in live if row.medication}
    return [name for name in Medication.values if name in named]


def _card_line(
    row: Referral, read: dict[str, dict], meetings: dict[int, Meeting], *, now: datetime
) -> CardLine:
    program = row.group.program
    entries = (way_in(meetings[pk]) for pk in row.meetings if pk in meetings)
    return CardLine(
        group=row.group.name,
        program=program.name,
        position=translated(program.position_sentence),
        readings=tuple(
            words_for(
                found.get(row.group_id),
                program=program.slug,
                medication=medication,
                today=now.date(),
            )
            for medication, found in read.items()
            if row.group.may_show_evidence
        ),
        phone=next((entry.phone for entry in entries if entry and entry.phone), ""),
    )


def reminder(live: Iterable[Referral], *, zone: str, now: datetime) -> str:
    """Word a reminder to copy; it names no group."""
    ahead = [row.first_meeting_at for row in live if row.first_meeting_at]
    ahead = sorted(at for at in ahead if at >= now)
    if not ahead:
        return _("Hello! Thinking of you today. Call me if you need a ride or a chat.")
    return _("Hello! A reminder for %(when)s. Call me if you need a ride or a chat.") % {
        "when": when_words(ahead[0], zone)
    }


def when_words(moment: datetime, zone: str) -> str:
    """Say a moment on the clock of the person.

    >>> from datetime import UTC
    >>> when_words(datetime(2026, 11, 12, 0, 30, tzinfo=UTC), "America/New_York")
    'Wednesday, November 11, 7:30 PM'
    """
    local = moment.astimezone(ZoneInfo(zone))
    return f"{day_of_week_words(local)}, {clock(local.time())}"


def prefers(live: Iterable[Referral]) -> list[tuple[Referral, PrefersForm]]:
    """Make for each group the question whom the person would rather meet."""
    return [
        (row, PrefersForm(initial={"which": row.pk}, auto_id=f"meet{number}_%s"))
        for number, row in enumerate(live)
    ]


def told_words(check_in: CheckIn) -> list[str]:
    """Put a check-in into short phrases."""
    told = Told.from_document(check_in.answers)
    said = [str(Went(told.went).label)]
    if told.felt:
        said.append(_("How it was: %(answer)s") % {"answer": Felt(told.felt).label.lower()})
    if told.pushed:
        answer = Pushed(told.pushed).label.lower()
        said.append(_("Pushed about health care: %(answer)s") % {"answer": answer})
    if told.again:
        said.append(_("Would go back: %(answer)s") % {"answer": Again(told.again).label.lower()})
    return said
