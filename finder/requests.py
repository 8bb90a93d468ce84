"""Where a request may come from; what it asks for lives with the views."""

from collections.abc import Callable
from functools import wraps

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.views.decorators.csrf import csrf_exempt

# Marks that other sites add to links; pages ignore them, the API refuses them.
TRACKING_PREFIX = "utm_"
TRACKING_NAMES = frozenset({"fbclid"})


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
