"""The same table read the usual way: ORM objects through the serializers of Django REST framework.

It answers the addresses of the floor (benchmarks/speed/mix.py) and uses the same indexes.
"""

from django.contrib.postgres.search import SearchQuery, SearchRank
from django.db import connection
from django.db.models import Count, F, FloatField, Func, Q, QuerySet
from django.db.models.expressions import RawSQL
from django.http import HttpRequest, JsonResponse
from django.urls import path
from rest_framework import serializers
from rest_framework.decorators import api_view
from rest_framework.response import Response

from benchmarks.speed.floors import BOX, DISTANCE, PAGE, read
from finder.geo import Point, boxes
from finder.models import Listing

WEEK = 10080
POSITIVE = [0, 1, 2]
# As it stands in the index.
POINT = "point(finder_listing.lng, finder_listing.lat)"
UNSHOWN = [f"text__{name}_words" for name in ("title", "tag", "place", "note")] + ["text__words"]
COLUMNS = [f.name for f in Listing._meta.concrete_fields if not f.generated]


class ListingSerializer(serializers.ModelSerializer):
    """A listing as it is stored, with its distance."""

    document = serializers.CharField(source="text.document")
    distance = serializers.FloatField(default=None)

    class Meta:
        model = Listing
        fields = [*COLUMNS, "document", "distance"]


class PointSerializer(serializers.ModelSerializer):
    """A point of the map."""

    class Meta:
        model = Listing
        fields = ["pk", "lat", "lng", "program"]


def near(given: dict) -> QuerySet:
    """Give the listings within so many miles, nearest first."""
    values = {"lat": given["lat"], "lng": given["lng"]}
    sql = DISTANCE.replace("pt[1]", "finder_listing.lat").replace("pt[0]", "finder_listing.lng")
    for name, value in values.items():
        sql = sql.replace(f"%({name})s", repr(value))
    corners = " OR ".join(
        f"{POINT} <@ box(point({b.west!r}, {b.south!r}), point({b.east!r}, {b.north!r}))"
        for b in boxes(Point(**values), given["miles"])
    )
    distance = RawSQL(sql, [], output_field=FloatField())
    found = Listing.objects.extra(where=[f"({corners})"]).annotate(distance=distance)
    return found.filter(distance__lte=given["miles"]).order_by("distance", "pk")


def listings(shape: str, given: dict) -> QuerySet:
    """Give what a set of the mix asks for."""
    if shape in ("text3", "text_typo"):
        asked = SearchQuery(given["words"], config="mhg", search_type="websearch")
        found = Listing.objects.filter(text__words=asked)
        return found.annotate(rank=SearchRank(F("text__words"), asked)).order_by("-rank", "pk")
    if shape == "online_2h":
        return soon(given)
    found = near(given)
    if "day" in given:
        found = found.filter(weekday=given["day"])
    if "any" in given:
        found = found.filter(methadone_tier__in=POSITIVE)
    if "language" in given:
        found = found.filter(languages__contains=[given["language"]])
    if "slug" in given:
        found = found.filter(program=given["slug"], access__contains=[given["access"]])
    return found


def soon(given: dict) -> QuerySet:
    """Give the online meetings of the next minutes, zone by zone."""
    starts = Q()
    for name, minutes in zones():
        first = (given["minute"] + minutes) % WEEK
        starts |= Q(timezone=name, week_minute__range=(first, first + given["within"]))
        starts |= Q(timezone=name, week_minute__lte=first + given["within"] - WEEK)
    found = Listing.objects.filter(starts, format__in=["online", "hybrid"])
    return found.order_by("week_minute", "pk")


def zones() -> list[tuple[str, int]]:
    """Give every zone and its minutes east, as laid out beside the floor."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, minutes FROM speed.zone")
        return cursor.fetchall()


@api_view(["GET"])
def answer(request: HttpRequest, shape: str) -> Response:
    """Answer a page of listings with its count."""
    given = read(request.META["QUERY_STRING"])
    found = listings(shape, given)
    begins = int(given.get("api_depth", 0))
    page = found.select_related("text").defer(*UNSHOWN)[begins : begins + PAGE]
    rows = ListingSerializer(page, many=True).data
    return Response({"count": found.count(), "results": rows})


@api_view(["GET"])
def facets(request: HttpRequest, shape: str) -> Response:
    """Count the codes of what is near, or of everything."""
    found = near(read(request.META["QUERY_STRING"])) if shape == "facets25" else Listing.objects
    return Response({name: counted(found, name) for name in ("program", "format", *_LISTS)})


_LISTS = ("focus", "access", "languages")


def counted(found: QuerySet, name: str) -> list[dict]:
    """Count one column's codes."""
    code = Func(F(name), function="unnest") if name in _LISTS else F(name)
    # Grouped by the code alone: an order would be part of the group.
    rows = found.order_by().annotate(code=code).values("code").annotate(count=Count("pk"))
    return [dict(row) for row in rows.values("code", "count")]


@api_view(["GET"])
def within_box(request: HttpRequest, shape: str) -> Response:
    """Give the points of a part of the map."""
    corners = BOX.split("<@")[1].split("LIMIT")[0]
    for name, value in read(request.META["QUERY_STRING"]).items():
        corners = corners.replace(f"%({name})s", repr(value))
    found = Listing.objects.extra(where=[f"{POINT} <@ {corners}"])[:5000]
    rows = PointSerializer(found, many=True).data
    return Response({"count": len(rows), "results": rows})


def alive(_request: HttpRequest) -> JsonResponse:
    """Say that the server is there."""
    return JsonResponse({})


urlpatterns = [
    path("livez", alive),
    *(path(name, facets, {"shape": name}) for name in ("facets25", "totals")),
    path("bbox5k", within_box, {"shape": "bbox5k"}),
    path("<slug:shape>", answer),
]
