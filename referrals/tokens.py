"""Tokens by which a program of one organization asks the API; pages and the API live elsewhere.

A token is 192 random bits after ``mhg_``, known here by its hash and shown once. It belongs to
an organization and not to a person, has named scopes, none of which writes, and ends after 90
days at the latest.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from finder.models import User
from finder.secret_links import new_token, token_hash
from referrals import audit
from referrals.models import TOKEN_DAYS, ApiToken, Kind, Organization, Scope
from referrals.permissions import Permission, demand
from referrals.tenancy import organization as rows_of

PREFIX = "mhg_"
# A use is noted once a minute, so that reading writes little.
NOTED_EVERY = timedelta(minutes=1)


@dataclass(frozen=True)
class Made:
    """A new token with its secret, which is shown once and known to nobody afterwards."""

    token: ApiToken
    secret: str


@transaction.atomic
def make(
    organization: Organization,
    name: str,
    *,
    scopes: Collection[Scope],
    days: int,
    by: User,
    now: datetime,
) -> Made:
    """Make a token that lives for some days, 90 at the most."""
    demand(by, Permission.MANAGE_TOKENS, organization=organization)
    bare = new_token()
    token = ApiToken.objects.create(
        organization=organization,
        name=name,
        scopes=sorted(set(scopes)),
        token_hash=token_hash(bare),
        made_by=by,
        made_at=now,
        expires_at=now + timedelta(days=min(days, TOKEN_DAYS)),
    )
    with rows_of(organization.pk):
        audit.record(Kind.TOKEN_MADE, target=token, by=by, organization=organization)
    return Made(token, PREFIX + bare)


@transaction.atomic
def revoke(token: ApiToken, *, by: User, now: datetime) -> None:
    """End a token at once; doing so twice changes nothing."""
    demand(by, Permission.MANAGE_TOKENS, organization=token.organization)
    ended = ApiToken.objects.filter(pk=token.pk, revoked_at=None)
    if ended.update(revoked_by=by, revoked_at=now):
        with rows_of(token.organization_id):
            audit.record(Kind.TOKEN_REVOKED, target=token, by=by, organization=token.organization)


def find(secret: str, *, now: datetime) -> ApiToken | None:
    """Return the live token behind a secret and note its use; None for all that opens nothing."""
    known = token_hash(secret.removeprefix(PREFIX)) if secret.startswith(PREFIX) else ""
    if not known:
        return None
    rows = ApiToken.objects.live(now=now).select_related("organization")
    token = rows.filter(token_hash=known).first()
    if token is not None:
        unnoted = Q(last_used_at=None) | Q(last_used_at__lte=now - NOTED_EVERY)
        ApiToken.objects.filter(unnoted, pk=token.pk).update(last_used_at=now)
    return token
