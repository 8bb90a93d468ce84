"""Form fields of the search: each reads one kind of parameter and says in words what is wrong."""

import re
from datetime import time

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finder.schedule import is_zone
from finder.search import phrases
from finder.search.places import PlaceError, locate
from finder.search.values import Origin

# One parameter never needs more; longer is a mistake or an attack.
MAX_LENGTH = 300
MAX_CODES = 60
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f\ud800-\udfff]")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)", re.ASCII)
_MILES = re.compile(r"\d{1,4}(\.\d{1,3})?", re.ASCII)
_WHOLE = re.compile(r"\d{1,6}", re.ASCII)
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8}){0,2}", re.ASCII | re.IGNORECASE)


def shorten(text: str) -> str:
    """Return typed text fit to repeat in a sentence: short, and without odd characters."""
    plain = _CONTROL.sub("", text)
    return plain if len(plain) <= 40 else plain[:40] + "…"


def check_text(text: str, limit: int = MAX_LENGTH) -> None:
    """Refuse text that is too long or holds characters nobody types."""
    if len(text) > limit:
        raise ValidationError(
            _("That is too long: at most %(limit)d characters.") % {"limit": limit}
        )
    if _CONTROL.search(text):
        raise ValidationError(_("That holds characters that cannot be searched for."))


class TextField(forms.CharField):
    """Words of a person, without control characters."""

    default_error_messages = {
        "required": gettext_lazy("Type something."),
    }

    def to_python(self, value) -> str:
        text = super().to_python(value)
        check_text(text)
        return text

    # CharField's own check speaks of null characters to people who never heard of them.
    default_validators = []

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.validators = []


class PlaceField(TextField):
    """A ZIP code, a city and state, or coordinates, found in our own table."""

    def clean(self, value) -> Origin | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return locate(text)
        except PlaceError as error:
            raise ValidationError(str(error)) from None


class MilesField(TextField):
    """A distance in miles."""

    def clean(self, value) -> float | None:
        text = super().clean(value)
        if not text:
            return None
        if not _MILES.fullmatch(text) or not 0 < float(text) <= 500:
            raise ValidationError(_("Give a distance in miles, up to 500."))
        return float(text)


class WholeField(TextField):
    """A whole number within limits."""

    def __init__(self, *args, low: int, high: int, **kwargs) -> None:
        self.low, self.high = low, high
        super().__init__(*args, **kwargs)

    def clean(self, value) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        if not _WHOLE.fullmatch(text) or not self.low <= int(text) <= self.high:
            raise ValidationError(
                _("Give a whole number from %(low)d to %(high)d.")
                % {"low": self.low, "high": self.high}
            )
        return int(text)


class ClockField(TextField):
    """A time of day, in minutes after midnight."""

    widget = forms.TimeInput(attrs={"type": "time"})

    def prepare_value(self, value) -> str:
        return value.strftime("%H:%M") if isinstance(value, time) else value

    def clean(self, value) -> int | None:
        text = super().clean(value)
        if not text:
            return None
        found = _CLOCK.fullmatch(text)
        if not found:
            raise ValidationError(_("Give a time as hours and minutes, such as 18:30."))
        return int(found[1]) * 60 + int(found[2])


class ZoneField(TextField):
    """A time zone of the IANA database."""

    def clean(self, value) -> str:
        name = super().clean(value)
        if name and not is_zone(name):
            raise ValidationError(_("Give a time zone such as America/Denver."))
        return name


class CursorField(TextField):
    """A place in a list, as an earlier answer gave it; read once the search is known."""

    def to_python(self, value) -> str:
        text = forms.CharField.to_python(self, value)
        check_text(text, limit=1000)
        return text


class Coded(str):
    """A code that knows its label."""

    label: str

    @classmethod
    def of(cls, code: str, label: str) -> "Coded":
        coded = cls(code)
        coded.label = label
        return coded


class SharedChoices:
    """A field whose copies share its choices: nobody changes them, and every search copies them."""

    def __deepcopy__(self, memo: dict) -> forms.Field:
        return forms.Field.__deepcopy__(self, memo)


class CodesField(SharedChoices, forms.MultipleChoiceField):
    """Codes of one vocabulary; they repeat, or stand in one value with commas between."""

    def to_python(self, value) -> list[str]:
        given = value if isinstance(value, (list, tuple)) else [value] if value else []
        for text in given:
            check_text(str(text), limit=MAX_LENGTH * 4)
        codes = [code.strip() for text in given for code in str(text).split(",")]
        # Counted before they are made one, so that ten thousand days are refused.
        if len(codes) > MAX_CODES:
            raise ValidationError(_("Give at most %(limit)d values.") % {"limit": MAX_CODES})
        codes = list(dict.fromkeys(self.normalize(code) for code in codes if code))
        return codes

    def normalize(self, code: str) -> str:
        return code.lower()

    def clean(self, value) -> list[Coded]:
        codes = self.to_python(value)
        if not codes:
            return []
        labels = self.labels(codes)
        return [Coded.of(code, labels[code]) for code in codes]

    def labels(self, codes: list[str]) -> dict[str, str]:
        """Return the label of each code; the choices are read once, which may ask the database."""
        known = {str(code): label for code, label in self.choices}
        for code in codes:
            if code not in known:
                raise ValidationError(
                    _("We do not know “%(code)s” here. The codes are listed at /api/v1/facets/.")
                    % {"code": shorten(code)}
                )
        return known


class LanguagesField(CodesField):
    """Language tags of BCP 47; one that no group speaks finds nothing, and is no mistake."""

    def normalize(self, code: str) -> str:
        first, *rest = code.split("-")
        # Regions are written in capitals and scripts in title case (RFC 5646, section 2.1.1).
        return "-".join([first.lower(), *(r.upper() if len(r) == 2 else r.title() for r in rest)])

    def labels(self, codes: list[str]) -> dict[str, str]:
        for code in codes:
            if not _LANGUAGE.fullmatch(code):
                raise ValidationError(
                    _("Give a language as a code such as en or es; “%(code)s” is none.")
                    % {"code": shorten(code)}
                )
        return {code: phrases.language_name(code) for code in codes}


class CodeField(SharedChoices, forms.ChoiceField):
    """One code of one vocabulary."""

    def to_python(self, value) -> str:
        text = super().to_python(value).strip().lower()
        check_text(text)
        return text

    def validate(self, value: str) -> None:
        if value and value not in {str(code) for code, _label in self.choices}:
            raise ValidationError(_("We do not know “%(code)s” here.") % {"code": shorten(value)})
