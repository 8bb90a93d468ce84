"""What stands before every address of the referral API: who asks, whose rows, and the record."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.utils import timezone
from rest_framework.authentication import SessionAuthentication
from rest_framework.exceptions import APIException, MethodNotAllowed, NotAuthenticated
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from finder.api.base import AlwaysJson
from finder.models import User
from referrals import audit, consent, emergency
from referrals.authentication import TokenAuthentication
from referrals.models import ApiToken, BreakGlass, Kind, Organization, Scope
from referrals.permissions import membership_of
from referrals.tenancy import organization


@dataclass(frozen=True)
class Asker:
    """A member in their session, or a program with a token of its organization; never both."""

    organization: Organization | None
    user: User | None = None
    token: ApiToken | None = None
    # What a superuser opened in an emergency, in this session.
    opening: BreakGlass | None = None

    def has(self, scope: Scope) -> bool:
        """Say whether a token was made for this; a member's session has no such bounds."""
        return self.token is None or self.token.has(scope)


class Changed(APIException):
    """Somebody changed it after it was read."""

    status_code = 409


Endpoint = Callable[..., Response]


def guarded(endpoint: Endpoint) -> Endpoint:
    """Open the rows of the asker's organization, and record what is refused before it is answered.

    ``endpoint`` is a method of GuardedView and takes the asker after the request. What a token
    reads is recorded with the token's id.
    """

    @wraps(endpoint)
    def inner(self: "GuardedView", request: Request, **kwargs) -> Response:
        asker = _asker(request)
        own = asker.organization
        with organization(own and own.pk), audit.under(asker.token or asker.opening):
            try:
                return endpoint(self, request, asker, **kwargs)
            except (Http404, PermissionDenied, MethodNotAllowed) as error:
                refusal = _of_what_is_known(error, asker, kwargs.get("pk"))
                target = (request.resolver_match.url_name, str(kwargs.get("pk", "")))
                audit.record(Kind.REFUSED, target=target, by=asker.user, organization=own)
        raise refusal

    return inner


def _of_what_is_known(error: Exception, asker: Asker, pk: UUID | None) -> Exception:
    """Say no, rather than that there is none, to whoever reads the referral under a consent."""
    is_asked = isinstance(error, Http404) and pk is not None
    if is_asked and _knows(asker, pk):
        return PermissionDenied()
    return error


def _knows(asker: Asker, pk: UUID | None) -> bool:
    if asker.user is None or asker.organization is None or pk is None:
        return False
    return consent.knows(asker.user, pk, now=timezone.now())


def _asker(request: Request) -> Asker:
    if isinstance(request.auth, ApiToken):
        return Asker(request.auth.organization, token=request.auth)
    if request.user is None or not request.user.is_authenticated:
        raise NotAuthenticated
    opening = emergency.opening_of(request, now=timezone.now())
    source = opening or membership_of(request.user)
    return Asker(source and source.organization, user=request.user, opening=opening)


class GuardedView(APIView):
    """An address for people who are signed in and for tokens; answers are kept nowhere."""

    authentication_classes = [TokenAuthentication, SessionAuthentication]
    content_negotiation_class = AlwaysJson

    def http_method_not_allowed(self, request: Request, *args, **kwargs) -> Response:
        """Refuse a method; to who may not see what it is about, there is nothing there."""
        return self._refuse_method(request, **kwargs)

    @guarded
    def _refuse_method(self, request: Request, asker: Asker, **kwargs) -> Response:
        if not _knows(asker, kwargs.get("pk")):
            self.find(asker, **kwargs)
        raise MethodNotAllowed(request.method)

    def find(self, asker: Asker, **kwargs) -> object:
        """Return what the address names, or raise Http404; an address without an id names none."""
        return None


def demand_member(asker: Asker) -> None:
    """Refuse a token, which only reads."""
    if asker.user is None:
        raise PermissionDenied
