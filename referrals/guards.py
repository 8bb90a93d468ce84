"""What stands before every page of a member: sign-in, organization and the record.

Time and the second step stand before all private pages, in middleware.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from referrals import audit
from referrals.models import Kind
from referrals.permissions import membership_of
from referrals.tenancy import organization

View = Callable[..., HttpResponse]


def member_page(view: View) -> View:
    """Open a page to people who are signed in, with the rows of their organization alone.

    ``request.membership`` is None for those who work for none: they meet empty lists and 404.
    A refusal is recorded, in the transaction that finds it, before it is answered.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if not request.user.is_authenticated:
            # What was posted is gone, so only an address that can be opened again is kept.
            return redirect_to_login(request.path if request.method == "GET" else "/referrals/")
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
