"""The read API: meetings by search, groups, programs and the codes; nothing is written here."""

import orjson
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.urls import reverse
from drf_spectacular.utils import extend_schema

from finder.api import box as boxes
from finder.api import serializers as shapes
from finder.api.base import FACET_SECONDS, PublicView, answer, json_answer, keep
from finder.api.pages import read_page
from finder.api.rows import group_row, program_row
from finder.api.schema import MISSING, REFUSED, only, search_parameters
from finder.models import Group, Listing, Meeting, Program, not_joined
from finder.schedule import next_start
from finder.search import Search, query
from finder.search.document import public_row, schedule_of
from finder.search.facets import facets
from finder.search.relaxing import Relaxed, relaxed


class MeetingList(PublicView):
    """Meetings that fit a search."""

    @extend_schema(
        operation_id="meetings_list",
        parameters=[boxes.PARAMETER, *search_parameters()],
        responses={200: shapes.MeetingPage} | REFUSED,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """Find meetings by place, time, program, focus, access, language and acceptance."""
        params, box = boxes.unpacked(request.GET)
        search = self.read_search(params)
        results = query(search)
        around = {
            "count": results.count,
            "next": _page_address(request, results.next_cursor),
            "previous": _page_address(request, results.previous_cursor),
            "notices": results.notices,
        }
        if box:
            around["read"] = boxes.told(box)
        if not results.count:
            around["instead"] = [_instead(less) for less in relaxed(search)]
        is_sensitive = search.is_sensitive or (box is not None and box.is_sensitive)
        return keep(json_answer(_joined(around, results.texts)), is_sensitive=is_sensitive)


def _joined(around: dict, rows: list[str]) -> str:
    """Put rows that are JSON already into the answer, as text."""
    head = orjson.dumps(around).decode()
    return f'{head[:-1]},"results":[{",".join(rows)}]}}'


def _instead(less: Relaxed) -> dict:
    return {"without": less.dropped, "with": dict(less.instead), "count": less.count}


def _page_address(request: HttpRequest, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    params = request.GET.copy()
    params["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")


class MeetingDetail(PublicView):
    """One meeting that can be found."""

    @extend_schema(
        operation_id="meetings_retrieve",
        parameters=only("tz"),
        responses={200: shapes.MeetingShape, 302: None} | REFUSED | MISSING,
    )
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return one meeting by its id; one that is listed twice leads to the one that stayed."""
        search = self.read_search(request.GET, allowed=("tz",))
        if listing := Listing.objects.filter(pk=pk).first():
            return answer(_row(listing, search))
        joined = get_object_or_404(Meeting.objects.exclude(not_joined()), pk=pk)
        return HttpResponseRedirect(reverse("api:meeting", args=[joined.merged_into_id]))


def _row(listing: Listing, search: Search) -> dict:
    at = next_start(schedule_of(listing), search.now)
    return public_row(listing.text.document, at=at, zone=search.tz, distance=None)


def _groups() -> QuerySet:
    listed = Group.objects.listed().filter(program__is_listed=True)
    return listed.select_related("program").prefetch_related("assessments")


class GroupList(PublicView):
    """Groups, in the order of their ids."""

    @extend_schema(
        operation_id="groups_list",
        parameters=only("program", "page_size", "cursor"),
        responses={200: shapes.GroupPage} | REFUSED,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """List groups, all or of some programs."""
        page = read_page(request.GET, more=("program",))
        groups = _groups()
        if page.programs:
            groups = groups.filter(program__slug__in=page.programs)
        rows, before, after = page.of(groups)
        data = {
            "count": groups.count(),
            "next": _page_address(request, after),
            "previous": _page_address(request, before),
            "results": [group_row(group) for group in rows],
            "notices": [],
        }
        return answer(data)


class GroupDetail(PublicView):
    """One group with its meetings."""

    @extend_schema(
        operation_id="groups_retrieve",
        parameters=only("tz"),
        responses={200: shapes.GroupDetailShape, 302: None} | REFUSED | MISSING,
    )
    def get(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Return one group by its id; the id of a merged group leads to the one that stayed."""
        search = self.read_search(request.GET, allowed=("tz",))
        merged = Group.objects.filter(pk=pk, merged_into__isnull=False).first()
        if merged:
            address = reverse("api:group", args=[merged.merged_into_id])
            # Not for good: a merge may be undone.
            return HttpResponseRedirect(address)
        group = get_object_or_404(_groups(), pk=pk)
        listings = Listing.objects.filter(group_id=pk).with_document().order_by("pk")
        meetings = [_row(listing, search) for listing in listings]
        return answer(group_row(group) | {"meetings": meetings})


def _programs() -> QuerySet:
    meetings = Listing.objects.filter(program=OuterRef("slug")).order_by().values("program")
    counted = meetings.annotate(n=Count("pk")).values("n")
    return Program.objects.listed().annotate(meetings=Coalesce(Subquery(counted), 0))


class ProgramList(PublicView):
    """The catalogue of programs."""

    seconds = FACET_SECONDS

    @extend_schema(operation_id="programs_list", responses={200: shapes.ProgramPage} | REFUSED)
    def get(self, request: HttpRequest) -> HttpResponse:
        """List every program."""
        read_page(request.GET, more=(), has_pages=False)
        rows = [program_row(program) for program in _programs()]
        data = {"count": len(rows), "next": None, "previous": None, "results": rows, "notices": []}
        return answer(data)


class ProgramDetail(PublicView):
    """One program."""

    @extend_schema(
        operation_id="programs_retrieve",
        responses={200: shapes.ProgramShape} | REFUSED | MISSING,
    )
    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        """Return one program by its slug."""
        read_page(request.GET, more=(), has_pages=False)
        return answer(program_row(get_object_or_404(_programs(), slug=slug)))


class FacetList(PublicView):
    """The codes of every list parameter."""

    @extend_schema(
        operation_id="facets_list",
        parameters=search_parameters(),
        responses={200: shapes.FacetsShape} | REFUSED,
    )
    def get(self, request: HttpRequest) -> HttpResponse:
        """List the codes and their labels, and how many meetings each would find.

        With parameters of a search each code is counted beside all the others of them.
        """
        if not request.GET:
            return answer(facets(known_version=self.mark.version))
        search = self.read_search(request.GET)
        return answer(facets(search), is_sensitive=search.is_sensitive)
