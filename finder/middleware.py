"""Middleware of the whole site; what one view needs lives in that view's decorators."""

from collections.abc import Callable

from django.conf import settings
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.gzip import GZipMiddleware
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext

# Everything else is public: the same bytes for everyone, no cookie read and none set.
PRIVATE_PREFIXES = (
    *("/accounts/", "/admin/", "/referrals/"),
    *("/api/v1/match/", "/api/v1/referrals/"),
)


def is_private(path: str) -> bool:
    """Say whether a path belongs to people who sign in, with or without a language prefix."""
    return path.startswith(PRIVATE_PREFIXES) or (
        len(path) > 3 and path[3] == "/" and path[3:].startswith(PRIVATE_PREFIXES)
    )


class NoBodyForHead:
    """Answer HEAD with the headers of GET alone; a server warns of a body that it must not send."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if request.method == "HEAD":
            if response.streaming:
                response.streaming_content = []
            else:
                response.setdefault("Content-Length", str(len(response.content)))
                response.content = b""
        return response


class DemoStaysHere:
    """With demonstration sign-ins on, answer only this machine: their passwords are public."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if settings.DEMO and not _is_loopback(request.META.get("REMOTE_ADDR", "")):
            return HttpResponse("This demonstration answers only its own machine.", status=403)
        return self.get_response(request)


def _is_loopback(address: str) -> bool:
    # A Unix socket has no address.
    return not address or address == "::1" or address.startswith(("127.", "::ffff:127."))


class PublicPages:
    """Take cookies away from public requests and keep them out of public replies.

    With no cookie in the request, no code further in can know who asks.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_private(request.path_info):
            response = self.get_response(request)
            patch_cache_control(response, no_store=True, private=True)
            return response
        request.META.pop("HTTP_COOKIE", None)
        request.__dict__.pop("COOKIES", None)
        response = self.get_response(request)
        response.cookies.clear()
        response["Vary"] = _without_cookie(response.get("Vary", ""))
        if not response["Vary"]:
            del response["Vary"]
        return response


class SmallerPages(GZipMiddleware):
    """Compress public replies for readers that take them so.

    A private page holds tokens, whose length could be guessed at through its size (BREACH); a
    public one holds nothing that its reader did not ask for, and needs no bytes to hide its size.
    """

    max_random_bytes = 0

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        if is_private(request.path_info) or request.path_info.startswith("/s/"):
            return response
        return super().process_response(request, response)


class PlainErrors:
    """Answer in plain words where the framework would send an empty page or fail."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        if response.status_code == 405 and not response.content:
            # As with 404: the address itself must not stand on the page.
            told = {"request_path": request.path}
            response.content = render_to_string("405.html", told, request=request)
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Without its database the site is closed for a moment, not broken."""
        return closed_for_a_moment(request) if isinstance(error, DATABASE_AWAY) else None


DATABASE_AWAY = (InterfaceError, OperationalError)


def closed_for_a_moment(request: HttpRequest) -> HttpResponse:
    """Answer while the database is away."""
    if request.path_info.startswith("/api/"):
        words = gettext("The directory is closed for a moment. Try again soon.")
        response = JsonResponse({"detail": words}, status=503)
    else:
        response = HttpResponse(render_to_string("503.html", request=request), status=503)
    response["Retry-After"] = "60"
    patch_cache_control(response, no_store=True)
    return response


def _without_cookie(vary: str) -> str:
    names = [name.strip() for name in vary.split(",")]
    return ", ".join(name for name in names if name and name.lower() != "cookie")
