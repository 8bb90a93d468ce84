"""Contacts that a group or a curator entered with permission; shown on the desk alone."""

from django.contrib import admin

from finder.admin.desk import KeptAdmin
from finder.admin.picking import PicksGroup
from finder.models import PrivateContact


@admin.register(PrivateContact)
class PrivateContactAdmin(PicksGroup, KeptAdmin):
    """Who can be reached for a group, how, and where their permission lies."""

    autocomplete_fields = ("group",)
    fields = ("group", "first_name", "channel", "permission_note", "permission_on")
    list_display = ("group", "first_name", "permission_on", "entered_by")
    list_select_related = ("group", "entered_by")
    search_fields = ("group__name",)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.entered_by = request.user
        super().save_model(request, obj, form, change)
