"""What the map of the search page shows: clusters, places with their meetings, names of cities."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.views.decorators.http import require_POST

from finder.presenters.maps import drawn
from finder.requests import same_origin_post
from finder.search.mapping import ViewError, on_map, read_view
from finder.search.towns import towns_in
from finder.views.carried import take_carried
from finder.views.question import read_question


@require_POST
@same_origin_post
def search_map(request: HttpRequest) -> HttpResponse:
    """Answer a search for one part of a map.

    Posted, whatever it asks: an address would tell of the medication, and where somebody looks.
    """
    _carried, asked = take_carried(request.POST)
    bbox, zoom = (asked.pop(name, [""])[-1] for name in ("bbox", "zoom"))
    try:
        view = read_view(bbox, zoom)
    except ViewError as error:
        return _kept_nowhere({"detail": str(error)}, status=400)
    question = read_question(asked, now=timezone.now())
    if question.search is None and not question.is_empty:
        return _kept_nowhere({"detail": question.form.errors}, status=400)
    search = question.search or read_question(_everything(asked), now=timezone.now()).search
    towns = towns_in(view.boxes)
    return _kept_nowhere(drawn(on_map(search, view), view, towns=towns, now=search.now))


def _everything(asked):
    asked = asked.copy()
    asked["sort"] = "next_start"
    return asked


def _kept_nowhere(told: dict, *, status: int = 200) -> HttpResponse:
    response = JsonResponse(told, status=status)
    add_never_cache_headers(response)
    patch_cache_control(response, no_store=True)
    return response
