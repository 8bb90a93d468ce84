"""What a service body fills in for one of its groups: an answer, a statement."""

import re

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finder.acceptance import Answers
from finder.lane import Position
from finder.models import DIMENSIONS, StatementForm
from finder.vocab import EvidenceTarget

_MAIL = re.compile(r"\S+@\S+\.\S+")
_PHONE = re.compile(r"(?:\d[ ().-]*){7,}")
_LINK = re.compile(r"https?://|www\.", re.IGNORECASE)
_ANSWERS = [("yes", _("Yes")), ("no", _("No")), ("", _("Not said"))]
_QUESTIONS = {
    "attend": _("People on this medication may attend"),
    "speak": _("They may speak about themselves"),
    "service": _("They may chair, make coffee, hold a position"),
    "milestone": _("The group counts their time and gives chips"),
    "sponsor": _("Members would sponsor or mentor them"),
    "no_pressure": _("Nobody presses them to lower or stop it"),
}


class ReplyForm(forms.Form):
    """A group's answer to what is said of it."""

    use_required_attribute = False

    text = forms.CharField(
        label=_("The group’s answer"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("It is shown on the group’s page at once. No names, addresses or links."),
    )

    def clean_text(self) -> str:
        text = self.cleaned_data["text"].strip()
        if _MAIL.search(text) or _PHONE.search(text) or _LINK.search(text):
            raise forms.ValidationError(
                _("Please leave out e-mail addresses, phone numbers and links.")
            )
        return text


class StatementDetails(forms.Form):
    """One page on which a group says what it holds, or that it holds nothing."""

    use_required_attribute = False

    position = forms.ChoiceField(
        label=_("What the group says"),
        choices=[
            ("none", _("The group has no position on medication")),
            ("some", _("The group has a position: the answers are below")),
        ],
        widget=forms.RadioSelect,
    )
    form = forms.ChoiceField(
        label=_("How it was said"), choices=StatementForm, widget=forms.RadioSelect
    )
    on = forms.DateField(
        label=_("Day of the vote or the text"), widget=forms.DateInput(attrs={"type": "date"})
    )
    target = forms.ChoiceField(
        label=_("Which medication"), choices=EvidenceTarget, initial=EvidenceTarget.ANY
    )
    text = forms.CharField(
        label=_("The text, or the minute of the vote"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("A curator reads it. It is not shown. Please leave out people’s names."),
    )
    is_affirming = forms.BooleanField(
        label=_("It says in writing that people on medication are full members"), required=False
    )

    def __init__(self, data=None) -> None:
        super().__init__(data)
        answers = {
            name: forms.ChoiceField(
                label=_QUESTIONS[name], choices=_ANSWERS, required=False, widget=forms.RadioSelect
            )
            for name in DIMENSIONS
        }
        self.fields = {**self.fields, **answers}
        self.order_fields(["position", "form", "on", "target", *DIMENSIONS, "is_affirming", "text"])

    def clean_on(self):
        on = self.cleaned_data["on"]
        if on > timezone.now().date():
            raise forms.ValidationError(_("This day is still to come."))
        return on

    def stated(self) -> Position | None:
        """Give the position, or None for "no position"."""
        if self.cleaned_data["position"] == "none":
            return None
        answers = Answers(**{name: self.cleaned_data[name] for name in DIMENSIONS})
        return Position(self.cleaned_data["target"], answers, self.cleaned_data["is_affirming"])
