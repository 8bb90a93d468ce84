"""What the desk's pages share: nothing is deleted, and some pages only show."""

from django.contrib import admin
from django.db import models


class KeptAdmin(admin.ModelAdmin):
    """Rows are retired or withdrawn with a date, never deleted."""

    formfield_overrides = {models.URLField: {"assume_scheme": "https"}}

    def has_delete_permission(self, request, obj=None):
        return False


class ShownAdmin(KeptAdmin):
    """Rows that only the program itself writes."""

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False


class ShownInline(admin.TabularInline):
    """Rows of another page that are only looked at here."""

    extra = 0
    can_delete = False

    def has_add_permission(self, request, obj=None):
        return False

    def has_change_permission(self, request, obj=None):
        return False
