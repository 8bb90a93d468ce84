"""What members type about people who meet newcomers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from finder.models import Group
from finder.vocab import Medication
from referrals.models import Gender


class NewcomerForm(forms.Form):
    """An adult of a group who agreed in writing to meet newcomers."""

    use_required_attribute = False

    group = forms.IntegerField(
        label=_("Number of the group"),
        help_text=_("It stands in the address of the group's page: /groups/123/"),
        min_value=1,
        max_value=2**53,
    )
    first_name = forms.CharField(label=_("First name"), max_length=40)
    channel = forms.CharField(
        label=_("How they want to be reached"), max_length=120, help_text=_("Such as a number")
    )
    languages = forms.CharField(
        label=_("Languages"), initial="en", max_length=60, help_text=_("Codes with commas: en, es")
    )
    gender = forms.ChoiceField(
        label=_("How they describe themselves"), choices=Gender.choices, required=False
    )
    medications = forms.MultipleChoiceField(
        label=_("Medications they are at ease with"),
        choices=Medication.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    permission_note = forms.CharField(label=_("Where their signed permission lies"), max_length=120)
    is_adult = forms.BooleanField(label=_("They are 18 or older"))

    def clean_group(self) -> Group:
        found = Group.objects.listed().filter(pk=self.cleaned_data["group"]).first()
        if found is None:
            raise forms.ValidationError(_("No listed group has this number."))
        return found

    def clean_languages(self) -> list[str]:
        codes = [code.strip().lower() for code in self.cleaned_data["languages"].split(",")]
        return [code for code in codes if code]


class PrefersForm(forms.Form):
    """Which referral, and whom the person would rather meet."""

    which = forms.UUIDField(widget=forms.HiddenInput)
    prefers = forms.ChoiceField(
        label=_("Whom would they rather meet?"),
        choices=[("", _("No preference")), *Gender.choices[1:3]],
        required=False,
    )
