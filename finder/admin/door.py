"""The door of the curators' desk: who is signed in and does not work there is told no at once."""

from functools import wraps

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

# For anyone else the desk does not exist; that its pages do is no secret.
_UNSEEN = {"index", "", "app_list"}
_open = admin.site.admin_view


def admin_view(view, cacheable: bool = False):
    """Guard a page of the desk as Django does; that would send a member on to sign in again."""
    guarded = _open(view, cacheable)

    @wraps(guarded)
    def opened(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.user.is_authenticated and not admin.site.has_permission(request):
            name = request.resolver_match.url_name or ""
            raise Http404 if name in _UNSEEN else PermissionDenied
        return guarded(request, *args, **kwargs)

    return opened
