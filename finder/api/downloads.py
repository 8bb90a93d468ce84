"""Downloads: all meetings that fit a search as a file, written while it is sent."""

from django.http import HttpRequest, StreamingHttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import NotFound

from finder.api.base import PublicView, keep
from finder.api.schema import MISSING, REFUSED, only
from finder.feeds import publish
from finder.search.everything import matching_ids
from finder.search.parameters import FILTERS

# A file has neither pages nor an order of its own.
PARAMETERS = tuple(n for n in FILTERS if n not in ("cursor", "page_size", "sort"))
_FILES = {
    (200, form.media_type.split(";")[0]): OpenApiTypes.BINARY for form in publish.FORMATS.values()
}


class MeetingDownload(PublicView):
    """Every meeting that fits a search, in a format of feeds or spreadsheets."""

    @extend_schema(
        operation_id="meetings_download",
        parameters=only(*PARAMETERS),
        responses=_FILES | REFUSED | MISSING,
    )
    def get(self, request: HttpRequest, kind: str) -> StreamingHttpResponse:
        """Download meetings: meeting_guide, csv, xlsx, geojson or ical; the filters of the list."""
        form = publish.FORMATS.get(kind)
        if form is None:
            raise NotFound
        search = self.read_search(request.GET, allowed=PARAMETERS)
        site = request.build_absolute_uri("/")
        pieces = publish.export(kind, matching_ids(search), now=search.now, site=site)
        response = StreamingHttpResponse(pieces, content_type=form.media_type)
        response["Content-Disposition"] = f'attachment; filename="meetings.{form.suffix}"'
        return keep(response, is_sensitive=search.is_sensitive)
