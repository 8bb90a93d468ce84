"""How the search form is drawn; what a value means is decided by ListingFilterSet alone."""

from collections.abc import Mapping

from django import forms
from django.http import QueryDict
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from finder.presenters.words import ZONES, language_name
from finder.search.moments import MOMENTS
from finder.vocab import Access, Focus, Format, Medication, Model, Weekday

WHEN = [("", _("Any time")), *MOMENTS]
MILES = [("5", _("5 miles")), ("10", _("10 miles")), ("25", _("25 miles")), ("50", _("50 miles"))]
MILES += [("100", _("100 miles"))]
MEDICATIONS = [("", _("No matter, or rather not say")), *Medication.choices]
ACCEPTANCE = [("", _("Show all groups")), ("positive", _("Only groups known to accept it"))]
SORTS = [
    ("", _("Best for this search")),
    ("next_start", _("Soonest first")),
    ("distance", _("Nearest first")),
    ("acceptance", _("By what is known on medication")),
    ("name", _("By name")),
]
FORMATS = [
    ("in_person", Format.IN_PERSON.label),
    ("online", Format.ONLINE.label),
    ("phone", _("By phone, no internet")),
]
LANGUAGES = ("en", "es", "ase", "ar", "fa", "fr", "ht", "ko", "pl", "pt", "ru", "vi", "zh")
ANY = _("Any")
LISTS = ("day", "format", "focus", "access")


class LenientList(forms.MultipleChoiceField):
    """Tick boxes that keep whatever was sent, so that the filter set can speak of it."""

    widget = forms.CheckboxSelectMultiple

    def valid_value(self, value: str) -> bool:
        return True


def _choice(choices, label, **kwargs) -> forms.CharField:
    # A text field drawn as a list: the filter set says what is wrong with a value.
    widget = forms.Select(choices=choices)
    return forms.CharField(label=label, required=False, widget=widget, **kwargs)


def _many(choices, label, **attrs) -> LenientList:
    widget = forms.CheckboxSelectMultiple(attrs=attrs)
    return LenientList(label=label, required=False, choices=choices, widget=widget)


def _one(choices, label, **attrs) -> forms.CharField:
    # As above, drawn as buttons of which one is pressed.
    widget = forms.RadioSelect(choices=choices, attrs=attrs)
    return forms.CharField(label=label, required=False, widget=widget)


def _text(label, **attrs) -> forms.CharField:
    help_text = attrs.pop("help_text", "")
    widget = forms.TextInput(attrs={"autocomplete": "off", **attrs})
    return forms.CharField(label=label, required=False, help_text=help_text, widget=widget)


_language_name = lazy(language_name, str)


class SearchForm(forms.Form):
    """The search as people fill it in; every field may stay empty."""

    use_required_attribute = False

    near = _text(_("Where"), help_text=_("ZIP code, or city and state"), maxlength=80)
    medication = _choice(
        MEDICATIONS, _("Medication you take"), help_text=_("It stays out of the web address")
    )
    when = _one(WHEN, _("When"))
    within = _choice(MILES, _("How far"))
    acceptance = _choice(ACCEPTANCE, _("Groups and medication"))
    q = _text(
        _("What are you looking for?"),
        help_text=_("Such as: women tuesday night, or spanish online wheelchair"),
        maxlength=200,
    )
    program = _choice([], _("Program"))
    model = _choice([("", ANY), *Model.choices], _("Family of programs"))
    language = _choice(
        [("", ANY), *[(code, _language_name(code)) for code in LANGUAGES]], _("Language")
    )
    sort = _choice(SORTS, _("Order"))
    format = _many(FORMATS, _("How to meet"))
    day = _many([(day.code, day.label) for day in Weekday], _("Days"))
    focus = _many(Focus.choices, _("Made for"))
    access = _many(Access.choices, _("The place or meeting has"))

    def __init__(self, data: QueryDict | None = None, *, programs: list[tuple[str, str]]) -> None:
        super().__init__(data)
        self.fields["program"].widget.choices = [("", ANY), *programs]
        # "from" is a word of Python's own, so this pair cannot be declared above.
        for name, label in (("from", _("Not before")), ("to", _("Not after"))):
            widget = forms.TimeInput(attrs={"type": "time"})
            self.fields[name] = forms.CharField(label=label, required=False, widget=widget)
        if not self.is_bound:
            self.initial["within"] = "25"
        if not self["when"].value():
            self.initial["when"] = ""

    def tell_counts(self, counts: Mapping[str, Mapping[str, int]]) -> None:
        """Put behind each choice how many meetings it would find beside the others."""
        for name, found in counts.items():
            if name in self.fields:
                widget = self.fields[name].widget
                widget.choices = [
                    (code, f"{label} ({found.get(str(code), 0)})" if code else label)
                    for code, label in widget.choices
                ]

    @property
    def has_more(self) -> bool:
        """Say whether a field under "More choices" is filled in or wrong."""
        folded = ("program", "model", "language", "sort", "from", "to", "focus", "access")
        return any(self[name].value() or name in self.errors for name in folded)


class PlanForm(forms.Form):
    """Which medication a plan's further meetings are looked for with; it is never in an address."""

    use_required_attribute = False

    m = forms.CharField(widget=forms.HiddenInput)
    medication = forms.ChoiceField(
        choices=MEDICATIONS,
        label=_("Medication you take"),
        help_text=_("It stays out of the web address"),
        required=False,
    )


class ZoneForm(forms.Form):
    """By whose clock a plan is shown."""

    m = forms.CharField(widget=forms.HiddenInput, required=False)
    tz = forms.ChoiceField(label=_("By the clock of"), required=False)

    def __init__(self, data: Mapping | None = None) -> None:
        super().__init__(data)
        self.fields["tz"].choices = [(zone, words) for zone, words in ZONES.items()]


def listed(query: QueryDict) -> QueryDict:
    """Split comma lists into the repeated values that tick boxes are drawn from.

    >>> listed(QueryDict("day=mon,tue&q=a,b")).urlencode()
    'day=mon&day=tue&q=a%2Cb'
    """
    split = query.copy()
    for name in LISTS:
        if name in split:
            values = [part.strip() for value in split.getlist(name) for part in value.split(",")]
            split.setlist(name, values)
    return split
