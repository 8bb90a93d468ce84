"""How a request to the referral API says which token it has; what a token may read is the API's.

A view names ``authentication_classes = [TokenAuthentication]``. Then ``request.auth`` is the
ApiToken, which says what it has a scope for, and ``request.user`` is None (a token is no person).
The view reads inside ``referrals.tenancy.organization(request.auth.organization_id)`` and
``referrals.audit.under(request.auth)``.
"""

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.request import Request

from finder import limits
from finder.requests import client_address
from referrals import tokens
from referrals.models import ApiToken

_SCHEME = b"bearer"


class TokenAuthentication(BaseAuthentication):
    """Read ``Authorization: Bearer mhg_...``; a token anywhere else, as in an address, is none."""

    def authenticate(self, request: Request) -> tuple[None, ApiToken] | None:
        """Return the token; None without the header, so that another class may be asked."""
        parts = get_authorization_header(request).split()
        if not parts or parts[0].lower() != _SCHEME:
            return None
        now, address = timezone.now(), client_address(request)
        secret = parts[1].decode("ascii", "replace") if len(parts) == 2 else ""
        if token := tokens.find(secret, now=now):
            return None, token
        if not limits.allow(limits.WRONG_TOKENS, address, now=now):
            raise Throttled(detail=_("Too many wrong tokens. Try again in an hour."))
        raise AuthenticationFailed(_("This token is not known, has ended or was revoked."))

    def authenticate_header(self, request: Request) -> str:
        """Name the scheme, which makes a refusal 401."""
        return "Bearer"
