"""Reads what a person asked of the search page; what it means is decided in finder.search."""

from dataclasses import dataclass
from datetime import datetime

from django.http import QueryDict

from finder.forms import SearchForm, listed
from finder.geo import looks_like_point
from finder.models import Program
from finder.requests import without_tracking
from finder.search import ListingFilterSet, Search
from finder.search.box import Box, read_box
from finder.search.params import Params, telling
from finder.search.reading import names_medication


@dataclass(frozen=True)
class Question:
    """The form as filled in, and the search it makes; no search when something was wrong.

    ``params`` hold what was typed into the one box as the parameters it was read as.
    """

    form: SearchForm
    params: QueryDict
    search: Search | None
    box: Box

    @property
    def is_empty(self) -> bool:
        return not self.params

    @property
    def is_sensitive(self) -> bool:
        """Say whether it must stay out of an address, as far as can be told."""
        named = self.box.is_sensitive or bool(telling(dict(self.params.lists())))
        named = named or any(names_medication(text) for text in self.params.getlist("q"))
        return named or any(looks_like_point(text) for text in self.params.getlist("near"))


def read_question(query: QueryDict, *, now: datetime) -> Question:
    """Read the page's own words ("tonight") and hand the rest to the filter set."""
    params, programs = _tidy(query), _programs()
    box = read_box(dict(params.lists()), programs=programs)
    form = SearchForm(
        listed(_as_query(box.address)) if params else None, programs=_choices(programs)
    )
    if not params:
        return Question(form, params, None, box)
    params = _as_query(box.address)
    filterset = ListingFilterSet(_as_query(box.params))
    if filterset.errors:
        for name, messages in filterset.errors.items():
            form.add_error(name if name in form.fields else None, list(messages))
        return Question(form, params, None, box)
    return Question(form, params, filterset.search(now=now), box)


def _as_query(params: Params) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in params.items():
        query.setlist(name, list(values))
    return query


def _tidy(query: QueryDict) -> QueryDict:
    """Drop other sites' marks and fields left empty; a circle without a place says nothing."""
    params = without_tracking(query)
    for name in list(params):
        values = [value for value in params.getlist(name) if value.strip()]
        if values:
            params.setlist(name, values)
        else:
            del params[name]
    if "within" in params and "near" not in params:
        del params["within"]
    return params


def _programs() -> list[tuple[str, str, str]]:
    return list(Program.objects.listed().values_list("slug", "name", "short_name"))


def _choices(programs: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(slug, name) for slug, name, _short in programs]
