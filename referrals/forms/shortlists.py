"""What members type about their clinic's shortlists."""

import re
from collections.abc import Iterable

from django import forms
from django.utils.translation import gettext_lazy as _

from finder.models import Meeting
from referrals.models import Shortlist

NAME_LENGTH = 80
# A page of a meeting, or a plan's address with its meetings; the site's name may stand before it.
_MEETING = re.compile(r"/meetings/(\d{1,18})(?!\d)", re.ASCII)
_PLAN = re.compile(r"[?&]m=([\d,]{1,400})", re.ASCII)
_NUMBERS = re.compile(r"[\d,\s]{1,400}", re.ASCII)


class ShortlistForm(forms.Form):
    """The name of a list."""

    name = forms.CharField(
        label=_("Name of the list"),
        help_text=_("Such as: our usual evening groups. Never the name of a patient."),
        max_length=NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AddForm(forms.Form):
    """Meetings for a list, as the address of their page or of a plan that names them."""

    meetings = forms.CharField(
        label=_("Meetings"),
        help_text=_("Paste the address of a meeting’s page, or of “Your meetings” for several."),
        max_length=600,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_meetings(self) -> list[int]:
        """Read the ids; they must name listed meetings."""
        text = self.cleaned_data["meetings"]
        digits = " ".join([*_MEETING.findall(text), *_PLAN.findall(text)])
        if not digits and _NUMBERS.fullmatch(text):
            digits = text
        ids = [int(part) for part in re.findall(r"\d{1,18}", digits)]
        if not ids or not Meeting.objects.listed().filter(pk__in=ids).exists():
            raise forms.ValidationError(_("No listed meeting has this address."))
        return ids


class KeepForm(forms.Form):
    """On which list the ticked meetings go; without a field to type in, where Enter would save."""

    NEW = "new"
    shortlist = forms.ChoiceField(label=_("Shortlist"))

    def __init__(self, *args, lists: Iterable[Shortlist], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self._lists = {str(row.pk): row for row in lists}
        names = [(pk, row.name) for pk, row in self._lists.items()]
        self.fields["shortlist"].choices = [*names, (self.NEW, _("A new list"))]

    @property
    def chosen(self) -> Shortlist | None:
        """The list that was chosen; None for a new one."""
        return self._lists.get(self.cleaned_data["shortlist"])
