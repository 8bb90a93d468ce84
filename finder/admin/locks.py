"""All locked fields, and first the conflicts: the feed says this, we hold that."""

from django.contrib import admin
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _

from finder import curation
from finder.admin.desk import ShownAdmin
from finder.admin.rows import keep_ours, take_theirs
from finder.models import CREDENTIALS, FieldLock, Tombstone


class ConflictFilter(admin.SimpleListFilter):
    """Conflicts that wait, unless one asks for all locks."""

    title = _("conflict")
    parameter_name = "conflict"

    def lookups(self, request, model_admin):
        return [("open", _("waiting")), ("all", _("all locks"))]

    def choices(self, changelist):
        chosen = self.value() or "open"
        for code, label in self.lookup_choices:
            query = changelist.get_query_string({self.parameter_name: code})
            yield {"selected": chosen == code, "query_string": query, "display": label}

    def queryset(self, request, queryset):
        if self.value() == "all":
            return queryset
        return queryset.filter(conflict_since__isnull=False)


@admin.register(FieldLock)
class FieldLockAdmin(ShownAdmin):
    """Each conflict is decided on the list: tick it and choose."""

    list_display = ("listing", "field", "ours", "theirs", "conflict_since", "locked_by", "reason")
    list_filter = (ConflictFilter, "model", "field")
    list_select_related = ("locked_by",)
    list_display_links = None
    ordering = ("conflict_since", "pk")
    list_per_page = 50
    actions = ("keep", "take", "let_go")

    def has_decide_permission(self, request):
        return request.user.has_perm("finder.change_fieldlock")

    def get_queryset(self, request):
        self._rows = {}
        return super().get_queryset(request)

    @admin.action(description=_("Keep ours"), permissions=["decide"])
    def keep(self, request, queryset):
        self._decide(request, queryset, keep_ours)

    @admin.action(description=_("Take what the feed says"), permissions=["decide"])
    def take(self, request, queryset):
        self._decide(request, queryset, take_theirs)

    @admin.action(description=_("Unlock"), permissions=["decide"])
    def let_go(self, request, queryset):
        curation.unlock(list(queryset))
        self.message_user(request, _("Unlocked: the next import writes these fields."))

    def _decide(self, request, queryset, decide):
        told = {decide(lock, by=request.user, today=timezone.now().date()) for lock in queryset}
        for sentence in told:
            self.message_user(request, sentence)

    def _row(self, lock):
        key = (lock.model, lock.object_id)
        if key not in self._rows:
            self._rows[key] = curation.row_of(lock)
        return self._rows[key]

    @admin.display(description=_("Listing"))
    def listing(self, obj):
        row = self._row(obj)
        if row is None:
            return _("gone")
        address = reverse(f"admin:finder_{obj.model}_change", args=[obj.object_id])
        return format_html('<a href="{}">{}</a>', address, row)

    @admin.display(description=_("We hold"))
    def ours(self, obj):
        row = self._row(obj)
        value = row and getattr(row, obj.field)
        return _("(not shown)") if obj.field in CREDENTIALS else _words(value)

    @admin.display(description=_("The feed says"))
    def theirs(self, obj):
        if isinstance(obj.feed_value, dict):
            return obj.feed_value.get("name") or _("(not shown)")
        return _words(obj.feed_value)


def _words(value):
    if isinstance(value, list):
        return ", ".join(map(str, value))
    return "–" if value in (None, "") else value


@admin.register(Tombstone)
class TombstoneAdmin(ShownAdmin):
    """Groups that asked to be taken out."""

    list_display = ("__str__", "program", "source", "asked_on", "entered_by")
    list_filter = ("program", "source")
    list_select_related = ("program", "source", "entered_by")
    search_fields = ("name_key", "source_key")
