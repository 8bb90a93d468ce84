"""Evidence entered answer by answer, reviewed and withdrawn; the rules are curation's."""

from django import forms
from django.contrib import admin, messages
from django.contrib.admin.helpers import ActionForm
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from finder import curation
from finder.acceptance import Answers, Piece, level
from finder.admin.desk import KeptAdmin
from finder.models import DIMENSIONS, Evidence
from finder.vocab import EvidenceKind

QUESTIONS = {
    "attend": _("May people on this medication attend?"),
    "speak": _("May they speak about themselves?"),
    "service": _("May they chair, make coffee, hold a position?"),
    "milestone": _("Does the group count their time and give chips?"),
    "sponsor": _("Would members sponsor or mentor them?"),
    "no_pressure": _("Did nobody press them to lower or stop it?"),
}
# Patients report by themselves; nobody enters a report for them.
_KINDS = [choice for choice in EvidenceKind.choices if choice[0] != EvidenceKind.PATIENT_REPORT]


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
            *("disclosed", "pressure_from", "is_affirming_statement", "is_random_sample"),
            *("source_note", "source_url"),
        )
        labels = QUESTIONS | {
            "on": _("Day"),
            "target": _("Medication"),
            "disclosed": _("Did anyone at the group know of the medication?"),
            "pressure_from": _("Who pressed"),
        }
        help_texts = {
            "source_note": _("Where it can be read, or how it was asked. No names, no quotes."),
        }
        widgets = {name: forms.RadioSelect for name in DIMENSIONS}

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


@admin.register(Evidence)
class EvidenceAdmin(KeptAdmin):
    """Evidence is added, reviewed and withdrawn; what was said is never edited."""

    form = EvidenceForm
    action_form = WithReason
    actions = ("review", "ask_for_reply", "withdraw")
    autocomplete_fields = ("group",)
    date_hierarchy = "on"
    list_display = (
        *("group", "kind", "target", "on", "shown_level"),
        *("reviewed_by", "second_reviewed_by", "reply_asked_on", "withdrawn_at"),
    )
    list_filter = (
        *("kind", "target", "is_random_sample"),
        ("reviewed_at", admin.EmptyFieldListFilter),
        ("second_reviewed_at", admin.EmptyFieldListFilter),
        ("withdrawn_at", admin.EmptyFieldListFilter),
    )
    list_select_related = ("group", "reviewed_by", "second_reviewed_by")
    search_fields = ("group__name", "source_note")
    fieldsets = (
        (None, {"fields": ("group", "kind", "on", "target", "medication_form")}),
        (_("Answers"), {"fields": DIMENSIONS}),
        (_("For visits, and where someone pressed"), {"fields": ("disclosed", "pressure_from")}),
        (
            _("Source"),
            {
                "fields": (
                    *("is_affirming_statement", "is_random_sample"),
                    *("source_note", "source_url"),
                )
            },
        ),
    )

    def has_change_permission(self, request, obj=None):
        # The list has actions; one piece is only shown.
        return obj is None and super().has_change_permission(request)

    def save_model(self, request, obj, form, change):
        told = {name: form.cleaned_data[name] for name in EvidenceForm.Meta.fields}
        kept = {name: value for name, value in told.items() if name not in DIMENSIONS}
        row = curation.record_evidence(
            **kept, answers=form.answers(), by=request.user, now=timezone.now(), is_reviewed=True
        )
        obj.pk = row.pk
        obj._state.adding = False

    @admin.display(description=_("Level"))
    def shown_level(self, obj):
        return level(obj.as_piece())

    @admin.action(description=_("Review"), permissions=["change"])
    def review(self, request, queryset):
        count = curation.review(queryset, by=request.user, now=timezone.now())
        self._say(request, ngettext("%d piece reviewed.", "%d pieces reviewed.", count) % count)

    @admin.action(description=_("Note that the group was asked to reply"), permissions=["change"])
    def ask_for_reply(self, request, queryset):
        count = curation.ask_for_reply(queryset, by=request.user, now=timezone.now())
        self._say(request, ngettext("%d piece noted.", "%d pieces noted.", count) % count)

    @admin.action(description=_("Withdraw, for the reason given"), permissions=["change"])
    def withdraw(self, request, queryset):
        reason = request.POST.get("reason", "")
        try:
            count = curation.withdraw(queryset, reason=reason, by=request.user, now=timezone.now())
        except curation.EvidenceRefused as refusal:
            self.message_user(request, refusal.sentence, messages.ERROR)
            return
        self._say(request, ngettext("%d piece withdrawn.", "%d pieces withdrawn.", count) % count)

    def _say(self, request, sentence: str) -> None:
        self.message_user(request, sentence, messages.SUCCESS)
