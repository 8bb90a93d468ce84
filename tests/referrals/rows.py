"""One row of every table of the clinic's side, made from the models, with a mark in each field
that is sealed: a table that comes later is in the proofs without anyone adding it."""

from datetime import UTC, datetime, timedelta
from functools import singledispatchmethod
from uuid import uuid4

from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models

from finder.models import Group, Meeting, User
from referrals.models import Organization
from referrals.sealed import SealedJSONField, SealedTextField
from tests.factories import make_group, make_meeting, make_user

MARK = "ZQ7-"
THEN = datetime(2026, 11, 10, 17, tzinfo=UTC)
# What a check of the table asks beyond its types.
MORE = {
    "referrals.BreakGlass": {"ends_at": THEN + timedelta(minutes=30)},
    "referrals.Consent": {
        "recipient_kind": "named",
        "recipient_organization": None,
        "categories": ["groups"],
        "expiry": "event",
        "tells_how_to_revoke": True,
    },
    "referrals.ApiToken": {"scopes": ["referrals:read"], "expires_at": THEN + timedelta(days=30)},
}


def clinic_models():
    """Give every model of the clinic's side."""
    return list(apps.get_app_config("referrals").get_models())


def owned(model):
    """Say whether the rows of a model belong to an organization."""
    return any(field.attname == "organization_id" for field in model._meta.fields)


class Rows:
    """Makes one row of each table for one organization; parents are made on the way."""

    def __init__(self, organization: Organization, user: User | None = None) -> None:
        self.organization = organization
        self.user = user or make_user(password=None)
        self.group = make_group()
        # Rows of the directory and of sign-in are made as everywhere.
        self.outside = {
            Organization: organization,
            Group: self.group,
            Meeting: make_meeting(group=self.group),
        }
        self.made: dict[type[models.Model], models.Model] = {}
        self.marks: list[str] = []

    def every(self, *, without=()):
        """Make one row of every table that belongs to an organization."""
        for model in clinic_models():
            if owned(model) and model not in without:
                self.one(model)
        return self.made

    def one(self, model):
        """Return the row of a table, made when it was not there."""
        if model not in self.made:
            values = MORE.get(model._meta.label, {})
            told = {
                field.name: self._value(field)
                for field in model._meta.fields
                if field.name not in values and not field.primary_key
            }
            row = model(**told | values)
            row.save(force_insert=True)
            self.made[model] = row
        return self.made[model]

    def _value(self, field):
        if field.null and not isinstance(field, models.ForeignKey):
            return self.organization.pk if field.attname == "organization_id" else None
        if isinstance(field, models.ForeignKey):
            return self._parent(field)
        if field.choices:
            return field.choices[0][0]
        return self._plain(field)

    def _parent(self, field):
        kind = field.related_model
        if kind is User:
            return None if field.null else self.user
        if kind in self.outside:
            return self.outside[kind]
        return None if field.null else self.one(kind)

    @singledispatchmethod
    def _plain(self, field):
        raise TypeError(f"Nobody said what a {type(field).__name__} may hold.")

    @_plain.register
    def _(self, field: SealedTextField):
        self.marks.append(f"{MARK}{field.model.__name__}-{field.name}-{uuid4().hex[:8]}")
        return self.marks[-1]

    @_plain.register
    def _(self, field: SealedJSONField):
        self.marks.append(f"{MARK}{field.model.__name__}-{field.name}-{uuid4().hex[:8]}")
        return {"mark": self.marks[-1]}

    @_plain.register
    def _(self, field: models.BinaryField):
        return b"0" * 16

    @_plain.register
    def _(self, field: models.CharField):
        return uuid4().hex[: field.max_length]

    @_plain.register
    def _(self, field: models.TextField):
        return "words"

    @_plain.register
    def _(self, field: models.UUIDField):
        return uuid4()

    @_plain.register
    def _(self, field: models.BooleanField):
        return field.default if field.has_default() else False

    @_plain.register
    def _(self, field: models.IntegerField):
        return 1

    @_plain.register
    def _(self, field: models.DateTimeField):
        return THEN

    @_plain.register
    def _(self, field: models.DateField):
        return THEN.date()

    @_plain.register
    def _(self, field: ArrayField):
        return []

    @_plain.register
    def _(self, field: models.JSONField):
        return {}
