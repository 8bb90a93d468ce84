"""Paper cards for clinics: a sheet is printed when it is made, for its codes are not kept."""

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finder import cards
from finder.admin.desk import ShownAdmin
from finder.models import CardSheet


class SheetForm(forms.Form):
    """Which clinic the cards are for, and how many."""

    note = forms.CharField(
        label=_("For"), max_length=200, help_text=_("The clinic or its desk. No patient.")
    )
    count = forms.IntegerField(label=_("Cards"), min_value=1, max_value=200, initial=12)
    clinic = forms.UUIDField(
        label=_("Number of the organization"),
        required=False,
        help_text=_("If it refers through this site: then it sees these reports at once."),
    )


@admin.register(CardSheet)
class CardSheetAdmin(ShownAdmin):
    list_display = ("note", "made_on", "expires_on", "used", "made_by", "revoked_on")
    list_select_related = ("made_by",)
    actions = ("revoke",)

    def get_queryset(self, request):
        rows = super().get_queryset(request)
        used = Count("cards", filter=Q(cards__is_used=True))
        return rows.annotate(used_count=used, all_count=Count("cards"))

    def has_add_permission(self, request):
        return admin.ModelAdmin.has_add_permission(self, request)

    def has_void_permission(self, request):
        return admin.ModelAdmin.has_change_permission(self, request)

    def add_view(self, request, form_url="", extra_context=None):
        """Ask how many; then show the sheet itself, once."""
        if not self.has_add_permission(request):
            raise PermissionDenied
        form = SheetForm(request.POST if request.method == "POST" else None)
        context = self.admin_site.each_context(request) | {"opts": self.opts, "form": form}
        if not form.is_bound or not form.is_valid():
            context["title"] = _("Print cards for a clinic")
            return TemplateResponse(request, "admin/finder/cardsheet/add.html", context)
        sheet, codes = cards.make_sheet(
            **form.cleaned_data, by=request.user, today=timezone.localdate()
        )
        context |= {
            "sheet": sheet,
            "codes": [cards.spelled(code) for code in codes],
            "address": f"{request.get_host()}{reverse('card')}",
        }
        answer = TemplateResponse(request, "admin/finder/cardsheet/print.html", context)
        answer["Cache-Control"] = "no-store"
        return answer

    @admin.display(description=_("Used"))
    def used(self, obj):
        # How many, not which: a card must not lead to whom it was given.
        return f"{obj.used_count} / {obj.all_count}"

    @admin.action(description=_("Void the cards not used yet"), permissions=["void"])
    def revoke(self, request, queryset):
        for sheet in queryset:
            cards.revoke(sheet, today=timezone.localdate())
        self.message_user(request, _("Void."), messages.SUCCESS)
