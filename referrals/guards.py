"""What stands before every page of a member: sign-in, organization and the record.

Time and the second step stand before all private pages, in middleware.
"""

from collections.abc import Callable
from functools import wraps
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone

from referrals import audit, consent, emergency
from referrals.models import Kind, Organization
from referrals.permissions import membership_of
from referrals.tenancy import organization

View = Callable[..., HttpResponse]


def member_page(view: View) -> View:
    """Open a page to people who are signed in, with the rows of their organization alone.

    ``request.membership`` is None for those who work for none: they meet empty lists and 404.
    ``request.opening`` is what a superuser opened in an emergency: for as long as it lasts they
    read its organization's rows, and the record says so.
    A refusal is recorded, in the transaction that finds it, before it is answered.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            # What was posted is gone, so only an address that can be opened again is kept.
            return redirect_to_login(request.path if request.method == "GET" else "/referrals/")
        request.membership = membership_of(request.user)
        request.opening = emergency.opening_of(request, now=timezone.now())
        own = organization_of(request)
        with organization(own and own.pk), audit.under(request.opening):
            try:
                return view(request, *args, **kwargs)
            except (Http404, PermissionDenied) as error:
                refusal = _of_what_is_known(request, error, kwargs.get("pk"))
                target = (request.resolver_match.url_name, str(kwargs.get("pk", "")))
                audit.record(Kind.REFUSED, target=target, by=request.user, organization=own)
        raise refusal

    return guarded


def _of_what_is_known(
    request: HttpRequest, error: Exception, pk: UUID | None
) -> Http404 | PermissionDenied:
    """Say no, rather than that there is none, to whoever reads the referral under a consent."""
    is_asked = isinstance(error, Http404) and isinstance(pk, UUID) and request.membership
    if is_asked and consent.knows(request.user, pk, now=timezone.now()):
        return PermissionDenied()
    return error


def organization_of(request: HttpRequest) -> Organization | None:
    """Return the organization whose rows a page has open."""
    source = request.opening or request.membership
    return source.organization if source else None
