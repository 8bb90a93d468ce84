"""Whether a session proved a second step, and how lately; pages that ask for one live elsewhere.

A second step is a code of an authenticator app, a passkey or a recovery code. allauth notes in
the session what was proved and when; this module reads those notes and adds to them.
"""

from datetime import datetime

from allauth.account.adapter import get_adapter
from allauth.account.authentication import (
    AUTHENTICATION_METHODS_SESSION_KEY,
    get_authentication_records,
)
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.urls import reverse

from finder.models import User
from referrals.backends import is_demo_account

FRESH_SECONDS = 5 * 60
_STEP, _PASSWORD = "mfa", "password"


class NotFresh(PermissionDenied):
    """What was asked for needs the second step anew, given within the last five minutes."""


def is_exempt(user: User) -> bool:
    """Say whether a person needs no second step: a demonstration account, while DEMO is on."""
    return settings.DEMO and is_demo_account(user)


def has_one(user: User) -> bool:
    """Say whether a person has set up a second step."""
    steps = Authenticator.objects.filter(user_id=user.pk)
    return steps.exclude(type=Authenticator.Type.RECOVERY_CODES).exists()


def is_proved(request: HttpRequest) -> bool:
    """Say whether this session proved what its person needs."""
    return bool(_moments(request, _STEP)) or is_exempt(request.user)


def is_fresh(request: HttpRequest, *, now: datetime) -> bool:
    """Say whether it did so within five minutes.

    Of who has no second step the password is asked: to set one up, and in a demonstration.
    """
    moments = _moments(request, _STEP)
    if not moments and not has_one(request.user):
        moments = _moments(request, _PASSWORD)
    return bool(moments) and 0 <= now.timestamp() - moments[-1] < FRESH_SECONDS


def demand_fresh(request: HttpRequest, *, now: datetime) -> None:
    """Raise NotFresh unless the second step was given within five minutes."""
    if not is_fresh(request, now=now):
        raise NotFresh


def note(request: HttpRequest, user: User) -> None:
    """Note that a second step was proved now, as by setting it up."""
    record_authentication(request, user, _STEP)


def forget(request: HttpRequest) -> None:
    """Forget what this session proved, so that the next page asks again."""
    request.session.pop(AUTHENTICATION_METHODS_SESSION_KEY, None)


def where_to_prove(user: User) -> str:
    """Give the address at which a person proves it, in the way they would choose first."""
    methods = get_adapter().get_reauthentication_methods(user)
    return methods[0]["url"] if methods else reverse("account_login")


def _moments(request: HttpRequest, method: str) -> list[float]:
    records = get_authentication_records(request, request.user)
    return [record["at"] for record in records if record.get("method") == method]
