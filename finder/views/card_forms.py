"""What stands on a paper card, as a form in big type: the code, the group, and six questions."""

from datetime import date, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finder import cards
from finder.acceptance import Answers
from finder.models import Group
from finder.presenters.words import month_words
from finder.vocab import Disclosed, EvidenceTarget, Fact, PressureFrom

MONTHS = 6
_YES_NO = [("yes", _("Yes")), ("no", _("No")), ("", _("I do not know"))]
_QUESTIONS = {
    "attend": _("Were you welcome to come?"),
    "speak": _("Could you share about yourself?"),
    "service": _("Could you help run the group?"),
    "milestone": _("Did the group count your time?"),
    "sponsor": _("Would someone there sponsor or support you?"),
}
_PRESSED = [("no", _("No")), ("yes", _("Yes")), ("", _("I do not know"))]
_DISCLOSED = [
    (Disclosed.YES, _("Yes")),
    (Disclosed.NO, _("No")),
    (Disclosed.RATHER_NOT_SAY, _("I would rather not say")),
]
_WHO = [
    (PressureFrom.ONE_MEMBER, _("One person")),
    (PressureFrom.SEVERAL, _("Several people")),
    (PressureFrom.CHAIR, _("The person who led the meeting")),
    (PressureFrom.GROUP, _("The group decided it")),
    (PressureFrom.ROOM, _("It was said to everyone")),
]
_TARGETS = [
    *[choice for choice in EvidenceTarget.choices if choice[0] != EvidenceTarget.ANY],
    (EvidenceTarget.ANY, _("I would rather not say")),
]


class CardForm(forms.Form):
    """The code and where the group is: what is asked first."""

    use_required_attribute = False

    code = forms.CharField(
        label=_("Code on the card"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters"}),
        error_messages={"required": _("Type the code that is on the card.")},
    )
    where = forms.CharField(
        label=_("Group or town"),
        min_length=3,
        max_length=80,
        help_text=_("The name of the group, the town, or the ZIP code."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        error_messages={
            "required": _("Say which group, or in which town."),
            "min_length": _("Three letters or more, please."),
        },
    )

    def clean_code(self) -> str:
        typed = self.cleaned_data["code"]
        if cards.find(typed, today=timezone.localdate()) is None:
            raise forms.ValidationError(
                _("This code does not work, or it was used before. Look at each letter again."),
                code="wrong",
            )
        return typed


class ReportForm(CardForm):
    """The whole card; nothing but the group, the month and two questions must be answered."""

    target = forms.ChoiceField(
        label=_("What do you take?"), choices=_TARGETS, widget=forms.RadioSelect
    )
    disclosed = forms.ChoiceField(
        label=_("Did anyone there know that you take it?"),
        choices=_DISCLOSED,
        widget=forms.RadioSelect,
    )
    pressed = forms.ChoiceField(
        label=_("Did anyone there tell you to lower or stop it?"),
        choices=_PRESSED,
        required=False,
        widget=forms.RadioSelect,
    )
    pressure_from = forms.ChoiceField(
        label=_("If yes: who?"), choices=_WHO, required=False, widget=forms.RadioSelect
    )

    def __init__(self, data, *, groups: list[Group]) -> None:
        super().__init__(data)
        self.groups = {str(group.pk): group for group in groups}
        for name in ("code", "where"):
            self.fields[name].widget = forms.HiddenInput()
        first = {
            "group": forms.ChoiceField(
                label=_("Which group?"),
                choices=[(pk, _words(group)) for pk, group in self.groups.items()],
                widget=forms.RadioSelect,
            ),
            "month": forms.ChoiceField(label=_("When did you go?"), choices=_months()),
        }
        asked = {
            name: forms.ChoiceField(
                label=label, choices=_YES_NO, required=False, widget=forms.RadioSelect
            )
            for name, label in _QUESTIONS.items()
        }
        # The group first, then what one takes, then the visit.
        medication = {name: self.fields.pop(name) for name in ("target", "disclosed")}
        last = {name: self.fields.pop(name) for name in ("pressed", "pressure_from")}
        self.fields = self.fields | first | medication | asked | last

    def clean(self) -> dict:
        told = super().clean()
        if told.get("pressed") == "yes" and not told.get("pressure_from"):
            self.add_error("pressure_from", _("Say who, as well as you can."))
        answered = [told.get(name) for name in (*_QUESTIONS, "pressed")]
        if not self.errors and not any(answered):
            self.add_error(None, _("Answer at least one question."))
        return told

    def report(self) -> cards.CardReport:
        told = self.cleaned_data
        is_pressed = told["pressed"] == "yes"
        none = {"yes": Fact.NO, "no": Fact.YES}.get(told["pressed"], Fact.NOT_KNOWN)
        return cards.CardReport(
            group=self.groups[told["group"]],
            target=told["target"],
            on=date.fromisoformat(told["month"]),
            answers=Answers(**{name: told[name] for name in _QUESTIONS}, no_pressure=none),
            disclosed=told["disclosed"],
            pressure_from=told["pressure_from"] if is_pressed else PressureFrom.NOBODY,
        )


def _words(group: Group) -> str:
    cities = dict.fromkeys(m.place.city for m in group.meetings.all() if m.place and m.place.city)
    return ", ".join([f"{group.name} ({group.program.name})", *list(cities)[:2]])


def _months() -> list[tuple[str, str]]:
    month, found = timezone.localdate().replace(day=1), []
    for _number in range(MONTHS):
        found.append((month.isoformat(), month_words(month)))
        month = (month - timedelta(days=1)).replace(day=1)
    return found
