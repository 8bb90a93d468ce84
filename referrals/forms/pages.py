"""What members type on their pages. Forms check shape; they decide nothing."""

from collections.abc import Iterable
from uuid import uuid4

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from referrals.handouts import NAME_LENGTH
from referrals.models import Membership, Role


class PatientForm(forms.Form):
    """The clinic's own label for a patient."""

    label = forms.CharField(
        label=_("Label"),
        help_text=_("What your clinic calls this person, such as a chart number. Not a name."),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


class AssignForm(forms.Form):
    """A colleague to work with a patient."""

    member = forms.ModelChoiceField(label=_("Colleague"), queryset=Membership.objects.none())

    def __init__(self, *args, colleagues, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = colleagues
        self.fields["member"].label_from_instance = lambda member: (
            f"{member.user.get_full_name() or member.user.email} ({member.get_role_display()})"
        )


class MoveForm(forms.Form):
    """One step of a referral; which may follow is decided by lifecycle."""

    step = forms.ChoiceField(label=_("What happened"))
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("Needed to pause or to close"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )

    # What was on the screen, and the name of this filling-in.
    version = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args, steps, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["step"].choices = [(step.name, step.label) for step in steps]


class PlanForm(forms.Form):
    """Which suggested meetings the person chose, and how much they mean to take on."""

    STEPS = [
        ("one", _("One meeting this week, then: again, or another?")),
        ("weekly", _("One meeting a week")),
        ("frequent", _("Three or more meetings a week")),
    ]
    INVOLVEMENT = [
        ("speaks", _("Says something in a meeting")),
        ("regular_group", _("Has a group they usually go to")),
        ("support_person", _("Has a support person there")),
        ("service", _("Helps to run meetings")),
        ("tools", _("Uses the program's tools")),
        ("contact", _("Keeps in touch between meetings")),
    ]
    meetings = forms.MultipleChoiceField(
        label=_("Meetings they chose"), required=False, widget=forms.CheckboxSelectMultiple
    )
    step = forms.ChoiceField(label=_("How much they want to take on"), choices=STEPS, initial="one")
    involvement = forms.MultipleChoiceField(
        label=_("What they mean to try"),
        choices=INVOLVEMENT,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    # The live plan that was on the screen ('' where there was none), and this filling-in.
    replaces = forms.UUIDField(widget=forms.HiddenInput, required=False)
    key = forms.UUIDField(widget=forms.HiddenInput, required=False, initial=uuid4)

    def __init__(self, *args, meetings: Iterable[int], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["meetings"].choices = [(str(pk), str(pk)) for pk in meetings]

    @property
    def chosen(self) -> list[int]:
        """The ids of the meetings chosen in a valid form."""
        return [int(pk) for pk in self.cleaned_data["meetings"]]


class HandoutForm(forms.Form):
    """Which version to print, in what language and size, and shorter names for its meetings."""

    VERSIONS = [
        ("discreet", _("Discreet: day, time, place and name")),
        ("full", _("Standard: also the program and how to join")),
    ]
    SIZES = [("usual", _("Usual print")), ("large", _("Large print"))]
    version = forms.ChoiceField(label=_("Version"), choices=VERSIONS, initial="discreet")
    size = forms.ChoiceField(label=_("Print"), choices=SIZES, initial="usual", required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES, required=False)

    def __init__(self, *args, names: dict[int, str], **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for pk, name in names.items():
            self.fields[f"name_{pk}"] = forms.CharField(
                label=_("Name on the paper: %(name)s") % {"name": name},
                max_length=NAME_LENGTH,
                required=False,
                initial=name,
            )

    @property
    def choices(self) -> list[forms.BoundField]:
        """The three choices that stand beside each other."""
        return [self[name] for name in ("version", "size", "language")]

    @property
    def short_names(self) -> list[forms.BoundField]:
        """The fields of the meetings' names."""
        return [self[name] for name in self.fields if name.startswith("name_")]

    @property
    def is_full(self) -> bool:
        """Say whether the full version was chosen; an unread or wrong form asks for discretion."""
        return self._chosen("version") == "full"

    @property
    def is_large(self) -> bool:
        """Say whether large print was chosen."""
        return self._chosen("size") == "large"

    @property
    def chosen_language(self) -> str:
        """The language of the paper; that of who takes it until another was chosen."""
        return self._chosen("language") or self.get_initial_for_field(
            self.fields["language"], "language"
        )

    def _chosen(self, name: str) -> str:
        return self.cleaned_data[name] if self.is_bound and self.is_valid() else ""

    @property
    def names(self) -> dict[int, str]:
        """The names that were changed, by meeting id."""
        if not self.is_bound or not self.is_valid():
            return {}
        changed = [field for field in self.changed_data if field.startswith("name_")]
        return {
            int(field.removeprefix("name_")): self.cleaned_data[field]
            for field in changed
            if self.cleaned_data[field]
        }


class InviteForm(forms.Form):
    """Whom to invite, and as what."""

    email = forms.EmailField(label=_("E-mail address"), max_length=254)
    role = forms.ChoiceField(label=_("Role"), choices=Role.choices)
