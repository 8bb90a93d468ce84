"""Everything that is held of one patient, as plain values for that patient's own copy.

Read from the models themselves, so that a new table with patients cannot be left out.
"""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.apps import apps
from django.db import models

from referrals.models import CheckIn, Consent, Patient, Plan, Referral

# Hashes say nothing to a person; keys of rows and forms are ours; colleagues are named by role.
LEFT_OUT = {
    *{"id", "key", "organization", "label_index", "token_hash", "code_hash", "code_misses"},
    *{"version", "channel"},
}
_VIA = {Plan: "plan", Referral: "referral", CheckIn: "check_in", Consent: "consent"}


def held(patient: Patient) -> dict[str, list[dict[str, Any]]]:
    """Give what is held, by the name of its kind; needs the rows of the organization open."""
    return {
        model._meta.model_name: [_plain(row) for row in rows] for model, rows in _rows_of(patient)
    }


def _rows_of(patient: Patient) -> Iterator[tuple[type[models.Model], Any]]:
    yield Patient, [patient]
    for model in apps.get_app_config("referrals").get_models():
        path = _path_to_patient(model)
        if path:
            yield model, model.objects.filter(**{path: patient}).order_by("pk")


def _path_to_patient(model: type[models.Model]) -> str:
    """Return the look-up that leads from a table to its patient; '' where none does."""
    targets = {
        field.related_model: field.name
        for field in reversed(model._meta.fields)
        if isinstance(field, models.ForeignKey)
    }
    if Patient in targets:
        return targets[Patient]
    return next((f"{targets[via]}__patient" for via in _VIA if via in targets), "")


def _plain(row: models.Model) -> dict[str, Any]:
    return {
        field.name: _value(row, field)
        for field in row._meta.fields
        if field.name not in LEFT_OUT and not _is_of_ours(field)
    }


def _is_of_ours(field: models.Field) -> bool:
    """Leave out accounts of members and the links between rows; groups are told by name."""
    if not isinstance(field, models.ForeignKey):
        return False
    return field.related_model._meta.model_name != "group"


def _value(row: models.Model, field: models.Field) -> Any:
    value = getattr(row, field.name)
    if isinstance(value, models.Model):
        return str(getattr(value, "name", value))
    if isinstance(value, datetime | date):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value
