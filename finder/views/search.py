"""The search page; what a search means lives in finder.search."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from finder.requests import same_origin_post


@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def search(request: HttpRequest) -> HttpResponse:
    return render(request, "finder/search.html")
