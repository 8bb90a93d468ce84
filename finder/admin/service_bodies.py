"""Service bodies and their links; what they said: replies at once, statements after review."""

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from finder import lane
from finder.admin.desk import KeptAdmin, ShownAdmin, ShownInline
from finder.admin.evidence import WithReason
from finder.models import BodyLink, GroupReply, GroupStatement, ServiceBody


class BodyForm(forms.ModelForm):
    """A service body; its address can be set, and is never shown again."""

    email = forms.EmailField(
        label=_("E-mail"),
        required=False,
        help_text=_("Given by the service body. Sealed; empty leaves what is kept."),
    )

    class Meta:
        model = ServiceBody
        fields = ("program", "entity", "permission_note", "ask_every_days")


class DecidedAdmin(ShownAdmin):
    """Rows that are decided in the list and never edited."""

    def has_decide_permission(self, request):
        return admin.ModelAdmin.has_change_permission(self, request)


class LinkInline(ShownInline):
    """The links made so far, without what opens them."""

    model = BodyLink
    fields = readonly_fields = ("made_by", "made_at", "expires_on", "revoked_at")


@admin.register(ServiceBody)
class ServiceBodyAdmin(KeptAdmin):
    form = BodyForm
    inlines = (LinkInline,)
    autocomplete_fields = ("program",)
    actions = ("make_links", "revoke_links", "came_back")
    list_display = (
        *("entity", "program", "has_address", "ask_every_days", "asked_on", "bounced_on"),
        *("entered_by", "entered_at"),
    )
    list_filter = (("bounced_on", admin.EmptyFieldListFilter), "program")
    readonly_fields = ("asked_on", "bounced_on")
    list_select_related = ("program", "entered_by")
    search_fields = ("entity",)

    @admin.display(description=_("Address kept"), boolean=True)
    def has_address(self, obj):
        return bool(obj.contact)

    def save_model(self, request, obj, form, change):
        if not change:
            obj.entered_by = request.user
        if email := form.cleaned_data["email"]:
            lane.keep_email(obj, email)
        obj.save()

    @admin.action(
        description=_("Make a link, and mail it where an address is kept"), permissions=["change"]
    )
    def make_links(self, request, queryset):
        site = f"{request.scheme}://{request.get_host()}"
        for body in queryset:
            link = lane.make_link(body, by=request.user, now=timezone.now(), site=site)
            words = _("{}: {} (shown only now)")
            self.message_user(request, format_html(words, body.entity, link), messages.SUCCESS)

    @admin.action(description=_("A letter came back: write no more"), permissions=["change"])
    def came_back(self, request, queryset):
        queryset.update(bounced_on=timezone.localdate())
        self.message_user(request, _("Nothing more is sent there."), messages.SUCCESS)

    @admin.action(description=_("Take all links back"), permissions=["change"])
    def revoke_links(self, request, queryset):
        links = BodyLink.objects.filter(body__in=queryset, revoked_at=None)
        for link in links:
            lane.revoke(link, now=timezone.now())
        self.message_user(request, _("Their links open nothing any more."), messages.SUCCESS)


@admin.register(GroupReply)
class GroupReplyAdmin(DecidedAdmin):
    action_form = WithReason
    actions = ("withdraw",)
    list_display = ("group", "body", "text", "said_on", "withdrawn_at", "withdrawn_reason")
    list_filter = (("withdrawn_at", admin.EmptyFieldListFilter),)
    list_select_related = ("group", "body")
    search_fields = ("group__name", "text")

    @admin.action(description=_("Withdraw, for the reason given"), permissions=["decide"])
    def withdraw(self, request, queryset):
        reason = request.POST.get("reason", "").strip()
        if not reason:
            self.message_user(request, _("Say why it is withdrawn."), messages.ERROR)
            return
        for row in queryset:
            lane.withdraw_reply(row, reason=reason, by=request.user, now=timezone.now())
        count = queryset.count()
        words = ngettext("%d reply withdrawn.", "%d replies withdrawn.", count) % count
        self.message_user(request, words, messages.SUCCESS)


@admin.register(GroupStatement)
class GroupStatementAdmin(DecidedAdmin):
    actions = ("accept", "decline")
    list_display = ("group", "body", "on", "form", "has_position", "text", "is_accepted")
    list_filter = (("decided_at", admin.EmptyFieldListFilter), "has_position")
    list_select_related = ("group", "body")
    ordering = ("decided_at", "pk")

    @admin.action(description=_("Accept: it counts from now on"), permissions=["decide"])
    def accept(self, request, queryset):
        self._decide(request, queryset, is_accepted=True)

    @admin.action(description=_("Decline: it does not count"), permissions=["decide"])
    def decline(self, request, queryset):
        self._decide(request, queryset, is_accepted=False)

    def _decide(self, request, queryset, *, is_accepted):
        told = {"is_accepted": is_accepted, "by": request.user, "now": timezone.now()}
        count = sum(lane.decide_statement(row, **told) for row in queryset)
        words = ngettext("%d statement decided.", "%d statements decided.", count) % count
        self.message_user(request, words, messages.SUCCESS)
