"""The search page: the form posts, and what is sensitive never enters an address."""

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.utils import timezone
from django.utils.cache import add_never_cache_headers, patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from finder.requests import same_origin_post
from finder.search.facet_counts import counts_under
from finder.search.params import telling
from finder.views.answer import answer
from finder.views.question import Question, read_question
from finder.views.steps import search_address
from finder.views.understood import understood

EVERYTHING = {"sort": ["next_start"]}


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def search(request: HttpRequest) -> HttpResponse:
    """Answer a sensitive search in place; send any other to its shareable address."""
    is_post = request.method == "POST"
    question = read_question(request.POST if is_post else request.GET, now=timezone.now())
    if is_post and question.is_empty:
        return _see_other(EVERYTHING)
    if question.search is None:
        status = 200 if question.is_empty else 400
        context = {"form": question.form}
        return _private(render(request, "finder/search.html", context, status=status), question)
    if not is_post and question.is_sensitive:
        return _warned(request, question)
    if is_post and not question.is_sensitive:
        return _see_other(dict(question.params.lists()))
    page = answer(question.search)
    question.form.tell_counts(counts_under(question.search))
    kept = page.link[page.link.find("?") :] if page.link else ""
    context = {"form": question.form, "page": page, "said": understood(question)}
    context["kept_query"] = kept
    return _private(render(request, "finder/search.html", context), question)


def _see_other(params: dict) -> HttpResponse:
    response = HttpResponseRedirect(search_address(params))
    response.status_code = 303
    return response


def _warned(request: HttpRequest, question: Question) -> HttpResponse:
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
    return _private(
        render(request, "finder/search.html", {"form": form, "warning": warning}), question
    )


def _private(response: HttpResponse, question: Question) -> HttpResponse:
    """Ask browsers and caches to keep nothing of a sensitive search."""
    if question.is_sensitive:
        add_never_cache_headers(response)
        patch_cache_control(response, no_store=True)
    return response
