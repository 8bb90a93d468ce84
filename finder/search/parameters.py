"""The parameters of a search: each declared once with its field, its words and its chips."""

from collections.abc import Callable

import django_filters
from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finder.models import Program
from finder.search import fields, phrases
from finder.search.moments import MOMENTS
from finder.search.values import KEYS, MAX_PAGE_SIZE
from finder.vocab import Access, Focus, Format, Label, Medication, Model, Weekday

POSITIVE = "positive"
DAYS = [(day.code, day.label) for day in Weekday]
FORMATS = [(f.value, f.label) for f in (Format.IN_PERSON, Format.ONLINE, Format.PHONE)]
ACCEPTANCE = [(POSITIVE, gettext_lazy("Any positive")), *Label.choices]
SORT_CHOICES = list(
    zip(
        KEYS,
        (
            gettext_lazy("Nearest"),
            gettext_lazy("Soonest"),
            gettext_lazy("What is known of acceptance"),
            gettext_lazy("Best match of words"),
            gettext_lazy("Name"),
        ),
        strict=True,
    )
)


class CommaSelect(forms.CheckboxSelectMultiple):
    """Tick boxes that also know values written with commas, so that a link shows as ticked."""

    def value_from_datadict(self, data, files, name) -> list[str]:
        return [
            code
            for text in super().value_from_datadict(data, files, name) or []
            for code in text.split(",")
        ]


class ListingFilter(django_filters.Filter):
    """One parameter: its form field, and how it speaks in the sentence and on chips."""

    def __init__(self, *, field_class, phrase=None, label_of=None, **extra) -> None:
        self.field_class = field_class
        self.phrase: Callable[[object], str] | None = phrase
        self.label_of: Callable[[object], str] | None = label_of
        super().__init__(**extra)

    def __deepcopy__(self, memo: dict) -> "ListingFilter":
        # Declared once and never changed, so every set of filters has the same.
        return self

    @property
    def is_list(self) -> bool:
        """Say whether the parameter may be given more than once."""
        return issubclass(self.field_class, fields.CodesField)


def _language_choices() -> list[tuple[str, str]]:
    return [(code, phrases.language_name(code)) for code in phrases.LANGUAGES]


def _program_choices() -> list[tuple[str, str]]:
    return list(Program.objects.listed().values_list("slug", "name"))


def _label(code: fields.Coded) -> str:
    return str(code.label)


def _inline(code: fields.Coded) -> str:
    return phrases.lowered(code.label)


def _codes(choices, phrase: Callable[[list[fields.Coded]], str], **extra) -> ListingFilter:
    return ListingFilter(
        field_class=fields.CodesField,
        choices=choices,
        widget=CommaSelect,
        phrase=phrase,
        label_of=_label,
        **extra,
    )


FILTERS: dict[str, ListingFilter] = {
    "q": ListingFilter(
        field_class=fields.TextField,
        label=gettext_lazy("Words"),
        help_text=gettext_lazy(
            "Words to find in names, places, tags and notes: all of them, in any order; "
            "quotation marks keep a phrase together. No word becomes a filter here."
        ),
        phrase=lambda words: _("matching “%(words)s”") % {"words": words},
    ),
    "near": ListingFilter(
        field_class=fields.PlaceField,
        label=gettext_lazy("Near"),
        help_text=gettext_lazy("ZIP code, or city and state."),
        label_of=lambda origin: _("near %(place)s") % {"place": origin.label},
    ),
    "within": ListingFilter(
        field_class=fields.MilesField,
        label=gettext_lazy("Within miles"),
        help_text=gettext_lazy("Miles from the place; 25 unless told."),
        label_of=lambda miles: _("within %(miles)s") % {"miles": phrases.miles(miles)},
    ),
    "day": _codes(
        DAYS,
        lambda codes: _("on %(days)s") % {"days": phrases.any_of(map(_label, codes))},
        label=gettext_lazy("Day"),
        help_text=gettext_lazy("Days in the viewer's time zone."),
    ),
    "from": ListingFilter(
        field_class=fields.ClockField,
        label=gettext_lazy("Starts from"),
        help_text=gettext_lazy("Earliest start (18:30); later than the latest: past midnight."),
        label_of=lambda minute: _("from %(time)s") % {"time": phrases.clock(minute)},
    ),
    "to": ListingFilter(
        field_class=fields.ClockField,
        label=gettext_lazy("Starts until"),
        help_text=gettext_lazy("Latest start, included."),
        label_of=lambda minute: _("until %(time)s") % {"time": phrases.clock(minute)},
    ),
    "starts_within": ListingFilter(
        field_class=fields.WholeField,
        low=1,
        high=7 * 24 * 60,
        label=gettext_lazy("Starts within minutes"),
        help_text=gettext_lazy("Minutes from now, up to a week."),
        phrase=lambda n: _("starting within %(time)s") % {"time": phrases.spell_minutes(n)},
    ),
    "when": ListingFilter(
        field_class=fields.CodeField,
        choices=[("", gettext_lazy("Any time")), *MOMENTS],
        label=gettext_lazy("When"),
        help_text=gettext_lazy(
            "A word for a time on the viewer's clock; now begins ten minutes ago, and tonight "
            "runs past midnight. Days and times beside it still hold."
        ),
        phrase=lambda code: phrases.lowered(dict(MOMENTS)[code]),
        label_of=lambda code: str(dict(MOMENTS)[code]),
    ),
    "tz": ListingFilter(
        field_class=fields.ZoneField,
        label=gettext_lazy("Time zone"),
        help_text=gettext_lazy("The viewer's zone; else that of the place, else New York's."),
    ),
    "format": _codes(
        FORMATS,
        lambda codes: phrases.any_of(map(_inline, codes)),
        label=gettext_lazy("Format"),
        help_text=gettext_lazy("Meetings held both ways match in person and online."),
    ),
    "program": _codes(
        _program_choices,
        lambda codes: _("of %(names)s") % {"names": phrases.any_of(map(_label, codes))},
        label=gettext_lazy("Program"),
    ),
    "model": _codes(
        Model.choices,
        lambda codes: _("of the kind %(names)s") % {"names": phrases.any_of(map(_inline, codes))},
        label=gettext_lazy("Kind of program"),
    ),
    "focus": _codes(
        Focus.choices,
        lambda codes: _("for %(people)s") % {"people": phrases.all_of(map(_inline, codes))},
        label=gettext_lazy("Made for"),
        help_text=gettext_lazy("Groups made for all of these."),
    ),
    "language": ListingFilter(
        field_class=fields.LanguagesField,
        choices=_language_choices,
        widget=CommaSelect,
        label=gettext_lazy("Language"),
        help_text=gettext_lazy("Any of these, as BCP 47 codes."),
        phrase=lambda codes: (
            _("in %(languages)s") % {"languages": phrases.any_of(map(_label, codes))}
        ),
        label_of=_label,
    ),
    "access": _codes(
        Access.choices,
        lambda codes: _("with %(needs)s known") % {"needs": phrases.all_of(map(_inline, codes))},
        label=gettext_lazy("Access"),
        help_text=gettext_lazy("All of these must be known to hold."),
    ),
    "medication": ListingFilter(
        field_class=fields.CodeField,
        choices=[("", gettext_lazy("Any or none")), *Medication.choices],
        label=gettext_lazy("Medication"),
        label_of=lambda code: str(Medication(code).label),
    ),
    "acceptance": _codes(
        ACCEPTANCE,
        lambda codes: phrases.any_of(map(_inline, codes)),
        label=gettext_lazy("Acceptance of the medication"),
    ),
    "sort": ListingFilter(
        field_class=fields.CodeField,
        choices=[("", gettext_lazy("Best order")), *SORT_CHOICES],
        label=gettext_lazy("Order by"),
    ),
    "explain": ListingFilter(
        field_class=fields.WholeField,
        low=0,
        high=1,
        label=gettext_lazy("Say why"),
        help_text=gettext_lazy("1 says of each meeting why it stands where it does."),
        widget=forms.HiddenInput,
    ),
    "page_size": ListingFilter(
        field_class=fields.WholeField,
        low=1,
        high=MAX_PAGE_SIZE,
        label=gettext_lazy("Meetings on a page"),
        widget=forms.HiddenInput,
    ),
    "cursor": ListingFilter(
        field_class=fields.CursorField,
        label=gettext_lazy("Page"),
        help_text=gettext_lazy("From next or previous of an answer."),
        widget=forms.HiddenInput,
    ),
}
for _filter in FILTERS.values():
    _filter.extra.setdefault("required", False)
