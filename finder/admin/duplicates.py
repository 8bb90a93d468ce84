"""Possible duplicates side by side, and merges with the way to undo them."""

from itertools import zip_longest

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finder import curation
from finder.admin.desk import ShownAdmin
from finder.models import DuplicatePair, Group, Meeting, Merge, PairState

_COMPARED = (
    *("name", "source", "entity", "website", "notes", "status", "verified_on", "consent_on"),
)
_WHEN = ("name", "weekday", "start", "timezone", "format", "place", "join_url", "updated_on")


@admin.register(DuplicatePair)
class DuplicatePairAdmin(ShownAdmin):
    """Pairs of groups that may be one, the likest first; each decided on one screen."""

    list_display = ("__str__", "score", "state", "found_at", "decided_by")
    list_filter = ("state", "first__program")
    list_select_related = ("first", "second", "decided_by")
    ordering = ("-score", "pk")

    def has_decide_permission(self, request):
        return request.user.has_perm("finder.add_merge")

    def change_view(self, request, object_id, form_url="", extra_context=None):
        pair = self.get_object(request, object_id)
        if pair is None:
            raise Http404
        if not self.has_view_permission(request, pair):
            raise PermissionDenied
        if request.method == "POST":
            if not self.has_decide_permission(request):
                raise PermissionDenied
            return self._act(request, pair)
        return TemplateResponse(request, "admin/desk/pair.html", self._shown(request, pair))

    def _shown(self, request, pair):
        first, second = _loaded(pair.first_id), _loaded(pair.second_id)
        meetings = {row.pk: row for group in (first, second) for row in group.meetings.all()}
        alike = [
            (meetings[one], meetings[other])
            for one, other in pair.meetings
            if one in meetings and other in meetings
        ]
        used = {row.pk for both in alike for row in both}
        rest = [[m for m in each.meetings.all() if m.pk not in used] for each in (first, second)]
        return {
            **self.admin_site.each_context(request),
            "title": _("Are these one group?"),
            "pair": pair,
            "opts": self.opts,
            "first": first,
            "second": second,
            "rows": _rows(first, second, _COMPARED),
            "alike": [(one, other, _rows(one, other, _WHEN)) for one, other in alike],
            "rest": list(zip_longest(*rest)),
            "is_waiting": pair.state == PairState.WAITING,
            "may_decide": self.has_decide_permission(request),
        }

    def _act(self, request, pair):
        told = {"by": request.user, "now": timezone.now()}
        if pair.state != PairState.WAITING:
            return self._next(request, _("It was decided already."), messages.WARNING)
        if "_apart" in request.POST:
            curation.keep_apart(pair, **told)
            return self._next(request, _("Noted: not the same."))
        ticked = set(request.POST.getlist("joined"))
        joined = [both for both in pair.meetings if f"{both[0]}-{both[1]}" in ticked]
        kept, gone = pair.first, pair.second
        if "_second" in request.POST:
            kept, gone = gone, kept
        else:
            joined = [[other, one] for one, other in joined]
        try:
            curation.merge(kept, gone, joined=joined, **told)
        except curation.CannotMerge as refusal:
            self.message_user(request, refusal.sentence, messages.ERROR)
            return HttpResponseRedirect(request.path)
        return self._next(request, _("Merged."))

    def _next(self, request, sentence, level=messages.SUCCESS):
        self.message_user(request, sentence, level)
        waiting = DuplicatePair.objects.filter(state=PairState.WAITING).order_by("-score", "pk")
        if pair := waiting.first():
            address = reverse("admin:finder_duplicatepair_change", args=[pair.pk])
            return HttpResponseRedirect(address)
        return HttpResponseRedirect(reverse("admin:finder_duplicatepair_changelist"))


def _loaded(pk: int) -> Group:
    groups = Group.objects.select_related("program", "source")
    return groups.prefetch_related("meetings__place").get(pk=pk)


def _rows(one: Group | Meeting, other: Group | Meeting, names: tuple[str, ...]) -> list[tuple]:
    """Return label, both values and whether they differ."""
    rows = []
    for name in names:
        label = one._meta.get_field(name).verbose_name
        mine, theirs = _said(one, name), _said(other, name)
        if mine or theirs:
            rows.append((label, mine, theirs, mine != theirs))
    return rows


def _said(row: Group | Meeting, name: str) -> str:
    if name == "place" and row.place:
        place = row.place
        told = (place.name, place.address, place.city, place.state, place.zip)
        return ", ".join(filter(None, told))
    shown = getattr(row, f"get_{name}_display", None)
    value = shown() if shown else getattr(row, name)
    if name == "weekday" and value is not None:
        value = _DAYS[value]
    return "" if value is None else str(value)


_DAYS = (
    *(_("Monday"), _("Tuesday"), _("Wednesday"), _("Thursday"), _("Friday"), _("Saturday")),
    _("Sunday"),
)


@admin.register(Merge)
class MergeAdmin(ShownAdmin):
    """Merges that stand, and those that were undone."""

    list_display = ("__str__", "made_by", "made_at", "undone_by", "undone_at")
    list_filter = (("undone_at", admin.EmptyFieldListFilter),)
    list_select_related = ("kept", "gone", "made_by", "undone_by")
    ordering = ("-pk",)
    actions = ("undo",)

    def has_undo_permission(self, request):
        return request.user.has_perm("finder.change_merge")

    @admin.action(description=_("Part them again"), permissions=["undo"])
    def undo(self, request, queryset):
        for made in queryset:
            try:
                curation.unmerge(made, by=request.user, now=timezone.now())
            except curation.CannotMerge as refusal:
                self.message_user(request, f"{made}: {refusal.sentence}", messages.ERROR)
            else:
                self.message_user(request, _("Parted again: %s.") % made, messages.SUCCESS)
