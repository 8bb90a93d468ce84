"""What is written down at each step of a plan: ticks and choices, no free text."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals import steps
from referrals.forms.pages import PlanForm


def _one_of(label, *choices) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, choices=choices, widget=forms.RadioSelect)


def _some_of(label, *choices) -> forms.MultipleChoiceField:
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=forms.CheckboxSelectMultiple
    )


class StepForm(forms.Form):
    """One step: what was found or done, and the name of this filling-in."""

    use_required_attribute = False

    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    @property
    def used_key(self) -> UUID:
        """The name of this filling-in, so that sending it twice is one step."""
        return self.cleaned_data["key"]

    def details(self) -> dict:
        """Give the plain values that are kept, sealed."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}


class HistoryForm(StepForm):
    """Earlier groups, what was good and bad, beliefs, and what stands in the way."""

    been = _one_of(
        _("Have they been to a group before?"),
        ("never", _("Never")),
        ("before", _("Some time ago")),
        ("now", _("They go now")),
    )
    good = _some_of(
        _("What was good"),
        ("people", _("The people")),
        ("listening", _("Being listened to")),
        ("structure", _("A fixed day and time")),
        ("tools", _("Tools and steps")),
        ("near", _("It was near, or online")),
    )
    bad = _some_of(
        _("What was not"),
        ("medication", _("Someone spoke against their medication")),
        ("religion", _("The religious side")),
        ("crowd", _("Too many people, or having to speak")),
        ("safety", _("They did not feel safe")),
        ("stories", _("Stories that brought cravings back")),
    )
    beliefs = _one_of(
        _("Which kind suits them?"),
        ("any", _("Any")),
        ("spiritual", _("Spiritual is welcome")),
        ("secular", _("Rather secular")),
    )
    barriers = _some_of(
        _("What stands in the way"),
        ("time", _("Time or work")),
        ("ride", _("Getting there")),
        ("children", _("Children")),
        ("nerves", _("Nerves")),
        ("language", _("Language")),
        ("phone", _("No phone or internet")),
    )
    medication = _one_of(
        _("Were they asked about medication?"),
        ("asked", _("Yes, they told")),
        ("rather_not_say", _("Yes, they would rather not say")),
        ("not_asked", _("No")),
    )


class ChooseForm(StepForm):
    """The meetings were explained and they chose."""


class PrepareForm(StepForm):
    """The card on questions about medication."""

    card = _one_of(
        _("The card"),
        ("given", _("We went through it")),
        ("not_wanted", _("They did not want it")),
        ("not_needed", _("They take no medication")),
    )


class CallForm(StepForm):
    """The call that the person makes; the clinic makes none."""

    call = _one_of(
        _("The call"),
        ("spoke", _("They spoke to someone")),
        ("message", _("They left a message")),
        ("nobody", _("Nobody answered")),
        ("no_number", _("There is no number to call")),
        ("not_wanted", _("They would rather not")),
    )


class MeetForm(StepForm):
    """Which meeting, when, and who goes along."""

    referral = forms.ChoiceField(label=_("Group"), widget=forms.RadioSelect)
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    time = forms.TimeField(label=_("Time"), widget=forms.TimeInput(attrs={"type": "time"}))
    company = _one_of(
        _("Who goes along, or meets them there?"),
        ("newcomer_contact", _("Someone of the group who meets newcomers")),
        ("friend", _("A friend or family")),
        ("worker", _("The peer worker, to the door")),
        ("nobody", _("Nobody: they go by themselves")),
    )

    def __init__(self, *args, groups: Iterable[tuple[str, str]], zone: str, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["referral"].choices = list(groups)
        self.zone = zone

    def details(self) -> dict:
        told = self.cleaned_data
        at = datetime.combine(told["day"], told["time"], ZoneInfo(self.zone))
        return {
            "referral": told["referral"],
            "first_meeting_at": at.isoformat(),
            "company": told["company"],
        }


class GivenForm(StepForm):
    """The paper that was given."""

    version = _one_of(
        _("Which version"),
        ("discreet", _("Discreet")),
        ("full", _("Full")),
        ("link", _("Only the link to their page")),
    )


class RemindForm(StepForm):
    """The reminder of the same evening."""

    reminder = _one_of(
        _("The reminder"),
        ("sent", _("I sent it")),
        ("own", _("They set one themselves")),
        ("not_wanted", _("They did not want one")),
    )


class FirstCheckForm(StepForm):
    """The first check-in."""

    done = _some_of(
        _("What we did"),
        ("praise", _("Said well done")),
        ("barrier", _("Took something out of the way")),
        ("again", _("Looked for another group")),
    )


class SecondCheckForm(StepForm):
    """The second check-in: how often, and how much a part of it they are."""

    often = _one_of(
        _("How often do they go?"),
        ("none", _("Not at present")),
        ("sampling", _("Less than once a week")),
        ("weekly", _("Once a week or more")),
        ("frequent", _("Three times a week or more")),
    )
    involvement = _some_of(_("What they do there"), *PlanForm.INVOLVEMENT)


class CloseForm(SecondCheckForm):
    """The last check-in."""

    outcome = _one_of(
        _("How it stands"),
        ("engaged", _("They go regularly")),
        ("sometimes", _("They go now and then")),
        ("other", _("They took another path")),
        ("not_now", _("Not now")),
    )


FORMS: Mapping[int, type[StepForm]] = {
    steps.HISTORY: HistoryForm,
    steps.CHOOSE: ChooseForm,
    steps.PREPARE: PrepareForm,
    steps.CALL: CallForm,
    steps.MEET: MeetForm,
    steps.HANDOUT: GivenForm,
    steps.REMIND: RemindForm,
    steps.FIRST: FirstCheckForm,
    steps.SECOND: SecondCheckForm,
    steps.CLOSE: CloseForm,
}
