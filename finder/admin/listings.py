"""Programs, groups, meetings and places as curators correct them; a correction is locked."""

from django import forms
from django.contrib import admin, messages
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finder import asking, curation
from finder.admin.bulk import change_together, close_places, open_places
from finder.admin.desk import KeptAdmin, ShownInline
from finder.admin.picking import PicksGroup
from finder.admin.queues import doubtful
from finder.admin.rows import RowTools
from finder.admin.sheets import GroupResource, MeetingResource, PlaceResource, SheetMixin
from finder.models import Assessment, Group, Meeting, MeetingException, Place, Program
from finder.vocab import Access, Focus, MeetingType

_CHOICES = {
    "focus": Focus,
    "focus_no": Focus,
    "access": Access,
    "access_no": Access,
    "types": MeetingType,
}
_TAGS = ("focus", "focus_no", "access", "access_no", "languages", "languages_no")


class TaggedForm(forms.ModelForm):
    """Tags as tick boxes: known to hold, known not to hold; a code in neither is not known."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in _CHOICES.keys() & self.fields.keys():
            self.fields[name] = self._ticks(name)

    def _ticks(self, name: str) -> forms.TypedMultipleChoiceField:
        # A code of an older version stays a choice, so that saving does not lose it.
        known = _CHOICES[name].choices
        stored = getattr(self.instance, name) or []
        older = [(code, code) for code in stored if code not in _CHOICES[name].values]
        return forms.TypedMultipleChoiceField(
            label=self.fields[name].label,
            choices=[*known, *older],
            required=False,
            widget=forms.CheckboxSelectMultiple,
            empty_value=[],
        )

    def clean(self):
        told = super().clean()
        for name in ("focus", "access", "languages"):
            if both := set(told.get(name) or ()) & set(told.get(f"{name}_no") or ()):
                codes = ", ".join(sorted(both))
                self.add_error(name, _("Both yes and no: %(codes)s.") % {"codes": codes})
        return told


class StaleFilter(admin.SimpleListFilter):
    """What should be looked at again."""

    title = _("to check again")
    parameter_name = "stale"

    def lookups(self, request, model_admin):
        if model_admin.model is Group:
            return [("consent", _("consent to renew"))]
        return [("listing", _("may have changed"))]

    def queryset(self, request, queryset):
        today = timezone.localdate()
        match self.value():
            case "consent":
                return queryset.listed().filter(consent_review_on__lte=today)
            case "listing":
                return queryset.filter(pk__in=doubtful(today=today).values("pk"))
        return queryset


class CorrectedAdmin(RowTools, KeptAdmin):
    """Saving is a correction: by whom, locked against the next import, searchable at once."""

    def save_model(self, request, obj, form, change):
        curation.correct(
            obj, fields=form.changed_data, by=request.user, today=timezone.now().date()
        )


class AssessmentInline(ShownInline):
    """The stored readings, which nobody edits."""

    model = Assessment
    fields = readonly_fields = (
        *("medication", "label", "basis", "lower", "upper", "weight"),
        *("newest_month", "has_caution", "assessed_on"),
    )


class MeetingInline(admin.TabularInline):
    """The meetings of a group, each with a link to its own page."""

    model = Meeting
    fields = readonly_fields = ("name", "weekday", "start", "timezone", "format", "status")
    extra = 0
    can_delete = False
    show_change_link = True

    def has_add_permission(self, request, obj=None):
        return False


class ExceptionInline(admin.TabularInline):
    """Dates on which a meeting is off or at another time."""

    model = MeetingException
    extra = 0


@admin.register(Program)
class ProgramAdmin(CorrectedAdmin):
    is_lockable = False
    list_display = ("name", "slug", "model", "prior_class", "position_is_verified", "is_listed")
    list_filter = ("model", "prior_class", "position_is_verified", "is_listed", "is_demo")
    search_fields = ("name", "slug", "short_name")
    # What a text scores is the method's to say, and the catalogue repeats it.
    readonly_fields = ("prior_class",)


@admin.register(Group)
class GroupAdmin(PicksGroup, SheetMixin, CorrectedAdmin):
    resource_classes = (GroupResource,)
    form = TaggedForm
    inlines = (MeetingInline, AssessmentInline)
    autocomplete_fields = ("program", "source", "merged_into")
    list_display = ("name", "program", "status", "source", "verified_on")
    list_filter = ("status", StaleFilter, "needs_community_consent", "program")
    list_select_related = ("program", "source")
    search_fields = ("name", "entity")
    ordering = ("name", "pk")
    readonly_fields = ("source_key", "created_at")
    actions = (change_together, "withdraw_consent")

    @admin.action(
        description=_("The community withdraws its consent: show nothing of medication"),
        permissions=["change"],
    )
    def withdraw_consent(self, request, queryset):
        for group in queryset.select_related("program"):
            asking.withdraw_consent(group, by=request.user, today=timezone.now().date())
        self.message_user(request, _("Nothing of this is shown any more."), messages.SUCCESS)


@admin.register(Meeting)
class MeetingAdmin(PicksGroup, SheetMixin, CorrectedAdmin):
    resource_classes = (MeetingResource,)
    actions = (change_together,)
    form = TaggedForm
    inlines = (ExceptionInline,)
    autocomplete_fields = ("group", "place", "source")
    list_display = ("name", "group", "weekday", "start", "timezone", "format", "status")
    list_filter = ("status", StaleFilter, "format", "kind", "weekday", "group__program")
    list_select_related = ("group",)
    search_fields = ("name", "group__name", "place__city", "place__zip")
    readonly_fields = ("source_key", "source_codes", "unknown_codes", "created_at")

    def save_related(self, request, form, formsets, change):
        """Save the dates, and carry them into the listing."""
        super().save_related(request, form, formsets, change)
        if any(formset.has_changed() for formset in formsets):
            curation.correct(form.instance, fields=(), by=request.user, today=timezone.now().date())


@admin.register(Place)
class PlaceAdmin(SheetMixin, CorrectedAdmin):
    resource_classes = (PlaceResource,)
    actions = (close_places, open_places)
    autocomplete_fields = ("source",)
    list_display = ("__str__", "city", "state", "zip", "is_approximate")
    list_filter = ("is_approximate", "state")
    search_fields = ("name", "address", "city", "zip")
    readonly_fields = ("source_key",)
