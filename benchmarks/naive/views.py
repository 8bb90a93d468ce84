"""A read-only viewset with nested serializers, and two views that count."""

from collections import Counter

from django.db.models import Count
from django.http import JsonResponse
from django.urls import include, path
from rest_framework import serializers, viewsets
from rest_framework.decorators import api_view
from rest_framework.response import Response
from rest_framework.routers import SimpleRouter

from benchmarks.naive.filters import MeetingFilter
from benchmarks.naive.models import Group, Location, Meeting, Program, Tag


class ProgramSerializer(serializers.ModelSerializer):
    """A program in one line."""

    class Meta:
        model = Program
        fields = ["slug", "name"]


class GroupSerializer(serializers.ModelSerializer):
    """A group with its program."""

    program = ProgramSerializer()

    class Meta:
        model = Group
        fields = ["id", "name", "program"]


class LocationSerializer(serializers.ModelSerializer):
    """A place."""

    class Meta:
        model = Location
        fields = "__all__"


class TagSerializer(serializers.ModelSerializer):
    """A tag."""

    class Meta:
        model = Tag
        fields = ["kind", "code"]


class MeetingSerializer(serializers.ModelSerializer):
    """A meeting with all that belongs to it."""

    group = GroupSerializer()
    location = LocationSerializer()
    tags = TagSerializer(many=True)
    distance = serializers.FloatField(default=None)

    class Meta:
        model = Meeting
        fields = "__all__"


class MeetingViewSet(viewsets.ReadOnlyModelViewSet):
    """Meetings by filters and words."""

    queryset = (
        Meeting.objects.select_related("group__program", "location")
        .prefetch_related("tags")
        .order_by("id")
    )
    serializer_class = MeetingSerializer
    filterset_class = MeetingFilter
    search_fields = ["name", "group__name", "group__program__name", "location__name"]
    search_fields += ["location__city", "notes", "tags__code"]


@api_view(["GET"])
def facets(request) -> Response:
    """Count the codes of what a search finds."""
    counts: dict[str, Counter] = {}
    found = MeetingFilter(request.query_params, MeetingViewSet.queryset.all()).qs
    for meeting in found:
        counts.setdefault("program", Counter())[meeting.group.program.slug] += 1
        counts.setdefault("day", Counter())[meeting.weekday] += 1
        counts.setdefault("format", Counter())[meeting.format] += 1
        for tag in meeting.tags.all():
            counts.setdefault(tag.kind, Counter())[tag.code] += 1
    return Response(
        {
            kind: [{"code": code, "count": count} for code, count in codes.items()]
            for kind, codes in counts.items()
        }
    )


@api_view(["GET"])
def totals(_request) -> Response:
    """Count the codes of everything."""
    programs = Meeting.objects.values("group__program__slug").annotate(count=Count("id"))
    tags = Tag.objects.annotate(count=Count("meeting"))
    return Response(
        {
            "program": [{"code": p["group__program__slug"], "count": p["count"]} for p in programs],
            "tags": [{"kind": t.kind, "code": t.code, "count": t.count} for t in tags],
        }
    )


@api_view(["GET"])
def within_box(request) -> Response:
    """Give every meeting of a part of the map, whole."""
    sides = {name: float(request.query_params[name]) for name in ("west", "south", "east", "north")}
    found = MeetingViewSet.queryset.filter(
        location__latitude__range=(sides["south"], sides["north"]),
        location__longitude__range=(sides["west"], sides["east"]),
    )[:5000]
    rows = MeetingSerializer(found, many=True).data
    return Response({"count": len(rows), "results": rows})


def alive(_request) -> JsonResponse:
    """Say that the server is there."""
    return JsonResponse({})


router = SimpleRouter()
router.register("meetings", MeetingViewSet)
urlpatterns = [
    path("livez", alive),
    path("facets/", facets),
    path("totals/", totals),
    path("map/", within_box),
    path("", include(router.urls)),
]
