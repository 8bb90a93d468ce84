"""The fields of a listing as people fill them in, on a public page or at the desk; no rules."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from finder.models import Group, Meeting, Program
from finder.presenters.words import zone_words
from finder.vocab import Format, ScheduleKind, Weekday

ZONES = (
    *("America/New_York", "America/Chicago", "America/Denver", "America/Phoenix"),
    *("America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu", "America/Puerto_Rico"),
)
WHEN = ("weekday", "start", "duration_minutes")
WHERE = ("place_name", "address", "city", "state", "zip")
MEETING = ("name", *WHEN, "format", *WHERE, "join_url", "phone")
NEW = ("name", "weekday", "start", "duration_minutes", "timezone", "format", *WHERE)
NEW += ("join_url", "phone")
GROUP = ("name", "website")
_OF_PLACE = {"place_name": "name"} | {name: name for name in WHERE[1:]}
_zone = lazy(zone_words, str)
_NOT_CHOSEN = ("", _("Not known"))


def _text(label, most: int, **kwargs) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=most, required=False, widget=widget, **kwargs)


def _makers() -> dict[str, forms.Field]:
    days = [_NOT_CHOSEN, *Weekday.choices]
    return {
        "name": _text(_("Name"), 255),
        "weekday": forms.TypedChoiceField(
            label=_("Day"), choices=days, coerce=int, empty_value=None, required=False
        ),
        "start": forms.TimeField(
            label=_("Starts at"),
            required=False,
            widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        ),
        "duration_minutes": forms.IntegerField(
            label=_("How many minutes"), min_value=1, max_value=1440, required=False
        ),
        "timezone": forms.ChoiceField(
            label=_("By the clock of"),
            choices=[_NOT_CHOSEN, *[(zone, _zone(zone)) for zone in ZONES]],
            required=False,
        ),
        "format": forms.ChoiceField(
            label=_("How people meet"), choices=[_NOT_CHOSEN, *Format.choices], required=False
        ),
        "place_name": _text(_("Name of the place"), 255),
        "address": _text(_("Street and number"), 255),
        "city": _text(_("City"), 120),
        "state": _text(_("State"), 60, help_text=_("Two letters, such as IL")),
        "zip": _text(_("ZIP code"), 12),
        "join_url": forms.URLField(
            label=_("Link to join"), assume_scheme="https", max_length=500, required=False
        ),
        "phone": _text(_("Number to dial in"), 40),
        "website": forms.URLField(
            label=_("Its own site"), assume_scheme="https", max_length=500, required=False
        ),
    }


def fields(names: Iterable[str]) -> dict[str, forms.Field]:
    """Make the fields of these names, in their order; each may stay empty."""
    made = _makers()
    return {name: made[name] for name in names}


def names_for(row: Meeting | Group) -> tuple[str, ...]:
    """Name what may be suggested of a listing: days only where it meets every week."""
    if isinstance(row, Group):
        return GROUP
    is_weekly = row.kind == ScheduleKind.WEEKLY
    return tuple(name for name in MEETING if is_weekly or name not in WHEN[:2])


def current(row: Meeting | Group) -> dict[str, Any]:
    """Give what is listed now; codes to get in are never shown here."""
    values = {}
    for name in names_for(row):
        if name in _OF_PLACE:
            values[name] = getattr(row.place, _OF_PLACE[name]) if row.place else ""
        else:
            values[name] = getattr(row, name)
    return values


def as_typed(value: Any) -> str:
    """Write a value the way a form sends it, to be kept with a suggestion.

    >>> from datetime import time
    >>> as_typed(time(19, 30)), as_typed(0), as_typed(None)
    ('19:30', '0', '')
    """
    if value is None:
        return ""
    return value.strftime("%H:%M") if hasattr(value, "strftime") else str(value)


def listed_programs() -> forms.ModelChoiceField:
    """Let a person choose a program."""
    return forms.ModelChoiceField(
        label=_("Program"), queryset=Program.objects.listed(), empty_label=_("Choose one")
    )
