"""Feeds and what became of each import, with the problems of its rows in plain words."""

from copy import copy

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from finder import outbox
from finder.admin.desk import KeptAdmin, ShownAdmin
from finder.feeds import FORMATS, pulling
from finder.feeds.fetch import check_address
from finder.feeds.network import FetchError
from finder.models import ImportProblem, Source
from finder.presenters import sources as words


class SourceForm(forms.ModelForm):
    """A source; its address must be one that may be read."""

    url = forms.URLField(
        label=_("Web address"), assume_scheme="https", required=False, max_length=500
    )

    class Meta:
        model = Source
        fields = (
            *("name", "slug", "program", "format", "url", "interval_hours", "timezone"),
            *("terms", "consent_note", "is_active"),
        )
        labels = {"interval_hours": _("Read every so many hours")}
        help_texts = {
            "interval_hours": _("0: only when someone asks."),
            "format": _("Leave empty to tell by the rows."),
            "consent_note": _("Who agreed that we read this feed, and when."),
        }

    def clean_url(self):
        url = self.cleaned_data["url"]
        try:
            if url:
                check_address(url)
        except FetchError as error:
            raise forms.ValidationError(str(error)) from error
        return url

    def clean_format(self):
        name = self.cleaned_data["format"].strip()
        if name and name not in FORMATS:
            raise forms.ValidationError(_("Known formats: %s.") % ", ".join(FORMATS))
        return name


class HealthFilter(admin.SimpleListFilter):
    """Sources that fail, that wait for a curator, that do well."""

    title = _("health")
    parameter_name = "health"

    def lookups(self, request, model_admin):
        return [
            ("failing", _("failing")),
            ("told", _("with a note")),
            ("well", _("well")),
            ("by_hand", _("read only when asked")),
        ]

    def queryset(self, request, queryset):
        match self.value():
            case "failing":
                return queryset.filter(failures__gt=0)
            case "told":
                return queryset.filter(failures=0).exclude(health="")
            case "well":
                return queryset.pulled().filter(failures=0, health="")
            case "by_hand":
                return queryset.exclude(pk__in=Source.objects.pulled())
        return queryset


@admin.register(Source)
class SourceAdmin(KeptAdmin):
    """Where listings come from, how old each source's data are, and how reading it goes."""

    form = SourceForm
    actions = ("pull_now",)
    autocomplete_fields = ("program",)
    list_display = ("name", "program", "age", "how_it_goes", "next_pull", "is_active")
    list_filter = (HealthFilter, "is_active", "format", "program")
    list_select_related = ("program",)
    search_fields = ("name", "slug")
    readonly_fields = (
        *("age", "how_it_goes", "next_pull", "last_pulled_at", "last_success_at"),
        "latest_runs",
    )
    fieldsets = (
        (None, {"fields": ("name", "slug", "program", "is_active")}),
        (_("Reading"), {"fields": ("url", "format", "interval_hours", "timezone")}),
        (_("Terms"), {"fields": ("terms", "consent_note")}),
        (_("How it goes"), {"fields": readonly_fields}),
    )

    def has_add_permission(self, request):
        # Where we read from is what a server of ours connects to.
        return request.user.is_superuser and super().has_add_permission(request)

    def get_form(self, request, obj=None, change=False, **kwargs):
        form = super().get_form(request, obj, change, **kwargs)
        if not request.user.is_superuser:
            # A copy: the field is shared by all forms of sources.
            form.base_fields["url"] = copy(form.base_fields["url"])
            form.base_fields["url"].disabled = True
        return form

    def save_model(self, request, obj, form, change):
        if {"url", "format", "interval_hours"} & set(form.changed_data):
            obj.start_over()
        super().save_model(request, obj, form, change)

    def get_urls(self):
        pull = self.admin_site.admin_view(require_POST(self.pull_one))
        return [path("<int:pk>/pull/", pull, name="finder_source_pull"), *super().get_urls()]

    def pull_one(self, request, pk):
        source = get_object_or_404(Source, pk=pk)
        if not self.has_change_permission(request, source):
            raise PermissionDenied
        self._pull(request, [source])
        return redirect("admin:finder_source_change", pk)

    @admin.action(description=_("Read now"), permissions=["change"])
    def pull_now(self, request, queryset):
        self._pull(request, queryset)

    def _pull(self, request, sources) -> None:
        now = timezone.now()
        readable = [source for source in sources if source.is_active and source.url]
        for source in readable:
            pulling.enqueue_pull(source, now=now)
        if len(readable) < len(sources):
            sentence = _("A source without an address, or switched off, cannot be read.")
            self.message_user(request, sentence, messages.ERROR)
        if not readable:
            return
        if outbox.state(now=now).workers:
            self.message_user(request, _("Asked for. It is read within moments."), messages.SUCCESS)
        else:
            sentence = _("Asked for, but no worker is running: start manage.py worker.")
            self.message_user(request, sentence, messages.WARNING)

    @admin.display(description=_("Last good data"), ordering="last_seen_at")
    def age(self, obj):
        return words.age_words(obj, now=timezone.now())

    @admin.display(description=_("Health"), ordering="-failures")
    def how_it_goes(self, obj):
        return words.health_words(obj, now=timezone.now())

    @admin.display(description=_("Next reading"), ordering="next_pull_at")
    def next_pull(self, obj):
        return words.next_words(obj, now=timezone.now())

    @admin.display(description=_("Latest runs"))
    def latest_runs(self, obj):
        runs = obj.runs.order_by("-started_at")[:5]
        rows = (
            (
                reverse("admin:finder_importrun_change", args=[run.pk]),
                date_format(run.started_at, "DATETIME_FORMAT"),
                run.get_status_display(),
                run.reason,
            )
            for run in runs
        )
        lines = format_html_join("", '<li><a href="{}">{}</a>: {} {}</li>', rows)
        return format_html("<ul>{}</ul>", lines) if lines else _("none")


@admin.register(ImportProblem)
class ImportProblemAdmin(ShownAdmin):
    list_display = ("run", "row", "field", "code", "message")
    list_filter = ("code", "run__source")
    list_select_related = ("run__source",)
    search_fields = ("message", "field")
