"""The read API: meetings by search, groups, programs and the codes; nothing is written here."""

from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpResponseRedirect, QueryDict
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from finder.api import box as boxes
from finder.api import serializers as shapes
from finder.api.base import FACET_SECONDS, PublicView, answer
from finder.api.errors import BadParameters
from finder.api.pages import read_page
from finder.api.rows import group_row, program_row
from finder.api.schema import MISSING, REFUSED, only, search_parameters
from finder.models import Group, Listing, Meeting, Program, not_joined
from finder.schedule import next_start
from finder.search import ListingFilterSet, Search, query
from finder.search.document import public_row, schedule_of
from finder.search.facets import facets
from finder.search.relaxing import Relaxed, relaxed


def read_search(params: QueryDict, *, allowed: tuple[str, ...] = ()) -> Search:
    """Return the search of the parameters; raises BadParameters with every sentence."""
    filterset = ListingFilterSet(params)
    form = filterset.form
    errors = {name: list(sentences) for name, sentences in filterset.errors.items()}
    general = errors.pop("__all__", [])
    errors |= dict(zip(form.unknown_names, ([s] for s in general), strict=False))
    if allowed and not errors:
        refused = [name for name in params if name not in allowed]
        errors = {name: ["This parameter is not for this address."] for name in refused}
    if errors:
        raise BadParameters(errors)
    return filterset.search(now=timezone.now())


class MeetingList(PublicView):
    """Meetings that fit a search."""

    @extend_schema(
        operation_id="meetings_list",
        parameters=[boxes.PARAMETER, *search_parameters()],
        responses={200: shapes.MeetingPage} | REFUSED,
    )
    def get(self, request: Request) -> Response:
        """Find meetings by place, time, program, focus, access, language and acceptance."""
        params, box = boxes.unpacked(request.query_params)
        search = read_search(params)
        results = query(search)
        data = {
            "count": results.count,
            "next": _page_address(request, results.next_cursor),
            "previous": _page_address(request, results.previous_cursor),
            "results": results.rows,
            "notices": results.notices,
        }
        if box:
            data["read"] = boxes.told(box)
        if not results.count:
            data["instead"] = [_instead(less) for less in relaxed(search)]
        is_sensitive = search.is_sensitive or (box is not None and box.is_sensitive)
        return answer(data, is_sensitive=is_sensitive)


def _instead(less: Relaxed) -> dict:
    return {"without": less.dropped, "with": dict(less.instead), "count": less.count}


def _page_address(request: Request, cursor: str | None) -> str | None:
    if cursor is None:
        return None
    params = request.query_params.copy()
    params["cursor"] = cursor
    return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")


class MeetingDetail(PublicView):
    """One meeting that can be found."""

    @extend_schema(
        operation_id="meetings_retrieve",
        parameters=only("tz"),
        responses={200: shapes.MeetingShape, 302: None} | REFUSED | MISSING,
    )
    def get(self, request: Request, pk: int) -> Response:
        """Return one meeting by its id; one that is listed twice leads to the one that stayed."""
        search = read_search(request.query_params, allowed=("tz",))
        if listing := Listing.objects.filter(pk=pk).first():
            return answer(_row(listing, search))
        joined = get_object_or_404(Meeting.objects.exclude(not_joined()), pk=pk)
        return HttpResponseRedirect(reverse("api:meeting", args=[joined.merged_into_id]))


def _row(listing: Listing, search: Search) -> dict:
    at = next_start(schedule_of(listing), search.now)
    return public_row(listing, at=at, zone=search.tz, distance=None)


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
    def get(self, request: Request) -> Response:
        """List groups, all or of some programs."""
        page = read_page(request.query_params, more=("program",))
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
    def get(self, request: Request, pk: int) -> Response:
        """Return one group by its id; the id of a merged group leads to the one that stayed."""
        search = read_search(request.query_params, allowed=("tz",))
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

    @extend_schema(operation_id="programs_list", responses={200: shapes.ProgramPage} | REFUSED)
    def get(self, request: Request) -> Response:
        """List every program."""
        read_page(request.query_params, more=(), has_pages=False)
        rows = [program_row(program) for program in _programs()]
        data = {"count": len(rows), "next": None, "previous": None, "results": rows, "notices": []}
        return answer(data, seconds=FACET_SECONDS)


class ProgramDetail(PublicView):
    """One program."""

    @extend_schema(
        operation_id="programs_retrieve",
        responses={200: shapes.ProgramShape} | REFUSED | MISSING,
    )
    def get(self, request: Request, slug: str) -> Response:
        """Return one program by its slug."""
        read_page(request.query_params, more=(), has_pages=False)
        return answer(program_row(get_object_or_404(_programs(), slug=slug)))


class FacetList(PublicView):
    """The codes of every list parameter."""

    @extend_schema(
        operation_id="facets_list",
        parameters=search_parameters(),
        responses={200: shapes.FacetsShape} | REFUSED,
    )
    def get(self, request: Request) -> Response:
        """List the codes and their labels, and how many meetings each would find.

        With parameters of a search each code is counted beside all the others of them.
        """
        if not request.query_params:
            return answer(facets(), seconds=FACET_SECONDS)
        search = read_search(request.query_params)
        return answer(facets(search), is_sensitive=search.is_sensitive)
