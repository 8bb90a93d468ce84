"""Moving sealed values to the newest key, so that an older one can leave the ring."""

from collections.abc import Iterator
from contextlib import nullcontext

from django.apps import apps
from django.db import models

from referrals.models import (
    CheckIn,
    Consent,
    Disclosure,
    Organization,
    ReferralEvent,
    Revocation,
    Step,
)
from referrals.sealed import SealedTextField, ring
from referrals.tenancy import organization, rewriting

BATCH = 500
# What the database refuses to change, even for the site itself.
HISTORY = (ReferralEvent, Step, CheckIn, Consent, Revocation, Disclosure)


def reseal() -> int:
    """Seal every value of an older key anew; return how many rows were written.

    One transaction for each organization. Must run as the owner of the tables, since the
    history of referrals is closed to everyone else. A second run writes nothing.
    """
    return sum(_reseal_organization(row) for row in Organization.objects.order_by("pk"))


def _reseal_organization(row: Organization) -> int:
    written = 0
    with organization(row.pk):
        for model, fields in _sealed():
            is_history = model in HISTORY
            with rewriting(model._meta.db_table) if is_history else nullcontext():
                written += sum(_reseal_row(each, fields) for each in _rows(model, row))
    return written


def _sealed() -> Iterator[tuple[type[models.Model], list[SealedTextField]]]:
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
