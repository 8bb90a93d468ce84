"""Feeds and what became of each import, with the problems of its rows in plain words."""

from django.contrib import admin
from django.db.models import Count
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _

from finder.admin.desk import KeptAdmin, ShownAdmin
from finder.models import ImportProblem, ImportRun, Source


@admin.register(Source)
class SourceAdmin(KeptAdmin):
    autocomplete_fields = ("program",)
    list_display = ("name", "slug", "program", "format", "is_active", "last_seen_at")
    list_filter = ("is_active", "format", "program")
    list_select_related = ("program",)
    search_fields = ("name", "slug")
    readonly_fields = ("last_seen_at", "last_hash")


@admin.register(ImportRun)
class ImportRunAdmin(ShownAdmin):
    date_hierarchy = "started_at"
    list_display = (
        *("source", "started_at", "status", "read", "meetings", "created", "updated"),
        *("unchanged", "retired", "rejected", "repaired", "parked"),
    )
    list_filter = ("status", "source")
    list_select_related = ("source",)
    readonly_fields = ("problem_kinds",)

    @admin.display(description=_("Problems"))
    def problem_kinds(self, obj):
        """Count the problems of each kind, with the way to their rows."""
        counted = obj.problems.values("code").annotate(count=Count("id")).order_by("code")
        address = reverse("admin:finder_importproblem_changelist")
        rows = ((address, obj.pk, row["code"], row["code"], row["count"]) for row in counted)
        lines = format_html_join(
            "", '<li><a href="{}?run__id__exact={}&amp;code={}">{}</a>: {}</li>', rows
        )
        return format_html("<ul>{}</ul>", lines) if lines else _("none")


@admin.register(ImportProblem)
class ImportProblemAdmin(ShownAdmin):
    list_display = ("run", "row", "field", "code", "message")
    list_filter = ("code", "run__source")
    list_select_related = ("run__source",)
    search_fields = ("message", "field")
