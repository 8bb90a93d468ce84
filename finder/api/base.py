"""What all views of the public API share: JSON whatever is accepted, errors, cache headers."""

from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from rest_framework.exceptions import NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

# Next starts change by the minute; names and tags when a feed is read.
LIST_SECONDS, FACET_SECONDS = 60, 600


class AlwaysJson(BaseContentNegotiation):
    """Ignore what is accepted, and the parameter ``format``, which is ours."""

    def select_parser(self, request: Request, parsers):
        return parsers[0]

    def select_renderer(self, request: Request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class PublicView(APIView):
    """A read-only view: the same bytes for everyone who asks the same."""

    http_method_names = ["get", "head", "options"]
    content_negotiation_class = AlwaysJson


def answer(data: dict, *, seconds: int = LIST_SECONDS, is_sensitive: bool = False) -> Response:
    """Answer with a cache header."""
    return keep(Response(data), seconds=seconds, is_sensitive=is_sensitive)


def keep(response: HttpResponseBase, *, seconds: int, is_sensitive: bool) -> HttpResponseBase:
    """Say how long a reply may be kept; what names a medication or a place is kept nowhere."""
    if is_sensitive:
        patch_cache_control(response, no_store=True)
    else:
        patch_cache_control(response, public=True, max_age=seconds)
    return response


class NothingHere(PublicView):
    """Say that an address of the API does not exist, in JSON."""

    schema = None

    def get(self, request: Request, *args, **kwargs) -> Response:
        raise NotFound
