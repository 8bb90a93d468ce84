"""How long what is held of patients is kept, and deleting it when that time is over.

The times are for counsel to confirm: state law asks for more in places. The record of who did
what is kept for ever: it names rows, never what they say.
"""

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import Max, Q, QuerySet

from referrals import audit
from referrals.belonging import paths, rows_of
from referrals.consent import kept_since, years_before
from referrals.models import (
    Disclosure,
    Kind,
    NeedsDraft,
    NewcomerContact,
    Organization,
    Patient,
    ShareLink,
)
from referrals.tenancy import append_only_tables, organization, rewriting, unfenced

DRAFTS = timedelta(days=1)
LINKS = timedelta(days=90)
CONTACTS = timedelta(days=365)


@dataclass(frozen=True)
class Retention:
    """One class of data: how long it is kept, in a sentence, and which rows are over."""

    name: str
    sentence: str
    over: Callable[[datetime], Iterator[models.Model]]
    kind: Kind | None


def over_drafts(now: datetime) -> QuerySet:
    """Return needs that were typed and never became a plan."""
    return NeedsDraft.objects.filter(written_at__lt=now - DRAFTS)


def over_links(now: datetime) -> QuerySet:
    """Return links that ended long ago."""
    before = now - LINKS
    return ShareLink.objects.filter(Q(revoked_at__lt=before) | Q(expires_at__lt=before))


def over_contacts(now: datetime) -> QuerySet:
    """Return people who met newcomers and no longer do."""
    return NewcomerContact.objects.filter(ended_on__lt=(now - CONTACTS).date())


def over_accounting(now: datetime) -> QuerySet:
    """Return lines of the accounting beyond the years it is kept."""
    return Disclosure.objects.filter(at__lt=kept_since(now))


def over_records(now: datetime) -> Iterator[Patient]:
    """Yield patients of whom nothing was heard or told for as long as records are kept."""
    before = years_before(now, settings.RECORD_YEARS)
    for patient in Patient.objects.filter(created_at__lt=before).order_by("created_at"):
        if _last_heard_of(patient, now=now) < before:
            yield patient


def _last_heard_of(patient: Patient, *, now: datetime) -> datetime:
    """Return the newest moment in all rows of a patient; what is planned ahead does not count."""
    newest = patient.created_at
    for rows in rows_of(patient).values():
        fields = [f.name for f in rows.model._meta.fields if isinstance(f, models.DateTimeField)]
        told = {name: Max(name, filter=Q(**{f"{name}__lte": now})) for name in fields}
        found = rows.order_by().aggregate(**told) if told else {}
        newest = max([newest, *filter(None, found.values())])
    return newest


CLASSES = (
    Retention("draft", "Needs that became no plan: a day.", over_drafts, None),
    Retention("link", "Ended share links: 90 days.", over_links, Kind.LINK_PURGED),
    Retention("contact", "People who met newcomers: a year.", over_contacts, Kind.CONTACT_PURGED),
    Retention("accounting", "What was told to whom: six years.", over_accounting, None),
    Retention(
        "record", "A patient's record: RECORD_YEARS, after the last entry.", over_records,
        Kind.PATIENT_PURGED,
    ),
)  # fmt: skip


def purge(
    *, now: datetime, only: tuple[str, ...] = (), is_rehearsal: bool = False
) -> dict[str, int]:
    """Delete all that is over, class by class; return how many of each there were.

    Must run as the owner of the tables: the role that serves pages may delete nothing.
    """
    counts = dict.fromkeys(only or [each.name for each in CLASSES], 0)
    for clinic in Organization.objects.order_by("pk"):
        for each in CLASSES:
            if each.name in counts:
                counts[each.name] += _purge_class(each, clinic, now, is_rehearsal=is_rehearsal)
    return counts


def _purge_class(each: Retention, clinic: Organization, now: datetime, *, is_rehearsal: bool):
    with organization(clinic.pk):
        due = [row for row in each.over(now) if not _is_held(row)]
        if not is_rehearsal:
            for row in due:
                delete(row, kind=each.kind, owner=clinic)
    return len(due)


def _is_held(row: models.Model) -> bool:
    patient = row if isinstance(row, Patient) else getattr(row, "patient", None)
    return patient is not None and patient.is_held


def delete(row: models.Model, *, kind: Kind | None, owner: Organization) -> None:
    """Delete a row with everything that hangs on it; needs its organization open."""
    append_only = append_only_tables()
    with ExitStack() as lifted:
        # Whom a consent let read has rows of their own organization on this.
        lifted.enter_context(unfenced([model._meta.db_table for model in paths(type(row))]))
        for model in paths(type(row)):
            if model._meta.db_table in append_only:
                lifted.enter_context(rewriting(model._meta.db_table))
        for model, path in paths(type(row)).items():
            model._base_manager.filter(**{path: row.pk}).delete()
    if kind is not None:
        target = (row._meta.model_name, str(row.pk))
        audit.record(kind, target=target, by=None, organization=owner)


def find_patient(pk: str) -> tuple[Patient, Organization] | None:
    """Look for a patient in every organization; needs no organization open."""
    for clinic in Organization.objects.order_by("pk"):
        with organization(clinic.pk):
            if found := Patient.objects.filter(pk=pk).first():
                return found, clinic
    return None


def hold(patient: Patient, owner: Organization, *, is_held: bool) -> None:
    """Keep a patient's record from deletion, as a court or an inquiry asks; or no longer."""
    with organization(owner.pk):
        Patient.objects.filter(pk=patient.pk).update(is_held=is_held)
        kind = Kind.HOLD_SET if is_held else Kind.HOLD_LIFTED
        audit.record(kind, target=patient, by=None, organization=owner)
