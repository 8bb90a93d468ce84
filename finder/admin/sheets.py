"""Listings as spreadsheets: out for work by hand, in again after a look at what changes."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from import_export import fields, resources
from import_export.admin import ImportExportMixin
from import_export.formats.base_formats import CSV, XLSX
from import_export.forms import ExportForm, ImportForm
from import_export.instance_loaders import CachedInstanceLoader

from finder import curation
from finder.cells import plain, safe
from finder.models import Group, Meeting, Place

MOST_ROWS, MOST_BYTES = 20_000, 5_000_000


class ListingResource(resources.ModelResource):
    """Rows are known by their id; each saved row is a correction, by whom and locked."""

    class Meta:
        import_id_fields = ("id",)
        clean_model_instances = True
        skip_unchanged = True
        report_skipped = True
        use_transactions = True
        instance_loader_class = CachedInstanceLoader

    def __init__(self, *, user=None, **kwargs):
        super().__init__(**kwargs)
        self.user = user

    def export_field(self, field, instance, **kwargs):
        """Let no cell be run as a formula."""
        return safe(super().export_field(field, instance, **kwargs))

    def before_import(self, dataset, **kwargs):
        if len(dataset) > MOST_ROWS:
            raise ValidationError(f"More than {MOST_ROWS:,} rows: part the sheet.")
        if "id" not in (dataset.headers or ()):
            raise ValidationError("The first row must name the columns; one of them is id.")

    def before_import_row(self, row, **kwargs):
        for name, value in row.items():
            row[name] = plain(value)

    def get_instance(self, instance_loader, row):
        found = super().get_instance(instance_loader, row)
        if found is None:
            # A sheet corrects what is listed; new listings come by feeds, suggestions or the form.
            raise ValidationError({"id": "No listing has this number. It was not changed."})
        return found

    def save_instance(self, instance, is_create, row, **kwargs):
        """Correct in earnest; the look before it changes nothing."""
        self.before_save_instance(instance, row, **kwargs)
        if not kwargs.get("dry_run"):
            changed = _changed(instance, self._names())
            curation.correct(
                instance,
                fields=changed,
                by=self.user,
                today=timezone.localdate(),
                reason="Spreadsheet",
            )
        self.after_save_instance(instance, row, **kwargs)

    def _names(self) -> list[str]:
        names = {field.name for field in self._meta.model._meta.concrete_fields} - {"id"}
        return [field.attribute for field in self.get_import_fields() if field.attribute in names]


def _changed(instance, names: list[str]) -> list[str]:
    stored = type(instance)._base_manager.get(pk=instance.pk)
    return [name for name in names if getattr(stored, name) != getattr(instance, name)]


def _shown(attribute: str, column: str) -> fields.Field:
    """A column to read by, which no import changes."""
    return fields.Field(attribute=attribute, column_name=column, readonly=True)


class GroupResource(ListingResource):
    program = _shown("program__slug", "program")

    class Meta(ListingResource.Meta):
        model = Group
        fields = ("id", "program", "name", "notes", "website", "entity")


class MeetingResource(ListingResource):
    group = _shown("group__name", "group")
    city = _shown("place__city", "city")
    state = _shown("place__state", "state")

    class Meta(ListingResource.Meta):
        model = Meeting
        fields = (
            *("id", "group", "city", "state", "name", "weekday", "start", "duration_minutes"),
            *("timezone", "format", "notes", "website", "join_url", "phone"),
        )


class PlaceResource(ListingResource):
    class Meta(ListingResource.Meta):
        model = Place
        fields = (
            *("id", "name", "address", "city", "state", "zip", "notes", "lat", "lng"),
            *("is_approximate", "timezone", "closed_from", "closed_until", "closed_note"),
        )


class SheetForm(ImportForm):
    """A sheet to bring in, no larger than one that people work through by hand."""

    def clean_import_file(self):
        file = self.cleaned_data["import_file"]
        if file.size > MOST_BYTES:
            raise ValidationError(f"Larger than {MOST_BYTES // 1_000_000} MB: part the sheet.")
        return file


class SheetMixin(ImportExportMixin):
    """Spreadsheets on a list of the desk, for those who may correct it."""

    formats = (CSV, XLSX)
    import_form_class = SheetForm
    # The other form of the package needs a script within the page, which this site refuses.
    export_form_class = ExportForm
    show_change_form_export = False

    def has_import_permission(self, request):
        return self.has_change_permission(request)

    def has_export_permission(self, request):
        return self.has_view_permission(request)

    def get_import_resource_kwargs(self, request, **kwargs):
        return {"user": request.user}

    def get_export_resource_kwargs(self, request, **kwargs):
        return {"user": request.user}

    def generate_log_entries(self, result, request):
        """The history of each row says who changed what; a second log would say less."""
