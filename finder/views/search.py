"""The search page: the form posts, and what is sensitive never enters an address."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from finder.requests import kept_page, same_origin_post
from finder.search.facet_counts import counts_under
from finder.search.params import telling
from finder.views.answer import answer
from finder.views.carried import Carried, carrying, take_carried
from finder.views.question import Question, read_question
from finder.views.steps import search_address
from finder.views.understood import understood

EVERYTHING = QueryDict("sort=next_start")


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def search(request: HttpRequest) -> HttpResponse:
    """Answer a sensitive search in place; send any other to its shareable address."""
    if request.method != "POST" and not request.GET:
        return _start(request)
    is_post = request.method == "POST"
    carried, asked = take_carried(request.POST if is_post else request.GET)
    question = read_question(asked, now=timezone.now())
    if is_post and question.is_empty:
        question = read_question(EVERYTHING, now=timezone.now())
    if question.search is None:
        status = 200 if question.is_empty else 400
        return _shown(request, question, {"carried": carried}, status=status)
    if not is_post and question.is_sensitive:
        return _warned(request, question, carried)
    if is_post and not question.is_sensitive and not _is_in_place(request):
        return _see_other(question, carried)
    page = answer(carrying(question.search, carried), carried)
    # Before the counts are told: what is asked about is named as it is.
    said = understood(question)
    question.form.tell_counts(counts_under(question.search))
    kept = page.link[page.link.find("?") :] if page.link else ""
    context = {"page": page, "said": said, "carried": carried, "kept_query": kept}
    response = _shown(request, question, context)
    if is_post and not question.is_sensitive:
        response["HX-Push-Url"] = _address(question, carried)
    return response


@kept_page
def _start(request: HttpRequest) -> HttpResponse:
    """The plain start page, which is the same until the directory changes."""
    question = read_question(QueryDict(), now=timezone.now())
    return _shown(request, question, {"carried": Carried()})


def _is_in_place(request: HttpRequest) -> bool:
    """Say whether a script on the page asked, and will put the answer into it.

    Only posts are answered so: what an address gives is always the whole page.
    """
    return request.method == "POST" and request.headers.get("HX-Request") == "true"


def _address(question: Question, carried: Carried) -> str:
    return search_address({**dict(question.params.lists()), **carried.params})


def _see_other(question: Question, carried: Carried) -> HttpResponse:
    response = HttpResponseRedirect(_address(question, carried))
    response.status_code = 303
    return response


def _warned(request: HttpRequest, question: Question, carried: Carried) -> HttpResponse:
    """Show the form again, without what should not have been in the address."""
    kept = question.params.copy()
    for name in (*telling(dict(kept.lists())), "acceptance", "sort", "cursor"):
        kept.pop(name, None)
    if question.search.near and question.search.near.is_exact:
        kept.pop("near", None)
    if question.box.is_sensitive:
        kept.pop("q", None)
    form = read_question(kept, now=timezone.now()).form
    warning = _(
        "A medication or an exact location should not be in a web address, where others may see "
        "it. Choose it here instead and press Search: then it stays out of the history."
    )
    context = {"form": form, "warning": warning, "carried": carried}
    return _shown(request, question, context)


def _shown(
    request: HttpRequest, question: Question, context: dict, *, status: int = 200
) -> HttpResponse:
    """Show the page, or its part; ask browsers and caches to keep nothing of what is sensitive."""
    template = "finder/search_body.html" if _is_in_place(request) else "finder/search.html"
    context = {"form": question.form, "tiles": settings.MAP_TILES_URL, **context}
    context["tiles_credit"] = settings.MAP_TILES_CREDIT
    response = render(request, template, context, status=status)
    if question.is_sensitive:
        add_never_cache_headers(response)
        patch_cache_control(response, no_store=True)
    return response
