"""Evidence entered answer by answer, and each piece decided on one screen; rules are curation's."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from finder import asking, curation
from finder.acceptance import level
from finder.admin.desk import KeptAdmin
from finder.admin.evidence_forms import EvidenceForm, ReplyForm, WithdrawForm, WithReason
from finder.admin.evidence_screen import screen
from finder.admin.picking import PicksGroup
from finder.admin.queues import first_review, second_review, unasked
from finder.admin.scripts import script_for
from finder.models import DIMENSIONS, Evidence
from finder.vocab import EvidenceKind

__all__ = ["EvidenceAdmin", "WithReason"]


class WaitsFilter(admin.SimpleListFilter):
    """What a piece waits for."""

    title = _("waits for")
    parameter_name = "waits"

    def lookups(self, request, model_admin):
        return [
            ("first", _("a review")),
            ("second", _("a second reviewer")),
            ("reply", _("asking the group for its reply")),
        ]

    def queryset(self, request, queryset):
        waiting = {"first": first_review, "second": second_review, "reply": unasked}
        rows = waiting.get(self.value())
        return queryset.filter(pk__in=rows().values("pk")) if rows else queryset


@admin.register(Evidence)
class EvidenceAdmin(PicksGroup, KeptAdmin):
    """Evidence is added, reviewed and withdrawn; what was said is never edited."""

    form = EvidenceForm
    action_form = WithReason
    actions = ("review", "ask_for_reply", "withdraw")
    add_form_template = "admin/finder/evidence/add.html"
    autocomplete_fields = ("group",)
    date_hierarchy = "on"
    list_display = (
        *("group", "kind", "target", "on", "shown_level"),
        *("reviewed_by", "second_reviewed_by", "reply_asked_on", "withdrawn_at"),
    )
    list_filter = (
        WaitsFilter,
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
        (_("Source"), {"fields": ("is_affirming_statement", "source_note", "source_url")}),
    )

    def add_view(self, request, form_url="", extra_context=None):
        kind = request.GET.get("kind", "")
        context = {
            "script": script_for(kind, site=f"{request.scheme}://{request.get_host()}"),
            "kinds": [choice for choice in EvidenceKind.choices if choice[0] != "patient_report"],
            "kind": kind,
        }
        return super().add_view(request, form_url, context | (extra_context or {}))

    def save_model(self, request, obj, form, change):
        told = {name: form.cleaned_data[name] for name in EvidenceForm.Meta.fields}
        kept = {name: value for name, value in told.items() if name not in DIMENSIONS}
        now = timezone.now()
        row = curation.record_evidence(
            **kept,
            answers=form.answers(),
            is_random_sample=asking.is_in_sample(told["group"], today=now.date()),
            by=request.user,
            now=now,
            is_reviewed=True,
        )
        if row.kind == EvidenceKind.CLINICIAN_CALL:
            asking.note_answer(row, by=request.user)
        obj.pk = row.pk
        obj._state.adding = False

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The one screen: what was said, what waits for what, and every way to decide."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        forms = {"reply": ReplyForm(), "withdrawal": WithdrawForm()}
        if request.method == "POST":
            if not self.has_change_permission(request):
                raise PermissionDenied
            if answered := self._act(request, row, forms):
                return answered
        context = self.admin_site.each_context(request) | forms
        context |= screen(row, by=request.user, today=timezone.localdate())
        context |= {"opts": self.opts, "may_change": self.has_change_permission(request)}
        return TemplateResponse(request, "admin/finder/evidence/decide.html", context)

    def _act(self, request, row, forms):
        """Do what the pressed button says; None shows the screen again with what is wrong."""
        told = {"by": request.user, "now": timezone.now()}
        if "_review" in request.POST:
            done = curation.review([row], **told)
            words = _("Reviewed.") if done else _("You reviewed this before: it takes another.")
            return self._on(request, row, words)
        if "_ask" in request.POST:
            curation.ask_for_reply([row], **told)
            return self._on(request, row, _("Noted: the group was asked today."))
        if "_reply" in request.POST:
            forms["reply"] = form = ReplyForm(request.POST)
            if form.is_valid():
                curation.record_reply([row], text=form.cleaned_data["text"], **told)
                return self._on(request, row, _("The reply is shown beside what is said."))
        if "_withdraw" in request.POST:
            forms["withdrawal"] = form = WithdrawForm(request.POST)
            if form.is_valid():
                curation.withdraw([row], reason=form.cleaned_data["reason"], **told)
                return self._on(request, row, _("Withdrawn."))
        return None

    def _on(self, request, row, sentence):
        """Go on to the next piece that waits for this person, or stay when none does."""
        self.message_user(request, sentence, messages.SUCCESS)
        mine = first_review() | second_review().exclude(reviewed_by=request.user)
        following = mine.exclude(pk=row.pk).order_by("entered_at", "pk").first()
        return redirect("admin:finder_evidence_change", (following or row).pk)

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
