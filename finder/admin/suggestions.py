"""The queue of suggestions: counts and ages first, each decided on one screen."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from finder import curation, suggestions
from finder.admin.desk import ShownAdmin
from finder.admin.suggestion_forms import DecisionForm, HearsayForm, MessageForm
from finder.models import ServiceBody, Suggestion, SuggestionState
from finder.vocab import Status

LIST = "admin:finder_suggestion_changelist"


class StateFilter(admin.SimpleListFilter):
    """Those that wait, unless one asks for others."""

    title = _("state")
    parameter_name = "state"

    def lookups(self, request, model_admin):
        return [*SuggestionState.choices, ("all", _("All"))]

    def choices(self, changelist):
        # Without the stock "All", which would be the waiting ones again.
        chosen = self.value() or SuggestionState.WAITING
        for code, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: code})
            yield {"selected": chosen == code, "query_string": query, "display": label}

    def queryset(self, request, queryset):
        state = self.value() or SuggestionState.WAITING
        return queryset if state == "all" else queryset.filter(state=state)


@admin.register(Suggestion)
class SuggestionAdmin(ShownAdmin):
    list_display = ("kind_words", "listing", "program", "age", "state", "decided_by")
    list_filter = (StateFilter, "kind")
    list_select_related = ("meeting", "group", "program", "decided_by", "body")
    ordering = ("-is_urgent", "pk")
    actions = None

    def has_change_permission(self, request, obj=None):
        return admin.ModelAdmin.has_change_permission(self, request, obj)

    def changelist_view(self, request, extra_context=None):
        counts = {"waiting": suggestions.waiting(now=timezone.now())}
        return super().changelist_view(request, counts | (extra_context or {}))

    @admin.display(description=_("What"))
    def kind_words(self, obj):
        return f"⚠ {obj.get_kind_display()}" if obj.is_urgent else obj.get_kind_display()

    @admin.display(description=_("Listing"))
    def listing(self, obj):
        return obj.about or obj.proposed.get("name") or obj.proposed.get("entity") or "–"

    @admin.display(description=_("Age"), ordering="received_at")
    def age(self, obj):
        days = (timezone.now() - obj.received_at).days
        return ngettext("%d day", "%d days", days) % days

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """The one screen: what was said, what is listed, and every way to decide."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        is_post = request.method == "POST"
        if is_post and not self.has_change_permission(request, row):
            raise PermissionDenied
        forms = self._forms(request, row)
        if is_post and (answered := self._act(request, row, forms)):
            return answered
        return TemplateResponse(
            request, "admin/finder/suggestion/decide.html", self._context(request, row, forms)
        )

    def _forms(self, request, row) -> dict:
        posted = request.POST if request.method == "POST" else None
        decides = posted is not None and ("_accept" in posted or "_decline" in posted)
        return {
            "decision": DecisionForm(row, posted if decides else None),
            "hearsay": HearsayForm(posted if posted is not None and "_hearsay" in posted else None),
            "message": MessageForm(posted if posted is not None and "_answer" in posted else None),
        }

    def _context(self, request, row, forms) -> dict:
        return {
            **self.admin_site.each_context(request),
            **forms,
            "title": str(row.get_kind_display()),
            "suggestion": row,
            "opts": self.opts,
            "talk": row.messages.select_related("by"),
            "is_paused": row.about is not None and row.about.status == Status.PAUSED,
            "can_hear": row.about is not None,
            "link_goes_to": suggestions.sender_of_link_request(row),
            "is_known_body": ServiceBody.objects.filter(
                program=row.program, entity__iexact=row.proposed.get("entity", "")
            ).exists(),
            "may_change": self.has_change_permission(request, row),
        }

    def _act(self, request, row, forms):
        """Do what the pressed button says; None shows the screen again with what is wrong."""
        now, by = timezone.now(), request.user
        decision = forms["decision"]
        if decision.is_bound:
            return self._decide(request, row, decision) if decision.is_valid() else None
        if forms["message"].is_bound:
            if not forms["message"].is_valid():
                return None
            suggestions.answer(row, forms["message"].cleaned_data["text"], by=by, now=now)
            return self._again(request, row, _("Sent."))
        if forms["hearsay"].is_bound:
            return self._hear(request, row, forms["hearsay"])
        if "_pause" in request.POST:
            suggestions.pause_listing(row, by=by, now=now)
            return self._again(request, row, _("The listing is paused."))
        if "_resume" in request.POST:
            suggestions.resume_listing(row, by=by, now=now)
            return self._again(request, row, _("The listing is back."))
        return None

    def _decide(self, request, row, form):
        told = {"by": request.user, "now": timezone.now(), "reason": form.cleaned_data["reason"]}
        try:
            if "_decline" in request.POST:
                suggestions.decline(row, **told)
            else:
                site = f"{request.scheme}://{request.get_host()}"
                suggestions.accept(row, values=form.values(), site=site, **told)
        except suggestions.CannotApply as refusal:
            form.add_error(refusal.field, refusal.sentence)
            return None
        except suggestions.AlreadyDecided:
            self.message_user(request, _("Another curator decided this first."), messages.WARNING)
        else:
            self.message_user(request, _("Decided."), messages.SUCCESS)
        waiting = Suggestion.objects.waiting().values_list("pk", flat=True).first()
        if waiting:
            return HttpResponseRedirect(reverse("admin:finder_suggestion_change", args=[waiting]))
        return HttpResponseRedirect(reverse(LIST))

    def _hear(self, request, row, form):
        if not form.is_valid():
            return None
        told = {name: form.cleaned_data[name] for name in ("target", "on", "pressure_from")}
        try:
            suggestions.record_hearsay(
                row, **told, answers=form.answers(), by=request.user, now=timezone.now()
            )
        except curation.EvidenceRefused as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, refusal.sentence
            )
            return None
        return self._again(request, row, _("Recorded as a second-hand report."))

    def _again(self, request, row, sentence):
        self.message_user(request, sentence, messages.SUCCESS)
        return HttpResponseRedirect(reverse("admin:finder_suggestion_change", args=[row.pk]))
