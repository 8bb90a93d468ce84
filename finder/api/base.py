"""What all views of the public API share: JSON whatever is accepted, errors, cache headers."""

from dataclasses import replace

import orjson
from django.core.exceptions import SuspiciousOperation
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from rest_framework.exceptions import APIException, NotFound
from rest_framework.negotiation import BaseContentNegotiation
from rest_framework.request import Request
from rest_framework.views import APIView

from finder.api.errors import BadParameters, as_sentences
from finder.requests import kept_while_unchanged, mark
from finder.search import Refused, Search, read_search

# Next starts change by the minute; names and tags when a feed is read.
LIST_SECONDS, FACET_SECONDS = 60, 600


class AlwaysJson(BaseContentNegotiation):
    """Ignore what is accepted, and the parameter ``format``, which is ours."""

    def select_parser(self, request: Request, parsers):
        return parsers[0]

    def select_renderer(self, request: Request, renderers, format_suffix=None):
        return renderers[0], renderers[0].media_type


class PublicView(APIView):
    """A read-only view: the same bytes for everyone who asks the same.

    GET goes straight to the view and its bytes straight out. What the framework would do between
    (negotiate, authenticate, throttle, render) has nothing to decide here, and takes longer than
    a search. It still refuses every other method.
    """

    http_method_names = ["get", "head", "options"]
    content_negotiation_class = AlwaysJson
    seconds = LIST_SECONDS

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            return super().dispatch(request, *args, **kwargs)
        self.now = timezone.now()
        self.mark = mark(request, now=self.now)
        return kept_while_unchanged(
            lambda: self._answered(request, *args, **kwargs),
            request,
            self.mark,
            seconds=self.seconds,
        )

    def _answered(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        try:
            return self.get(request, *args, **kwargs)
        except (APIException, Http404, SuspiciousOperation) as error:
            refusal = as_sentences(error, {})
            response = json_answer(orjson.dumps(refusal.data))
            response.status_code = refusal.status_code
            return response

    def read_search(self, params: QueryDict, *, allowed: tuple[str, ...] = ()) -> Search:
        """Return the search of the parameters; raises BadParameters with every sentence."""
        try:
            search = read_search(params, now=self.now)
        except Refused as refused:
            raise BadParameters(refused.errors) from None
        if allowed and (extra := [name for name in params if name not in allowed]):
            sentence = _("This parameter is not for this address.")
            raise BadParameters({name: [sentence] for name in extra})
        return replace(search, version=self.mark.version)


def json_answer(text: str | bytes) -> HttpResponse:
    """Answer with JSON that is already written."""
    return HttpResponse(text, content_type="application/json")


def answer(data: dict, *, is_sensitive: bool = False) -> HttpResponse:
    """Answer with data as JSON; what names a medication or a place is kept nowhere."""
    return keep(json_answer(orjson.dumps(data, default=str)), is_sensitive=is_sensitive)


def keep(response: HttpResponseBase, *, is_sensitive: bool) -> HttpResponseBase:
    """Forbid to keep a reply to a question that names a medication or a place."""
    if is_sensitive:
        patch_cache_control(response, no_store=True)
    return response


class NothingHere(PublicView):
    """Say that an address of the API does not exist, in JSON."""

    schema = None

    def dispatch(self, request: HttpRequest, *args, **kwargs) -> HttpResponseBase:
        # Not even the database is asked.
        return self._answered(request, *args, **kwargs)

    def get(self, request: HttpRequest, *args, **kwargs) -> HttpResponse:
        raise NotFound
