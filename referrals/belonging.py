"""Which tables hold rows of a patient, found in the models, so that none can be forgotten."""

from functools import cache
from graphlib import TopologicalSorter

from django.apps import apps
from django.db import models
from django.db.models import QuerySet

from referrals.models import Patient


@cache
def paths(root: type[models.Model] = Patient) -> dict[type[models.Model], str]:
    """Return each table that hangs on a root with the look-up that leads there.

    In an order in which rows can be deleted: what points at a table comes before it.
    """
    found: dict[type[models.Model], str] = {root: "pk"}
    ours = list(apps.get_app_config("referrals").get_models())
    while grown := {
        model: path for model in ours if model not in found if (path := _path(model, found))
    }:
        found |= grown
    order = TopologicalSorter(
        {model: {other for other in _targets(model) if other in found} for model in found}
    )
    return {model: found[model] for model in reversed(list(order.static_order()))}


def rows_of(patient: Patient) -> dict[type[models.Model], QuerySet]:
    """Return the rows of one patient by table, in an order in which they can be deleted."""
    return {
        model: model._base_manager.filter(**{path: patient.pk}) for model, path in paths().items()
    }


def _path(model: type[models.Model], found: dict[type[models.Model], str]) -> str:
    for field in _keys(model):
        if not field.null and field.related_model in found:
            further = found[field.related_model]
            return field.name if further == "pk" else f"{field.name}__{further}"
    return ""


def _keys(model: type[models.Model]) -> list[models.ForeignKey]:
    return [field for field in model._meta.fields if isinstance(field, models.ForeignKey)]


def _targets(model: type[models.Model]) -> set[type[models.Model]]:
    return {field.related_model for field in _keys(model)} - {model}
