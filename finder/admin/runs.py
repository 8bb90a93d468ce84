"""Import runs: a parked one is judged on one screen, an applied one can be taken back."""

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from finder.admin.desk import ShownAdmin
from finder.feeds import ingest
from finder.models import ImportRun, ImportStatus

PER_PAGE = 200


@admin.register(ImportRun)
class ImportRunAdmin(ShownAdmin):
    date_hierarchy = "started_at"
    list_display = (
        *("source", "started_at", "status", "read", "meetings", "created", "updated"),
        *("unchanged", "retired", "rejected", "repaired", "parked", "rolled_back_at"),
    )
    list_filter = ("status", "source")
    list_select_related = ("source",)

    def has_judge_permission(self, request):
        return request.user.has_perm("finder.change_importrun")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        run = self.get_object(request, object_id)
        if run is None:
            raise Http404
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_judge_permission(request):
                raise PermissionDenied
            return self._act(request, run)
        return TemplateResponse(request, "admin/desk/run.html", self._shown(request, run))

    def _shown(self, request, run):
        found, is_parked = [], run.status == ImportStatus.PARKED
        if is_parked:
            found = ingest.proposals(run, today=timezone.now().date())
        counts = {kind: sum(each.kind == kind for each in found) for kind in KINDS}
        rows = found if is_parked else run.changes.order_by("pk")
        counted = run.problems.values("code").annotate(count=Count("id")).order_by("code")
        return {
            **self.admin_site.each_context(request),
            "title": str(run),
            "run": run,
            "opts": self.opts,
            "is_parked": is_parked,
            "can_roll_back": run.status == ImportStatus.APPLIED and run.rolled_back_at is None,
            "later": len(ingest.later_runs(run)),
            "counts": [(label, counts[kind]) for kind, label in KINDS.items()],
            "page": Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
            "problems": counted,
            "may_judge": self.has_judge_permission(request),
        }

    def _act(self, request, run):
        told = {"by": request.user, "now": timezone.now()}
        try:
            if "_all" in request.POST:
                ingest.apply_parked(run, **told)
                return self._next(request, _("Applied."))
            if "_some" in request.POST:
                chosen = request.POST.getlist("chosen")
                if not chosen:
                    return self._again(request, run, _("Tick what to apply."), messages.ERROR)
                ingest.apply_parked(run, **told, chosen=chosen)
                return self._next(request, _("Applied what was ticked; the rest stays as it was."))
            if "_none" in request.POST:
                ingest.dismiss(run, **told)
                return self._next(request, _("Thrown away: nothing was changed."))
            if "_back" in request.POST:
                count = ingest.roll_back(run, **told)
                sentence = ngettext("%d run was taken back.", "%d runs were taken back.", count)
                return self._again(request, run, sentence % count)
        except ingest.AlreadyDecided:
            return self._next(request, _("It was decided already."), messages.WARNING)
        except (ingest.ImportRefused, ingest.CannotRollBack) as refusal:
            return self._again(request, run, str(refusal), messages.ERROR)
        return self._again(request, run, _("Nothing was changed."), messages.WARNING)

    def _again(self, request, run, sentence, level=messages.SUCCESS):
        self.message_user(request, sentence, level)
        return HttpResponseRedirect(reverse("admin:finder_importrun_change", args=[run.pk]))

    def _next(self, request, sentence, level=messages.SUCCESS):
        """Lead on to the next run that waits."""
        waiting = ImportRun.objects.filter(status=ImportStatus.PARKED).order_by("started_at")
        if run := waiting.first():
            return self._again(request, run, sentence, level)
        self.message_user(request, sentence, level)
        return HttpResponseRedirect(reverse("admin:finder_importrun_changelist"))


KINDS = {"gone": _("no longer in the feed"), "changed": _("changed"), "new": _("new")}
