"""Meetings on a map: columns of numbers, as small as they can be told."""

import orjson
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema

from finder.api import serializers as shapes
from finder.api.base import PublicView, json_answer, keep
from finder.api.errors import BadParameters
from finder.api.schema import REFUSED, only
from finder.search.mapping import SCALE, Found, View, ViewError, on_map, read_view
from finder.search.parameters import FILTERS
from finder.vocab import Label

# A map has neither pages nor an order.
PARAMETERS = tuple(n for n in FILTERS if n not in ("cursor", "page_size", "sort", "explain"))
_VIEW = [
    OpenApiParameter(
        name="bbox",
        type=OpenApiTypes.STR,
        required=True,
        description="What the map shows: west,south,east,north in degrees. West may be greater "
        "than east, where the date line is crossed.",
    ),
    OpenApiParameter(
        name="zoom",
        type=OpenApiTypes.INT,
        required=True,
        description="How near the map is, as web maps count it: 0 is the world, 22 a doorstep. "
        "Single meetings are told from 9 on.",
    ),
]


class MeetingMap(PublicView):
    """Meetings that fit a search, in one part of a map."""

    @extend_schema(
        operation_id="map_retrieve",
        parameters=[*_VIEW, *only(*PARAMETERS)],
        responses={200: shapes.MapShape} | REFUSED,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Put meetings on a map: each by itself when near enough, counted in clusters if not.

        Zoom 9 and more gives `"kind": "points"`, unless more than 5000 meetings are in view. The
        lists of `points` are of equal length, a meeting in each place. `id`, `lat` and `lng` are
        told as steps: add each number to the sum of those before it. Then `lat` and `lng` are
        degrees times `scale`. `program` is a place in `programs`; `label`, which is there when a
        medication is named, is a place in `labels`, or null where nothing may be said of a group.
        Meetings with only an approximate place are not among the points: `hidden` counts them.

        Otherwise `"kind": "clusters"`: `lat` and `lng` (degrees times `scale`, not steps) of the
        middle of each cluster and the `count` of its meetings, the largest first.
        """
        params = request.GET.copy()
        view = _read_view(params.pop("bbox", []), params.pop("zoom", []))
        search = self.read_search(params, allowed=PARAMETERS)
        response = json_answer(written(on_map(search, view)))
        return keep(response, is_sensitive=search.is_sensitive)


def _read_view(bbox: list[str], zoom: list[str]) -> View:
    errors = {}
    for name, given in (("bbox", bbox), ("zoom", zoom)):
        if len(given) != 1:
            errors[name] = [_("Give this once.")]
    if errors:
        raise BadParameters(errors)
    try:
        return read_view(bbox[0], zoom[0])
    except ViewError as error:
        raise BadParameters({error.parameter: [str(error)]}) from None


def written(found: Found) -> str:
    """Join the texts of the columns into one JSON text."""
    told = {"kind": "clusters" if found.is_clustered else "points", "count": found.count}
    told |= {"hidden": found.hidden, "scale": SCALE, "notices": _notices(found)}
    if "label" in found.columns:
        told["labels"] = Label.values
    columns = ",".join(f'"{name}":{text}' for name, text in found.columns.items())
    return f'{orjson.dumps(told).decode()[:-1]},"{told["kind"]}":{{{columns}}}}}'


def _notices(found: Found) -> list[str]:
    if not found.hidden:
        return []
    words = ngettext(
        "%(count)d meeting has only an approximate place and is not on the map.",
        "%(count)d meetings have only an approximate place and are not on the map.",
        found.hidden,
    )
    return [words % {"count": found.hidden}]
