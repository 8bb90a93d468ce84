"""How a request to the referral API says which token it has; what a token may read is the API's.

A view names ``authentication_classes = [TokenAuthentication]`` and ``permission_classes =
[HasScope.of(Scope.REFERRALS)]``. Then ``request.auth`` is the ApiToken, ``request.user`` is
None (a token is no person), and the view reads inside ``referrals.tenancy.organization(
request.auth.organization_id)`` and ``referrals.audit.under(request.auth)``.
"""

from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed, Throttled
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.views import APIView

from finder import limits
from finder.requests import client_address
from referrals import tokens
from referrals.models import ApiToken, Scope

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


class HasScope(BasePermission):
    """Let in a token that was made for what the view does."""

    scope: Scope

    @classmethod
    def of(cls, scope: Scope) -> type["HasScope"]:
        """Return the permission for one scope."""
        return type(f"Has{scope.name.title()}", (cls,), {"scope": scope})

    @property
    def message(self) -> str:
        return _("This token was not made for that. It needs %(scope)s.") % {"scope": self.scope}

    def has_permission(self, request: Request, view: APIView) -> bool:
        """Say whether the token has the scope."""
        return isinstance(request.auth, ApiToken) and request.auth.has(self.scope)
