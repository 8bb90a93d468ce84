"""What a curator fills in to plan, to draw a sample, and after asking a group."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finder import asking
from finder.acceptance import Answers
from finder.admin.evidence_forms import QUESTIONS, answer_choices
from finder.models import (
    DIMENSIONS,
    Draw,
    InquiryOutcome,
    InquiryRoute,
    Program,
)
from finder.search.places import PlaceError, locate
from finder.vocab import Disclosed, EvidenceTarget, MedicationForm, PressureFrom


class PlanForm(forms.Form):
    """Which groups a plan is made for."""

    program = forms.ModelChoiceField(
        label=_("Program"), queryset=Program.objects.listed(), required=False, to_field_name="slug"
    )
    state = forms.CharField(label=_("State"), max_length=2, required=False)
    near = forms.CharField(
        label=_("Near a clinic"), required=False, help_text=_("ZIP code, or town and state.")
    )
    within = forms.IntegerField(label=_("Miles"), required=False, min_value=1, max_value=250)
    after = forms.TimeField(
        label=_("Dosing ends at"),
        required=False,
        help_text=_("Only meetings that start then or later: 11:00."),
    )
    sample = forms.ModelChoiceField(
        label=_("Only a random sample"), queryset=Draw.objects.order_by("-pk"), required=False
    )

    def clean_near(self):
        text = self.cleaned_data["near"].strip()
        if not text:
            return None
        try:
            return locate(text).point
        except PlaceError as error:
            raise forms.ValidationError(str(error)) from error

    def plan(self) -> asking.Plan:
        told = self.cleaned_data if self.is_valid() else {}
        return asking.Plan(
            program=told["program"].slug if told.get("program") else "",
            state=(told.get("state") or "").upper(),
            near=told.get("near"),
            within=told.get("within") or 25,
            after=told.get("after"),
            sample=told["sample"].pk if told.get("sample") else None,
        )


class DrawForm(forms.ModelForm):
    """A sample to draw."""

    programs = forms.ModelMultipleChoiceField(
        label=_("Programs"),
        queryset=Program.objects.listed(),
        required=False,
        help_text=_("None chosen means all."),
    )
    per_stratum = forms.IntegerField(
        label=_("Groups of each program and rurality"), min_value=1, max_value=200, initial=10
    )

    class Meta:
        model = Draw
        fields = ("seed", "per_stratum")
        help_texts = {"seed": _("Any word; the same word draws the same groups again.")}


class AskForm(forms.Form):
    """What came of asking one group: an outcome, and the answers if there are any."""

    asked_on = forms.DateField(label=_("Day"))
    route = forms.ChoiceField(label=_("How"), choices=InquiryRoute.choices)
    outcome = forms.ChoiceField(
        label=_("What came of it"),
        choices=InquiryOutcome.choices,
        initial=InquiryOutcome.ANSWERED,
        widget=forms.RadioSelect,
    )
    target = forms.ChoiceField(label=_("Medication"), choices=EvidenceTarget.choices)
    medication_form = forms.ChoiceField(
        label=_("Form"), choices=MedicationForm.choices, required=False
    )
    disclosed = forms.ChoiceField(
        label=_("Did anyone at the group know of the medication?"),
        choices=Disclosed.choices,
        required=False,
        help_text=_("Only for a peer worker in their own group."),
    )
    pressure_from = forms.ChoiceField(
        label=_("Who pressed"), choices=PressureFrom.choices, required=False
    )
    note = forms.CharField(
        label=_("Note"), max_length=300, required=False, help_text=_("No names, no quotes.")
    )

    def __init__(self, data=None):
        super().__init__(data, initial={"asked_on": timezone.localdate})
        for name in DIMENSIONS:
            self.fields[name] = forms.ChoiceField(
                label=QUESTIONS[name],
                choices=answer_choices(name),
                required=False,
                widget=forms.RadioSelect,
            )

    @property
    def about(self):
        return [self[name] for name in ("asked_on", "route", "outcome", "note")]

    @property
    def answers(self):
        names = ("target", "medication_form", *DIMENSIONS, "pressure_from", "disclosed")
        return [self[name] for name in names]

    def clean_asked_on(self):
        day = self.cleaned_data["asked_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day

    def told(self) -> asking.Told | None:
        """Give the answer, or nothing where there was none."""
        given = self.cleaned_data
        if given["outcome"] != InquiryOutcome.ANSWERED:
            return None
        return asking.Told(
            target=given["target"],
            answers=Answers(**{name: given.get(name) or "" for name in DIMENSIONS}),
            pressure_from=given["pressure_from"],
            medication_form=given["medication_form"],
            disclosed=given["disclosed"],
        )
