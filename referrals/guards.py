"""What stands before every page of a member: sign-in, idle time, organization and the record."""

from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from referrals import audit
from referrals.models import Kind
from referrals.permissions import membership_of
from referrals.tenancy import organization

IDLE_SECONDS = 15 * 60
LONGEST_SECONDS = 12 * 60 * 60
View = Callable[..., HttpResponse]


def member_page(view: View) -> View:
    """Open a page to people who are signed in, with the rows of their organization alone.

    ``request.membership`` is None for those who work for none: they meet empty lists and 404.
    A refusal is recorded, in the transaction that finds it, before it is answered.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated or _is_over(request, now=timezone.now()):
            return _to_sign_in(request)
        request.membership = membership_of(request.user)
        own = request.membership and request.membership.organization
        with organization(own and own.pk):
            try:
                return view(request, *args, **kwargs)
            except (Http404, PermissionDenied) as error:
                target = (request.resolver_match.url_name, str(kwargs.get("pk", "")))
                audit.record(Kind.REFUSED, target=target, by=request.user, organization=own)
                refusal = error
        raise refusal

    return guarded


def _is_over(request: HttpRequest, *, now: datetime) -> bool:
    """Count the idle minutes and the whole of a session; note that it was used now."""
    moment = int(now.timestamp())
    seen = request.session.get("seen_at", moment)
    since = request.session.setdefault("since", moment)
    request.session["seen_at"] = moment
    return moment - seen > IDLE_SECONDS or moment - since > LONGEST_SECONDS


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    logout(request)
    # What was posted is gone, so only an address that can be opened again is kept.
    return redirect_to_login(request.path if request.method == "GET" else "/referrals/")
