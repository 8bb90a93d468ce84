"""What a curator fills in to decide a suggestion; the decision itself is made in suggestions."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from finder import listing_fields
from finder.acceptance import Answers
from finder.admin.evidence_forms import QUESTIONS, answer_choices
from finder.models import DIMENSIONS, Suggestion, SuggestionKind
from finder.vocab import EvidenceTarget, PressureFrom

_STANDING = [
    ("", _("Leave it as it is")),
    ("pause", _("Pause it, with a neutral notice")),
    ("retire", _("Stop listing it")),
]
_POINT = ("lat", "lng")


class DecisionForm(forms.Form):
    """The words to the visitor, and of each suggested field whether and as what it is taken."""

    reason = forms.CharField(
        label=_("To the person who wrote"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Needed to decline. They read it behind their link."),
    )

    def __init__(self, suggestion: Suggestion, data=None) -> None:
        super().__init__(data)
        self.suggestion = suggestion
        self.names = self._names()
        for name, field in listing_fields.fields(self.names).items():
            field.initial = suggestion.proposed.get(name)
            self.fields[name] = field
        if suggestion.kind == SuggestionKind.CHANGE:
            for name in self.names:
                self.fields[f"use_{name}"] = forms.BooleanField(required=False, initial=True)
        self._add_others()

    def _names(self) -> tuple[str, ...]:
        row = self.suggestion
        if row.kind == SuggestionKind.NEW:
            return listing_fields.NEW
        if row.kind == SuggestionKind.CHANGE:
            return tuple(n for n in listing_fields.names_for(row.about) if n in row.proposed)
        return ()

    def _add_others(self) -> None:
        kind, proposed = self.suggestion.kind, self.suggestion.proposed
        is_placed = kind == SuggestionKind.NEW or set(listing_fields.WHERE) & set(self.names)
        if is_placed:
            for name, label in zip(_POINT, (_("Latitude"), _("Longitude")), strict=True):
                self.fields[name] = forms.FloatField(label=label, required=False)
        if kind == SuggestionKind.BODY:
            self.fields["entity"] = forms.CharField(
                label=_("Service body, as its groups’ listings name it"),
                max_length=200,
                initial=proposed.get("entity"),
            )
        was_there = proposed.get("was_there") == "yes"
        if kind in (SuggestionKind.CLOSE, SuggestionKind.SAFETY, SuggestionKind.VISIT):
            initial = "retire" if kind == SuggestionKind.CLOSE else ""
            if not was_there:
                self.fields["standing"] = forms.ChoiceField(
                    label=_("The listing"), choices=_STANDING, required=False, initial=initial
                )

    def clean(self) -> dict:
        told = super().clean()
        if "_decline" in self.data:
            if not (told.get("reason") or "").strip():
                self.add_error("reason", _("Say why; the person who wrote reads it."))
            return told
        if self.suggestion.kind == SuggestionKind.NEW:
            for name in ("name", "weekday", "start", "format"):
                if told.get(name) in (None, "") and name not in self.errors:
                    self.add_error(name, _("A listing needs this."))
        if "name" in self.names and self._uses("name", told) and not told.get("name"):
            self.add_error("name", _("A listing needs a name."))
        if len([n for n in _POINT if told.get(n) is not None]) == 1:
            self.add_error("lng", _("Give both numbers, or none."))
        return told

    def _uses(self, name: str, told: dict) -> bool:
        return bool(told.get(f"use_{name}", True))

    def values(self) -> dict[str, Any]:
        """Give what was accepted: ticked fields, the point, what becomes of the listing."""
        told = self.cleaned_data
        values = {name: told[name] for name in self.names if self._uses(name, told)}
        for name in (*_POINT, "entity", "standing"):
            if told.get(name) not in (None, ""):
                values[name] = told[name]
        if self.suggestion.proposed.get("was_there") == "yes":
            values["was_there"] = True
        return values

    def rows(self) -> list[dict]:
        """Give each suggested field beside what is listed now."""
        about = self.suggestion.about
        now = listing_fields.current(about) if about and self.names else {}
        return [
            {
                "label": self.fields[name].label,
                "now": listing_fields.as_typed(now.get(name)),
                "field": self[name],
                "tick": self[f"use_{name}"] if f"use_{name}" in self.fields else None,
            }
            for name in self.names
        ]

    @property
    def others(self) -> list[forms.BoundField]:
        """The fields that stand below the suggested ones."""
        shown = {*self.names, *(f"use_{name}" for name in self.names)}
        return [field for field in self if field.name not in shown and field.name != "reason"]


class HearsayForm(forms.Form):
    """What a visitor said of medication, as a curator understood it."""

    target = forms.ChoiceField(label=_("Medication"), choices=EvidenceTarget)
    on = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}))
    pressure_from = forms.ChoiceField(label=_("Who pressed"), choices=PressureFrom, required=False)

    def __init__(self, data=None) -> None:
        super().__init__(data, prefix="hearsay")
        for name in DIMENSIONS:
            self.fields[name] = forms.ChoiceField(
                label=QUESTIONS[name], choices=answer_choices(name), required=False
            )

    def answers(self) -> Answers:
        return Answers(**{name: self.cleaned_data[name] for name in DIMENSIONS})


class MessageForm(forms.Form):
    """A message to the person who wrote."""

    text = forms.CharField(
        label=_("Message"), max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
