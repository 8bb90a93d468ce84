"""The short way of a read of the public API through the site; the long one is the middleware."""

from collections.abc import Callable
from typing import ClassVar

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import Resolver404, ResolverMatch, resolve
from django.utils import translation

from finder.api.base import PublicView
from finder.logs import note_exception
from finder.middleware import DATABASE_AWAY, closed_for_a_moment


class PublicApiLane:
    """Answer reads of the public API at once, without what only pages and people need.

    They have no session, no user, no message, no form and one language; the headers that keep a
    browser from doing anything with an answer but read it are the same for all. What it does not
    know goes the long way.
    """

    HEADERS: ClassVar[dict[str, str]] = {
        "Content-Language": "en",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Permissions-Policy": "geolocation=()",
        "X-Frame-Options": "DENY",
    }

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        found = _public_read(request)
        if found is None:
            return self.get_response(request)
        request.resolver_match = found
        translation.activate(settings.LANGUAGE_CODE)
        try:
            response = found.func(request, *found.args, **found.kwargs)
        except Exception as error:
            # Middleware hears of what a view raises on the long way alone.
            note_exception(request, error)
            if not isinstance(error, DATABASE_AWAY):
                raise
            response = closed_for_a_moment(request)
        for name, value in self.HEADERS.items():
            response.headers.setdefault(name, value)
        return response


def _public_read(request: HttpRequest) -> ResolverMatch | None:
    """Return the view that reads what is asked of the public API, if it is one of those."""
    if request.method not in ("GET", "HEAD") or not request.path_info.startswith("/api/v1/"):
        return None
    try:
        found = resolve(request.path_info)
    except Resolver404:
        return None
    return found if issubclass(getattr(found.func, "cls", object), PublicView) else None
