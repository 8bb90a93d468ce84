"""The questions on what a person needs of a group; answers become Needs, and nothing else."""

from collections.abc import Iterable
from datetime import time
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from finder.presenters.words import language_name
from finder.search.places import PlaceError, locate
from finder.vocab import ADMISSION, Access, Focus, Medication, MedicationForm, Model
from referrals.matching import AcceptanceMode, Device, Needs, Taking, Travel, Way, Window

NOON, FIVE, MIDNIGHT = 12 * 60, 17 * 60, 24 * 60
WHEN = {
    "any": (_("Any time"), (0, MIDNIGHT)),
    "morning": (_("Before noon"), (0, NOON)),
    "afternoon": (_("Noon to 5 pm"), (NOON, FIVE)),
    "evening": (_("After 5 pm"), (FIVE, MIDNIGHT)),
}
DAYS = [
    ("0", _("Monday")),
    ("1", _("Tuesday")),
    ("2", _("Wednesday")),
    ("3", _("Thursday")),
    ("4", _("Friday")),
    ("5", _("Saturday")),
    ("6", _("Sunday")),
]
NO_MEDICATION, RATHER_NOT = "none", "rather_not_say"
MEDICATIONS = [
    (NO_MEDICATION, _("None")),
    *Medication.choices,
    (RATHER_NOT, _("Would rather not say")),
]
LANGUAGES = ("en", "es", "ase", "ar", "fa", "fr", "ht", "ko", "pl", "pt", "ru", "vi", "zh")
SUBSTANCES = [
    ("", _("Not said")),
    (Focus.OPIOIDS.value, _("Opioids")),
    (Focus.ALCOHOL.value, _("Alcohol")),
    (Focus.STIMULANTS.value, _("Stimulants")),
    (Focus.CANNABIS.value, _("Cannabis")),
]
# What a person may need; the rest of Access is a matter of taste, or of what a group offers.
NEEDED_ACCESS = (
    Access.STEP_FREE,
    Access.ACCESSIBLE_TOILET,
    Access.ASL,
    Access.CAPTIONS,
    Access.FRAGRANCE_FREE,
    Access.SMOKE_FREE,
    Access.NO_CAMERA,
    Access.NEAR_TRANSIT,
)
MAX_VETOES = 20

_language_name = lazy(language_name, str)


def _labels(codes: Iterable) -> list[tuple[str, Any]]:
    return [(code.value, code.label) for code in codes]


def _one(label, choices, *, initial: str) -> forms.ChoiceField:
    # Left out, it means its first answer: a short form need not say everything.
    return forms.ChoiceField(label=label, choices=choices, initial=initial, required=False)


def _many(label, choices, **kwargs) -> forms.MultipleChoiceField:
    widget = forms.CheckboxSelectMultiple
    return forms.MultipleChoiceField(
        label=label, choices=choices, required=False, widget=widget, **kwargs
    )


def _tick(label, **kwargs) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False, **kwargs)


def _clock(label, **kwargs) -> forms.TimeField:
    widget = forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    return forms.TimeField(label=label, required=False, widget=widget, **kwargs)


class NeedsForm(forms.Form):
    """What a person needs of a group, as asked in a visit; nothing here says who they are."""

    use_required_attribute = False

    place = forms.CharField(
        label=_("Where they start from"),
        help_text=_("ZIP code, or city and state"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    medication = _one(_("Medication"), MEDICATIONS, initial=NO_MEDICATION)
    medication_form = _one(_("How it is taken"), MedicationForm.choices, initial="")
    when = _one(
        _("When they can go"),
        [(code, label) for code, (label, _minutes) in WHEN.items()],
        initial="any",
    )
    travel = _one(_("How they travel"), Travel.choices, initial=Travel.CAR)
    with_children = _tick(_("A child comes along"))

    # --- More, all of it optional ------------------------------------------------------
    miles = forms.IntegerField(
        label=_("How many miles at most"), min_value=1, max_value=200, initial=25, required=False
    )
    days = _many(_("Days they can go"), DAYS, help_text=_("None ticked: any day"))
    busy_from = _clock(_("Cannot go from"), help_text=_("For example work, or a dosing visit"))
    busy_to = _clock(_("Cannot go until"))
    home_by = _clock(_("Must be on the way home by"), help_text=_("For example the last bus"))
    wanted_per_week = forms.IntegerField(
        label=_("Meetings a week they have in mind"),
        min_value=1,
        max_value=14,
        initial=3,
        required=False,
    )
    is_thinking = _tick(_("They are thinking of starting the medication"))
    acceptance = _one(
        _("Groups and medication"), AcceptanceMode.choices, initial=AcceptanceMode.FIRST
    )
    ways = _many(_("Ways they prefer"), Way.choices)
    device = _one(_("What they have to join from home"), Device.choices, initial=Device.SMARTPHONE)
    languages = _many(
        _("Languages they understand"),
        [(code, _language_name(code)) for code in LANGUAGES],
        initial=["en"],
        help_text=_("None ticked: English"),
    )
    access = _many(_("What they cannot do without"), _labels(NEEDED_ACCESS))
    focus = _many(_("Groups they would feel at home in"), _labels(Focus))
    does_not_fit = _many(_("Groups that are not for them"), _labels(ADMISSION))
    is_under_18 = _tick(_("They are under 18"))
    models_wanted = _many(_("Kinds of program they would like"), Model.choices)
    models_unwanted = _many(_("Kinds of program they would not like"), Model.choices)
    no_religion = _tick(_("No religious content"))
    substance = _one(_("Main substance"), SUBSTANCES, initial="")
    dual_diagnosis = _tick(_("They have a mental health condition too"))
    is_first_timer = _tick(_("This would be their first group"))
    vetoed_places = forms.CharField(
        label=_("Places to keep away from"),
        help_text=_("Names, street addresses or cities, one on each line"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    court_asked = _tick(_("A court or agency asked them to go"))

    MAIN = ("place", "medication", "medication_form", "when", "travel", "with_children")
    SECTIONS = [
        (
            _("When and how they can go"),
            ("miles", "wanted_per_week", "busy_from", "busy_to", "home_by", "device")
            + ("days", "ways", "vetoed_places"),
        ),
        (_("Medication and substance"), ("acceptance", "substance", "is_thinking")),
        (
            _("What would make it right for them"),
            ("is_first_timer", "is_under_18", "dual_diagnosis", "no_religion", "court_asked")
            + ("languages", "access", "focus", "does_not_fit", "models_wanted", "models_unwanted"),
        ),
    ]

    def clean_place(self) -> str:
        text = self.cleaned_data["place"].strip()
        try:
            self.origin = locate(text)
        except PlaceError as error:
            raise forms.ValidationError(str(error)) from error
        return text

    def clean_vetoed_places(self) -> str:
        text = self.cleaned_data["vetoed_places"]
        if len(_lines(text)) > MAX_VETOES:
            raise forms.ValidationError(_("Name at most 20 places."))
        return text

    def clean(self) -> dict:
        cleaned = super().clean()
        for name, field in self.fields.items():
            if cleaned.get(name) in (None, "") and name in cleaned and field.initial:
                cleaned[name] = field.initial
        start, end = cleaned.get("busy_from"), cleaned.get("busy_to")
        if (start is None) != (end is None):
            self.add_error("busy_to", _("Give both times, or neither."))
        elif start is not None and start >= end:
            self.add_error("busy_to", _("This time must be later than the first."))
        return cleaned

    @property
    def main(self) -> list[forms.BoundField]:
        """The fields that suffice in a short visit."""
        return [self[name] for name in self.MAIN]

    @property
    def sections(self) -> list[tuple[str, list[forms.BoundField]]]:
        """The fields behind "More", under their headings."""
        return [(title, [self[name] for name in names]) for title, names in self.SECTIONS]

    @property
    def more(self) -> list[forms.BoundField]:
        """The fields behind "More", in one list."""
        return [field for _title, fields in self.sections for field in fields]

    @property
    def has_more(self) -> bool:
        """Say whether something behind "More" was filled in, or is wrong."""
        if any(field.errors for field in self.more):
            return True
        return self.is_bound and any(
            self.fields[f.name].has_changed(
                self.get_initial_for_field(self.fields[f.name], f.name), f.data
            )
            for f in self.more
        )

    def needs(self, *, vetoed_groups: Iterable[int] = ()) -> Needs:
        """Return the needs of a valid form."""
        said = self.cleaned_data
        medication = said["medication"] if said["medication"] in Medication.values else ""
        return Needs(
            lat=self.origin.point.lat,
            lng=self.origin.point.lng,
            zone=self.origin.zone,
            place=self.origin.label,
            miles=float(said["miles"]),
            travel=Travel(said["travel"]),
            device=Device(said["device"]),
            times=_times(said["when"], said["days"]),
            busy=_busy(said["busy_from"], said["busy_to"], said["home_by"]),
            wanted_per_week=said["wanted_per_week"],
            taking=_taking(said),
            medication=medication,
            medication_form=said["medication_form"] if medication else MedicationForm.NOT_SAID,
            acceptance=AcceptanceMode(said["acceptance"]),
            formats=tuple(Way(code) for code in said["ways"]),
            languages=tuple(said["languages"]) or ("en",),
            access=tuple(said["access"]),
            with_children=said["with_children"],
            focus=tuple(said["focus"]),
            does_not_fit=tuple(said["does_not_fit"]),
            is_under_18=said["is_under_18"],
            models_wanted=tuple(said["models_wanted"]),
            models_unwanted=tuple(said["models_unwanted"]),
            no_religion=said["no_religion"],
            substance=said["substance"],
            dual_diagnosis=said["dual_diagnosis"],
            is_first_timer=said["is_first_timer"],
            vetoed_groups=tuple(vetoed_groups),
            vetoed_places=tuple(_lines(said["vetoed_places"])),
            court_asked=said["court_asked"],
        )


def _taking(said: dict) -> Taking:
    if said["medication"] == RATHER_NOT:
        return Taking.RATHER_NOT_SAY
    if said["medication"] == NO_MEDICATION:
        return Taking.THINKING if said["is_thinking"] else Taking.NONE
    return Taking.THINKING if said["is_thinking"] else Taking.TAKES


def _times(when: str, days: list[str]) -> tuple[Window, ...]:
    start, end = WHEN[when][1]
    if not days and (start, end) == (0, MIDNIGHT):
        return ()
    return tuple(Window(int(day), start, end) for day in days or map(str, range(7)))


def _busy(start: time | None, end: time | None, home_by: time | None) -> tuple[Window, ...]:
    spans = []
    if start is not None and end is not None:
        spans.append((_minute(start), _minute(end)))
    if home_by is not None:
        spans.append((_minute(home_by), MIDNIGHT))
    return tuple(Window(day, first, last) for day in range(7) for first, last in spans)


def _minute(at: time) -> int:
    return at.hour * 60 + at.minute


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]
