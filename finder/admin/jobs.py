"""Background jobs as curators see them: what waits, what was given up, and trying that again."""

from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from finder import outbox
from finder.admin.desk import KeptAdmin
from finder.models import Job


@admin.register(Job)
class JobAdmin(KeptAdmin):
    """Jobs are made and ended by the program; a person may only ask for another try."""

    actions = ("try_again",)
    list_display = ("kind", "run_at", "attempts", "finished_at", "failed_at", "last_error")
    list_filter = (
        ("failed_at", admin.EmptyFieldListFilter),
        ("finished_at", admin.EmptyFieldListFilter),
        "kind",
    )
    ordering = ("-pk",)

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        # The list has an action; one job is only shown.
        return obj is None and super().has_change_permission(request)

    @admin.action(description=_("Try again what was given up"), permissions=["change"])
    def try_again(self, request, queryset):
        count = outbox.try_again(queryset, now=timezone.now())
        said = ngettext("%d job is tried again.", "%d jobs are tried again.", count) % count
        self.message_user(request, said, messages.SUCCESS)
