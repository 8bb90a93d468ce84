"""How a row is named where curators pick one: many groups have the same name."""

from django.contrib.admin.views.autocomplete import AutocompleteJsonView
from django.db.models import QuerySet

from finder.models import Group


class PickerView(AutocompleteJsonView):
    """The stock picker, with the program and the city of a group beside its name."""

    def get_queryset(self):
        rows = super().get_queryset()
        return with_places(rows) if rows.model is Group else rows

    def serialize_result(self, obj, to_field_name):
        result = super().serialize_result(obj, to_field_name)
        return result | {"text": told_apart(obj)} if isinstance(obj, Group) else result


def with_places(groups: QuerySet[Group]) -> QuerySet[Group]:
    """Load what told_apart names; three queries for any number."""
    return groups.select_related("program").prefetch_related("meetings__place")


def told_apart(group: Group) -> str:
    """Name a group with its program and the first of its cities."""
    places = [meeting.place for meeting in group.meetings.all() if meeting.place]
    city = next((f"{place.city}, {place.state}".strip(", ") for place in places if place.city), "")
    return " · ".join(
        filter(None, (group.name, group.program.short_name or group.program.name, city))
    )


class PicksGroup:
    """A form of the admin that names the chosen group as the picker does."""

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        field = super().formfield_for_foreignkey(db_field, request, **kwargs)
        if field is not None and db_field.related_model is Group:
            field.label_from_instance = told_apart
        return field
