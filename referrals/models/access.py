"""Ways in besides membership: tokens for programs, and a superuser's opening in an emergency."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from finder.models import User
from finder.models.constraints import paired
from referrals.models.organizations import Organization
from referrals.sealed import SealedTextField

TOKEN_DAYS = 90
OPEN_FOR = timedelta(minutes=60)


class Scope(models.TextChoices):
    """What a token may be used for; none of them writes."""

    DIRECTORY = "directory:read", _("Read the public directory")
    MATCH = "match", _("Ask which groups fit")
    REFERRALS = "referrals:read", _("Read referrals of the organization, without notes")


class ApiTokenQuerySet(models.QuerySet):
    """Tokens as the API and the page of an administrator ask for them."""

    def live(self, *, now: datetime) -> "ApiTokenQuerySet":
        """Those that open something at this moment."""
        standing = Q(organization__is_active=True, organization__agreement_on__isnull=False)
        return self.filter(standing, revoked_at=None, expires_at__gt=now)


class ApiToken(models.Model):
    """What a program of one organization shows at the API: known by its hash, with an end."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=80)
    scopes = ArrayField(models.CharField(max_length=20, choices=Scope))
    token_hash = models.CharField(max_length=64, unique=True)
    made_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        constraints = [
            paired("referrals_apitoken_revoked", "revoked_by", "revoked_at"),
            models.CheckConstraint(
                condition=Q(expires_at__lte=F("made_at") + timedelta(days=TOKEN_DAYS)),
                name="referrals_apitoken_ends",
            ),
            models.CheckConstraint(
                condition=Q(scopes__contained_by=Scope.values) & Q(scopes__len__gt=0),
                name="referrals_apitoken_scopes",
            ),
        ]

    def __str__(self) -> str:
        return f"token {self.pk}"

    def has(self, scope: Scope) -> bool:
        """Say whether it was made for this."""
        return scope in self.scopes

    def is_live(self, now: datetime) -> bool:
        """Say whether it could open anything at this moment."""
        return self.revoked_at is None and self.expires_at > now


class BreakGlassQuerySet(models.QuerySet):
    """Openings as the guard and those who are told ask for them."""

    def open_to(self, user: User, *, now: datetime) -> "BreakGlassQuerySet":
        """Those that let this superuser read at this moment."""
        standing = Q(by__is_active=True, by__is_superuser=True)
        return self.filter(standing, by=user, ended_at=None, ends_at__gt=now)


class BreakGlass(models.Model):
    """A superuser's opening of one organization in an emergency: to read, for an hour at most."""

    id = models.UUIDField(primary_key=True, default=uuid4, editable=False)
    organization = models.ForeignKey(Organization, on_delete=models.PROTECT, related_name="+")
    # Sealed: in an emergency people write down whom it is about.
    reason = SealedTextField()
    by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    # Set where it was ended before its hour was over.
    ended_at = models.DateTimeField(null=True, blank=True)

    objects = BreakGlassQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("opened_at"), ends_at__lte=F("opened_at") + OPEN_FOR),
                name="referrals_breakglass_an_hour",
            ),
        ]
        indexes = [
            models.Index(fields=["organization", "-opened_at"], name="referrals_breakglass_recent"),
        ]

    def __str__(self) -> str:
        return f"break-glass {self.pk}"

    def is_open(self, now: datetime) -> bool:
        """Say whether it lets anyone read at this moment."""
        return self.ended_at is None and self.ends_at > now
