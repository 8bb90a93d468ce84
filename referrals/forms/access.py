"""What is typed on who may come in: organizations, roles, tokens and emergency openings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from referrals.models import TOKEN_DAYS, Organization, Role, Scope

REASON_CHARACTERS = 20


class OrganizationForm(forms.ModelForm):
    """An organization; its agreement and state only where who runs the site types."""

    use_required_attribute = False

    class Meta:
        model = Organization
        fields = ["name", "agreement_on", "is_active"]
        labels = {
            "name": _("Name"),
            "agreement_on": _("Day its agreement was signed"),
            "is_active": _("Switched on"),
        }
        help_texts = {
            "agreement_on": _("Without an agreement on file the tool stays shut to its members."),
        }
        widgets = {"agreement_on": forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args, is_superuser: bool, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        if not is_superuser:
            del self.fields["agreement_on"], self.fields["is_active"]


class RoleForm(forms.Form):
    """What a member does from now on."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)


class TokenForm(forms.Form):
    """A new token: what for, what it may do, and how long it lives."""

    use_required_attribute = False

    name = forms.CharField(
        label=_("What it is for"), max_length=80, help_text=_("Such as: record system, nightly")
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"), choices=Scope.choices, widget=forms.CheckboxSelectMultiple
    )
    days = forms.IntegerField(
        label=_("Days it works"), min_value=1, max_value=TOKEN_DAYS, initial=TOKEN_DAYS
    )


class EmergencyForm(forms.Form):
    """Why, and for how long, an organization is opened."""

    use_required_attribute = False

    reason = forms.CharField(
        label=_("Reason"),
        widget=forms.Textarea(attrs={"rows": 4}),
        min_length=REASON_CHARACTERS,
        max_length=1000,
        help_text=_("At least 20 characters. The administrators of the organization read it."),
    )
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=60, initial=30)
