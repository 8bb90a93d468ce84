"""Moving sealed values to the newest key, so that an older one can leave the ring."""

from collections.abc import Iterator
from contextlib import nullcontext

from django.apps import apps
from django.db import models

from referrals.models import Organization, Patient
from referrals.sealed import SealedTextField, blind_index, ring
from referrals.tenancy import append_only_tables, organization, rewriting

BATCH = 500


def reseal() -> int:
    """Seal every value of an older key anew, and index labels with the key of today.

    Returns how many rows were written.

    One transaction for each organization. Must run as the owner of the tables, since the
    history of referrals is closed to everyone else. A second run writes nothing.
    """
    return sum(_reseal_organization(row) for row in Organization.objects.order_by("pk"))


def _reseal_organization(row: Organization) -> int:
    written, append_only = 0, append_only_tables()
    with organization(row.pk):
        for model, fields in sealed_fields():
            table = model._meta.db_table
            with rewriting(table) if table in append_only else nullcontext():
                written += sum(_reseal_row(each, fields) for each in _rows(model, row))
        written += sum(_index(patient, row) for patient in _rows(Patient, row))
    return written


def _index(patient: Patient, owner: Organization) -> bool:
    """Hash a label with the key of today; codes of share links cannot be, and are given anew."""
    index = blind_index(patient.label, scope=str(owner.pk))
    if index == bytes(patient.label_index):
        return False
    Patient.objects.filter(pk=patient.pk).update(label_index=index)
    return True


def sealed_fields() -> Iterator[tuple[type[models.Model], list[SealedTextField]]]:
    """Yield each table with sealed fields, and those fields."""
    for model in apps.get_app_config("referrals").get_models():
        fields = [field for field in model._meta.fields if isinstance(field, SealedTextField)]
        if fields:
            yield model, fields


def _rows(model: type[models.Model], owner: Organization) -> Iterator[models.Model]:
    return model.objects.filter(organization=owner).iterator(chunk_size=BATCH)


def _reseal_row(row: models.Model, fields: list[SealedTextField]) -> bool:
    stale = [field for field in fields if ring().is_stale(row.__dict__[field.attname])]
    for field in stale:
        # Reading opens the value; saving an opened value seals it with the newest key.
        getattr(row, field.attname)
    if stale:
        row.save(update_fields=[field.name for field in stale])
    return bool(stale)
