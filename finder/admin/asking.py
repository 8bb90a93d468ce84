"""Whom to ask next, asking one group on one screen, random samples, and the monthly figures."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finder import asking, curation
from finder.admin.asking_forms import AskForm, DrawForm, PlanForm
from finder.admin.desk import ShownAdmin, ShownInline
from finder.admin.scripts import script_for
from finder.models import Draw, DrawnGroup, Group, Inquiry, MonthFigures
from finder.presenters.acceptance import for_every_medication
from finder.vocab import EvidenceKind


@admin.register(Inquiry)
class InquiryAdmin(ShownAdmin):
    """Each time a group was asked; the plan and the asking have screens of their own."""

    date_hierarchy = "asked_on"
    list_display = ("group", "asked_on", "route", "outcome", "is_random_sample", "asked_by")
    list_filter = ("outcome", "route", "is_random_sample", "group__program")
    list_select_related = ("group", "asked_by")
    search_fields = ("group__name",)

    def get_urls(self):
        view = self.admin_site.admin_view
        return [
            path("plan/", view(self.plan), name="finder_inquiry_plan"),
            path("ask/<int:pk>/", view(self.ask), name="finder_inquiry_ask"),
            *super().get_urls(),
        ]

    def plan(self, request):
        """The groups whose answer is expected to tell the most to the most people."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        form = PlanForm(request.GET or None)
        is_refused = form.is_bound and not form.is_valid()
        found = [] if is_refused else asking.plan(form.plan(), today=timezone.localdate())
        context = self.admin_site.each_context(request) | {
            "title": _("Whom to ask next"),
            "form": form,
            "prospects": found,
            "opts": self.opts,
            "is_random": bool(form.is_bound and not is_refused and form.plan().sample),
        }
        return TemplateResponse(request, "admin/finder/inquiry/plan.html", context)

    def ask(self, request, pk):
        """The one screen: the script, the ways to the group, and what came of it."""
        if not request.user.has_perm("finder.add_evidence"):
            raise PermissionDenied
        group = get_object_or_404(Group.objects.select_related("program", "source"), pk=pk)
        form = AskForm(request.POST if request.method == "POST" else None)
        if form.is_bound and form.is_valid() and self._record(request, group, form):
            self.message_user(request, _("Written down. Thank you."), messages.SUCCESS)
            return redirect("admin:finder_inquiry_plan")
        return TemplateResponse(
            request, "admin/finder/inquiry/ask.html", self._ask_context(request, group, form)
        )

    def _record(self, request, group, form) -> bool:
        given = form.cleaned_data
        try:
            asking.record_inquiry(
                group,
                **{name: given[name] for name in ("asked_on", "route", "outcome", "note")},
                told=form.told(),
                by=request.user,
                now=timezone.now(),
            )
        except curation.EvidenceRefused as refusal:
            form.add_error(
                refusal.field if refusal.field in form.fields else None, refusal.sentence
            )
            return False
        return True

    def _ask_context(self, request, group, form) -> dict:
        site = f"{request.scheme}://{request.get_host()}"
        today = timezone.localdate()
        readings = for_every_medication(
            group.assessments.all(), program=group.program.slug, today=today
        )
        return self.admin_site.each_context(request) | {
            "title": _("Ask %s") % group.name,
            "group": group,
            "form": form,
            "script": script_for(EvidenceKind.CLINICIAN_CALL, site=site, group=group),
            "readings": readings,
            "asked": group.inquiries.order_by("-asked_on", "-pk")[:5],
            "is_drawn": DrawnGroup.objects.live(today).filter(group=group).exists(),
            "opts": self.opts,
        }


class DrawnInline(ShownInline):
    """The groups of a sample, each with the way to ask it."""

    model = DrawnGroup
    fields = readonly_fields = ("group", "program", "rurality")


@admin.register(Draw)
class DrawAdmin(ShownAdmin):
    """Random samples: drawn once, never edited."""

    form = DrawForm
    inlines = (DrawnInline,)
    list_display = ("__str__", "seed", "per_stratum", "drawn_by")
    list_select_related = ("drawn_by",)

    def has_add_permission(self, request):
        return admin.ModelAdmin.has_add_permission(self, request)

    def get_inlines(self, request, obj):
        return self.inlines if obj else ()

    def get_fields(self, request, obj=None):
        if obj is None:
            return ("seed", "per_stratum", "programs")
        return ("seed", "per_stratum", "drawn_on", "drawn_by")

    def save_model(self, request, obj, form, change):
        draw = asking.draw_sample(
            seed=form.cleaned_data["seed"],
            per_stratum=form.cleaned_data["per_stratum"],
            programs=[program.slug for program in form.cleaned_data["programs"]],
            by=request.user,
            today=timezone.localdate(),
        )
        obj.pk = draw.pk
        obj._state.adding = False

    def response_add(self, request, obj, post_url_continue=None):
        return redirect(f"{reverse('admin:finder_inquiry_plan')}?sample={obj.pk}")


@admin.register(MonthFigures)
class MonthFiguresAdmin(ShownAdmin):
    list_display = ("month", "asked", "answered", "declined", "compared", "disagreed", "is_stop")
    ordering = ("-month",)

    @admin.display(description=_("Facts only"), boolean=True)
    def is_stop(self, obj):
        return obj.is_stop
