"""From what a person asked to a Search: checks between parameters, the sentence and the chips."""

from collections.abc import Container, Iterator, Mapping
from dataclasses import replace
from datetime import datetime
from functools import cache

import django_filters
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finder.models import Listing
from finder.search import cursor as cursors
from finder.search import phrases
from finder.search.fields import shorten
from finder.search.moments import narrowed
from finder.search.parameters import FILTERS, POSITIVE, ListingFilter
from finder.search.params import SORT_NEEDS, Params, tells, without
from finder.search.reading import names_medication
from finder.search.values import DEFAULT_MILES, DEFAULT_PAGE_SIZE, Chip, Cursor, Origin, Search
from finder.vocab import POSITIVE_LABELS, Format, Medication, Weekday

_PAGING = ("cursor", "page_size")
_EMPTY = (None, "", [])
_OTHER_PAGE = gettext_lazy("That page does not belong to this search. Search again.")


def refusals(data, values: Mapping, errors: Container[str]) -> Iterator[tuple[str, str]]:
    """Yield (parameter, sentence) for what no parameter sees alone."""
    for name, field in FILTERS.items():
        if name in data and not field.is_list and len(_given(data, name)) > 1:
            yield name, _("Give this once.")

    def lacks(name: str) -> bool:
        return values.get(name) in _EMPTY and name not in errors

    # A page posts its distance even when no place was typed; anybody else meant something.
    if values.get("within") and lacks("near") and "near" not in data:
        yield "within", _("Give a place too: within is counted from it.")
    if values.get("acceptance") and lacks("medication"):
        yield "acceptance", _("Choose a medication first: acceptance differs for each.")
    needed = SORT_NEEDS.get(values.get("sort", ""))
    if needed and lacks(needed):
        sentences = {
            "near": _("Give a place to order by distance."),
            "medication": _("Choose a medication to order by acceptance."),
            "q": _("Give words to order by how well they match."),
        }
        yield "sort", sentences[needed]


def _given(data, name: str) -> list[str]:
    given = data.getlist(name) if hasattr(data, "getlist") else [data[name]]
    return [value for value in given if value != ""]


def unknown(data) -> dict[str, str]:
    """Return a sentence for each parameter that there is not, the first few of them."""
    names = sorted(name for name in data if name not in FILTERS)
    words = _("There is no parameter “%(name)s”.")
    return {name: words % {"name": shorten(name)} for name in names[:5]}


def read_cursor(values: Mapping) -> tuple[datetime, Cursor]:
    """Read the cursor of a search without errors; raises CursorError if it is another's."""
    mine = fingerprint(values)
    return cursors.decode(values["cursor"], belongs_to=mine, sort=order(values))


def fingerprint(values: Mapping) -> str:
    """Name what was asked, whatever page of it."""
    asked = {n: v for n, v in values.items() if v not in _EMPTY and n not in _PAGING}
    return cursors.fingerprint(asked)


def order(values: Mapping) -> str:
    """Return the order asked for; else acceptance, nearest, best match or soonest, as fits."""
    if values["sort"]:
        return values["sort"]
    if values["medication"]:
        return "acceptance"
    if values["near"] and (not values["format"] or Format.IN_PERSON in values["format"]):
        return "distance"
    return "relevance" if values["q"] else "next_start"


class SearchForm(forms.Form):
    """Checks that no parameter sees alone; each failure is a sentence, none is dropped."""

    def clean(self) -> dict:
        for sentence in unknown(self.data).values():
            self.add_error(None, sentence)
        for name, sentence in refusals(self.data, self.cleaned_data, self.errors):
            if name not in self.errors:
                self.add_error(name, sentence)
        if self.cleaned_data.get("cursor") and not self.errors:
            try:
                self.cleaned_data["cursor"] = read_cursor(self.cleaned_data)
            except cursors.CursorError:
                self.add_error("cursor", _OTHER_PAGE)
        return self.cleaned_data


class ListingFilterSet(django_filters.FilterSet):
    """Validates the parameters of a search, for a page and its form."""

    class Meta:
        model = Listing
        fields: list[str] = []
        form = SearchForm

    def __init__(self, *args, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        for each in self.filters.values():
            # All sets share the filters, and none may keep what another was asked.
            each.parent = None

    def get_form_class(self) -> type[SearchForm]:
        return _form_class()

    @classmethod
    def get_filters(cls) -> dict[str, ListingFilter]:
        # "from" is a parameter, and no name for a class attribute.
        return dict(FILTERS)

    def search(self, *, now: datetime) -> Search:
        """Return the search that was asked for, in words too; only a valid set has one."""
        if not self.is_valid():
            raise ValueError("A search with errors cannot be run.")
        values = self.form.cleaned_data
        found = search_of(values, now=now)
        return replace(found, sentence=sentence(values), chips=tuple(chips(values, found.params)))


class Refused(ValueError):
    """Parameters that cannot be understood, with the sentences for each."""

    def __init__(self, errors: dict[str, list[str]]) -> None:
        self.errors = errors
        super().__init__(next(iter(errors.values()))[0])


def read_search(data: QueryDict, *, now: datetime) -> Search:
    """Read a search as the form does, without making one: for programs, which see no form.

    It has no sentence and no chips; raises Refused with every sentence.
    """
    values, errors = dict(_absent()), {}
    for name, given in data.lists():
        if name not in FILTERS:
            continue
        filter_ = FILTERS[name]
        try:
            values[name] = filter_.field.clean(given if filter_.is_list else given[-1])
        except ValidationError as error:
            errors[name] = list(error.messages)
            del values[name]
    errors |= {name: [sentence] for name, sentence in unknown(data).items()}
    for name, sentence in refusals(data, values, errors):
        errors.setdefault(name, [sentence])
    if values.get("cursor") and not errors:
        try:
            values["cursor"] = read_cursor(values)
        except cursors.CursorError:
            errors["cursor"] = [str(_OTHER_PAGE)]
    if errors:
        raise Refused(errors)
    return search_of(values, now=now)


@cache
def _absent() -> dict:
    """Return the value of each parameter that is not given."""
    return {name: filter_.field.clean(None) for name, filter_ in FILTERS.items()}


def search_of(values: Mapping, *, now: datetime) -> Search:
    """Return the search of checked values, with neither sentence nor chips."""
    now, cursor = values["cursor"] or (now, None)
    near = values["near"]
    search = Search(
        now=now,
        tz=values["tz"] or (near.zone if near else settings.DEFAULT_VIEWER_ZONE),
        params=_params(values),
        near=near,
        within=(values["within"] or DEFAULT_MILES) if near else None,
        days=tuple(sorted(Weekday.from_code(code).value for code in values["day"])),
        from_minute=values["from"],
        to_minute=values["to"],
        starts_within=values["starts_within"],
        formats=tuple(map(str, values["format"])),
        programs=tuple(map(str, values["program"])),
        models=tuple(map(str, values["model"])),
        focus=tuple(map(str, values["focus"])),
        languages=tuple(map(str, values["language"])),
        access=tuple(map(str, values["access"])),
        medication=values["medication"],
        acceptance=_labels(values["acceptance"]),
        words=values["q"],
        sort=order(values),
        weighs_freshness=not values["sort"] or values["sort"] == "relevance",
        explains=bool(values["explain"]),
        page_size=values["page_size"] or DEFAULT_PAGE_SIZE,
        cursor=cursor,
        fingerprint=fingerprint(values),
    )
    return narrowed(search, values["when"]) if values["when"] else search


@cache
def _form_class() -> type[SearchForm]:
    """Make the form once: its fields are copied for each search."""
    fields = {name: field.field for name, field in FILTERS.items()}
    return type("ListingForm", (SearchForm,), fields)


def _labels(codes: list[str]) -> tuple[str, ...]:
    labels = [str(code) for code in codes if code != POSITIVE]
    if POSITIVE in codes:
        labels += [label.value for label in POSITIVE_LABELS]
    return tuple(dict.fromkeys(labels))


def _params(values: dict) -> Params:
    """Return what was asked as it stands in an address, each value in one spelling."""
    params = {}
    for name, value in values.items():
        if value in _EMPTY or name == "cursor" or (name == "within" and not values["near"]):
            continue
        params[name] = [*map(str, value)] if isinstance(value, list) else [_spelled(name, value)]
    return params


def _spelled(name: str, value) -> str:
    if isinstance(value, Origin):
        return value.label
    if name in ("from", "to"):
        return f"{value // 60:02d}:{value % 60:02d}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def sentence(values: dict) -> str:
    """Say the whole search in one sentence."""
    said = [_where(values), _when(values), _acceptance(values)]
    said += [
        field.phrase(values[name])
        for name, field in FILTERS.items()
        if field.phrase and name != "acceptance" and values[name] not in _EMPTY
    ]
    conditions = ", ".join(filter(None, said))
    if not conditions:
        return _("All meetings.")
    # "9 p.m." already ends a sentence.
    return _("Meetings %(conditions)s.") % {"conditions": conditions.removesuffix(".")}


def _where(values: dict) -> str:
    if not values["near"]:
        return ""
    return _("within %(miles)s of %(place)s") % {
        "miles": phrases.miles(values["within"] or DEFAULT_MILES),
        "place": values["near"].label,
    }


def _when(values: dict) -> str:
    begins, ends = values["from"], values["to"]
    if begins is not None and ends is not None:
        return _("from %(start)s to %(end)s") % {
            "start": phrases.clock(begins),
            "end": phrases.clock(ends),
        }
    if begins is not None:
        return _("from %(time)s") % {"time": phrases.clock(begins)}
    return "" if ends is None else _("until %(time)s") % {"time": phrases.clock(ends)}


def _acceptance(values: dict) -> str:
    if not values["medication"]:
        return ""
    medication = Medication(values["medication"]).label
    if not values["acceptance"]:
        return _("with what is known of %(medication)s") % {"medication": medication}
    return _("with acceptance of %(medication)s: %(labels)s") % {
        "medication": medication,
        "labels": FILTERS["acceptance"].phrase(values["acceptance"]),
    }


def chips(values: dict, params: Params) -> Iterator[Chip]:
    """Yield a chip for each condition, with the same search without it."""
    for name, field in FILTERS.items():
        value = values[name]
        if value in _EMPTY or name in _PAGING or not (field.label_of or field.phrase):
            continue
        if name not in params:
            continue
        near = values["near"]
        exact = name == "near" and near.is_exact
        sensitive = exact or (name == "q" and names_medication(value))
        for one in value if field.is_list else [value]:
            rest = without(params, name, value=one if field.is_list else None)
            told = sensitive or tells(name, str(one))
            yield Chip(name, (field.label_of or field.phrase)(one), told, rest)
