"""What is asked before a list of referrals is taken out as a file."""

from collections.abc import Iterable

from django import forms
from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class LawfulBasis(TextChoices):
    """What a clinic may take such a list out for (42 CFR 2.12(c)(3), 2.53); for counsel to read."""

    OPERATIONS = "operations", _("Work inside this organization")
    EVALUATION = "evaluation", _("Audit or evaluation of this organization")
    RECORDS = "records", _("Moving to another record system of this organization")


class ExportForm(forms.Form):
    """Which quarter, and what for."""

    use_required_attribute = False

    quarter = forms.ChoiceField(label=_("Quarter"))
    basis = forms.ChoiceField(
        label=_("What the list is for"), choices=LawfulBasis.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args, quarters: Iterable[tuple[str, str]], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["quarter"].choices = list(quarters)
