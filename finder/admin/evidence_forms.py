"""What a curator fills in for one piece of evidence, answer by answer; the rules are curation's."""

from django import forms
from django.contrib.admin.helpers import ActionForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finder import curation
from finder.acceptance import Answers, Piece
from finder.models import DIMENSIONS, Evidence
from finder.vocab import EvidenceKind

QUESTIONS = {
    "attend": _("May people on this medication attend?"),
    "speak": _("May they speak about themselves?"),
    "service": _("May they chair, make coffee, hold a position?"),
    "milestone": _("Does the group count their time and give chips?"),
    "sponsor": _("Would members sponsor or mentor them?"),
    "no_pressure": _("Did anyone press them to lower or stop it?"),
}
# Patients report by themselves; nobody enters a report for them.
_KINDS = [choice for choice in EvidenceKind.choices if choice[0] != EvidenceKind.PATIENT_REPORT]


def answer_choices(name: str) -> list[tuple[str, str]]:
    """Give the answers to one question in words that nobody can turn around.

    What is stored is "no pressure", so a bare yes to "did anyone press them?" would mean no.
    """
    pressed = {"yes": _("Nobody did"), "no": _("Someone did")}
    words = pressed if name == "no_pressure" else {"yes": _("Yes"), "no": _("No")}
    return [("", _("Not answered")), *words.items()]


_NOT_ASKED = {
    EvidenceKind.GROUP_STATEMENT: ("disclosed",),
    EvidenceKind.CLINICIAN_CALL: ("disclosed", "is_affirming_statement"),
    EvidenceKind.PEER_VISIT: ("is_affirming_statement",),
    EvidenceKind.LISTING_CLAIM: ("disclosed", "is_affirming_statement"),
    EvidenceKind.HEARSAY: ("disclosed", "is_affirming_statement"),
}


class EvidenceForm(forms.ModelForm):
    """One piece of evidence; every question may stay without an answer."""

    kind = forms.ChoiceField(label=_("Who said it"), choices=_KINDS)
    source_url = forms.URLField(
        label=_("Web address"), assume_scheme="https", required=False, max_length=500
    )

    class Meta:
        model = Evidence
        fields = (
            *("group", "kind", "on", "target", "medication_form", *DIMENSIONS),
            *("disclosed", "pressure_from", "is_affirming_statement"),
            *("source_note", "source_url"),
        )
        labels = QUESTIONS | {
            "on": _("Day"),
            "target": _("Medication"),
            "disclosed": _("Did anyone at the group know of the medication?"),
            "pressure_from": _("Who pressed"),
            "is_affirming_statement": _("The text stands by people on medication"),
        }
        help_texts = {
            "source_note": _("Where it can be read, or how it was asked. No names, no quotes."),
        }
        widgets = {name: forms.RadioSelect for name in DIMENSIONS}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in DIMENSIONS:
            self.fields[name].choices = answer_choices(name)
        # What a kind cannot answer is not asked; without a kind chosen, all is.
        for name in _NOT_ASKED.get(self.initial.get("kind"), ()):
            self.fields[name].widget = forms.HiddenInput()

    def answers(self) -> Answers:
        return Answers(**{name: self.cleaned_data.get(name) or "" for name in DIMENSIONS})

    def clean(self):
        told = super().clean()
        if self.errors:
            return told
        if told["group"].merged_into_id:
            self.add_error("group", _("This group was merged: choose the one that stayed."))
        try:
            curation.check_evidence(
                self._piece(told),
                today=timezone.now().date(),
                source=told["source_note"] + told["source_url"],
            )
        except curation.EvidenceRefused as refusal:
            self.add_error(refusal.field or None, refusal.sentence)
        return told

    def _piece(self, told: dict) -> Piece:
        is_affirming = told["is_affirming_statement"]
        if is_affirming and told["kind"] != EvidenceKind.GROUP_STATEMENT:
            raise curation.EvidenceRefused(
                _("Only a written statement by the group can affirm."), "is_affirming_statement"
            )
        return Piece(
            kind=told["kind"],
            target=told["target"],
            on=told["on"],
            answers=self.answers(),
            disclosed=told["disclosed"],
            pressure_from=told["pressure_from"],
            is_affirming=is_affirming,
        )


class WithReason(ActionForm):
    """The list of actions, with room for a reason."""

    reason = forms.CharField(label=_("Reason (to withdraw):"), required=False, max_length=300)


class ReplyForm(forms.Form):
    """A group's reply that came another way than through its link."""

    text = forms.CharField(
        label=_("The group’s reply, in its words"),
        max_length=600,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Shown beside what is said of the group. No names."),
    )


class WithdrawForm(forms.Form):
    """Why a piece is taken back."""

    reason = forms.CharField(label=_("Why it is withdrawn"), max_length=300)
