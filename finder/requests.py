"""Where a request may come from and how long its answer stays right; what it asks is the views'."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import wraps
from hashlib import blake2b

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.views.decorators.csrf import csrf_exempt

from finder.search import version

# Marks that other sites add to links; pages ignore them, the API refuses them.
TRACKING_PREFIX = "utm_"
TRACKING_NAMES = frozenset({"fbclid"})
# Next starts are told in words of the minute.
PAGE_SECONDS = 60


def is_same_origin(request: HttpRequest) -> bool:
    """Say whether a post comes from a page of this site, or from no page at all.

    Browsers name the origin of every post; a foreign one, and ``null``, are refused.
    """
    if request.headers.get("Sec-Fetch-Site", "") == "cross-site":
        return False
    origin = request.headers.get("Origin")
    if origin is None:
        return True
    own = f"{request.scheme}://{request.get_host()}"
    return origin == own or origin in settings.CSRF_TRUSTED_ORIGINS


def same_origin_post(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let anonymous people post without a cookie: the only exemption from CSRF tokens.

    Nobody is signed in on a public page, so a forged post could only do what its sender may do
    anyway; the origin is checked all the same, so that no other site can drive our forms.
    """

    @wraps(view)
    def guarded(request: HttpRequest, *args, **kwargs) -> HttpResponse:
        if request.method == "POST" and not is_same_origin(request):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return csrf_exempt(guarded)


def client_address(request: HttpRequest) -> str:
    """Return the address a request came from, for counting and never for keeping.

    Behind proxies of ours it is the one that the outermost of them saw: what a sender writes
    into the header itself stands further left and is not read.
    """
    proxies = getattr(settings, "ALLAUTH_TRUSTED_PROXY_COUNT", 0)
    if proxies:
        seen = request.headers.get("X-Forwarded-For", "").split(",")
        return seen[max(len(seen) - proxies, 0)].strip()
    return request.META.get("REMOTE_ADDR", "")


def without_tracking(query: QueryDict) -> QueryDict:
    """Return the parameters without those that other sites add for their own counting.

    >>> without_tracking(QueryDict("q=night&utm_source=mail&fbclid=1")).urlencode()
    'q=night'
    """
    kept = query.copy()
    for name in query:
        if name.startswith(TRACKING_PREFIX) or name in TRACKING_NAMES:
            del kept[name]
    return kept


@dataclass(frozen=True)
class Mark:
    """The state an answer is made from: of the directory, the minute, the site and the address."""

    version: str
    etag: str


def mark(request: HttpRequest, *, now: datetime) -> Mark:
    """Name what an answer to this request would be made from, in one query."""
    found = version.current()
    address = f"{request.get_host()}{request.get_full_path()}"
    # Next starts change by the minute, even where nothing else does.
    said = f"{found} {now.timestamp() // 60} {settings.VERSION} {address}"
    return Mark(found, f'W/"{blake2b(said.encode(), digest_size=12).hexdigest()}"')


def has_it_already(request: HttpRequest, found: Mark) -> bool:
    """Say whether the reader holds this very answer (RFC 9110, section 13.1.2)."""
    given = request.headers.get("If-None-Match", "")
    held = {tag.strip().removeprefix("W/") for tag in given.split(",")}
    return found.etag.removeprefix("W/") in held


def kept_while_unchanged(
    answer: Callable[[], HttpResponseBase], request: HttpRequest, found: Mark, *, seconds: int
) -> HttpResponseBase:
    """Answer 304 before any work where the reader holds the answer; else mark the new one.

    An answer that must be kept nowhere gets no mark, and so is never asked about.
    """
    if has_it_already(request, found):
        response = HttpResponseNotModified()
    else:
        response = answer()
        if response.status_code != 200 or "no-store" in response.get("Cache-Control", ""):
            return response
    response["ETag"] = found.etag
    patch_cache_control(response, public=True, max_age=seconds)
    return response


def kept_page(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let browsers and proxies keep a public page for a minute, and ask whether it is still so."""

    @wraps(view)
    def kept(request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        found = mark(request, now=timezone.now())
        return kept_while_unchanged(
            lambda: view(request, *args, **kwargs), request, found, seconds=PAGE_SECONDS
        )

    return kept
