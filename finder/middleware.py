"""Middleware of the whole site; what one view needs lives in that view's decorators."""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.cache import patch_cache_control

# Everything else is public: the same bytes for everyone, no cookie read and none set.
PRIVATE_PREFIXES = ("/accounts/", "/admin/", "/referrals/")


def is_private(path: str) -> bool:
    """Say whether a path belongs to people who sign in, with or without a language prefix."""
    return path.startswith(PRIVATE_PREFIXES) or (
        len(path) > 3 and path[3] == "/" and path[3:].startswith(PRIVATE_PREFIXES)
    )


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


def _without_cookie(vary: str) -> str:
    names = [name.strip() for name in vary.split(",")]
    return ", ".join(name for name in names if name and name.lower() != "cookie")
