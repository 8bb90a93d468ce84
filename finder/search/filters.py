"""From what a person asked to a Search: checks between parameters, the sentence and the chips."""

from collections.abc import Iterator
from datetime import datetime
from functools import cache

import django_filters
from django import forms
from django.conf import settings
from django.utils.translation import gettext as _

from finder.models import Listing
from finder.search import cursor as cursors
from finder.search import phrases
from finder.search.fields import shorten
from finder.search.moments import narrowed
from finder.search.parameters import FILTERS, POSITIVE, ListingFilter
from finder.search.params import SORT_NEEDS, Params, tells, without
from finder.search.reading import names_medication
from finder.search.values import DEFAULT_MILES, DEFAULT_PAGE_SIZE, Chip, Origin, Search
from finder.vocab import POSITIVE_LABELS, Format, Medication, Weekday

_PAGING = ("cursor", "page_size")
_EMPTY = (None, "", [])


class SearchForm(forms.Form):
    """Checks that no parameter sees alone; each failure is a sentence, none is dropped."""

    def clean(self) -> dict:
        self.unknown_names = sorted(name for name in self.data if name not in self.fields)
        for name in self.unknown_names[:5]:
            self.add_error(None, _("There is no parameter “%(name)s”.") % {"name": shorten(name)})
        for name, field in FILTERS.items():
            if not field.is_list and len(_given(self.data, name)) > 1:
                self._refuse(name, _("Give this once."))
        self._check_needs()
        self._check_cursor()
        return self.cleaned_data

    def _check_needs(self) -> None:
        values = self.cleaned_data
        # A page posts its distance even when no place was typed; anybody else meant something.
        if self._lacks("near") and values.get("within") and "near" not in self.data:
            self._refuse("within", _("Give a place too: within is counted from it."))
        if self._lacks("medication") and values.get("acceptance"):
            self._refuse("acceptance", _("Choose a medication first: acceptance differs for each."))
        needed = SORT_NEEDS.get(values.get("sort", ""))
        if needed and self._lacks(needed):
            sentences = {
                "near": _("Give a place to order by distance."),
                "medication": _("Choose a medication to order by acceptance."),
                "q": _("Give words to order by how well they match."),
            }
            self._refuse("sort", sentences[needed])

    def _check_cursor(self) -> None:
        text = self.cleaned_data.get("cursor")
        if not text or self.errors:
            return
        try:
            read = cursors.decode(text, belongs_to=self.fingerprint(), sort=self.order())
        except cursors.CursorError:
            self._refuse("cursor", _("That page does not belong to this search. Search again."))
        else:
            self.cleaned_data["cursor"] = read

    def fingerprint(self) -> str:
        """Name what was asked, whatever page of it."""
        asked = self.cleaned_data.items()
        return cursors.fingerprint({n: v for n, v in asked if v not in _EMPTY and n not in _PAGING})

    def order(self) -> str:
        """Return the order asked for; else acceptance, nearest, best match or soonest, as fits."""
        values = self.cleaned_data
        if values["sort"]:
            return values["sort"]
        if values["medication"]:
            return "acceptance"
        if values["near"] and (not values["format"] or Format.IN_PERSON in values["format"]):
            return "distance"
        return "relevance" if values["q"] else "next_start"

    def _lacks(self, name: str) -> bool:
        return self.cleaned_data.get(name) in _EMPTY and name not in self.errors

    def _refuse(self, name: str, sentence: str) -> None:
        if name not in self.errors:
            self.add_error(name, sentence)


def _given(data, name: str) -> list[str]:
    given = data.getlist(name) if hasattr(data, "getlist") else [data[name]] if name in data else []
    return [value for value in given if value != ""]


class ListingFilterSet(django_filters.FilterSet):
    """Validates the parameters of a search, for page, API and map alike."""

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
        """Return the search that was asked for; only a valid set has one."""
        if not self.is_valid():
            raise ValueError("A search with errors cannot be run.")
        values = self.form.cleaned_data
        now, cursor = values["cursor"] or (now, None)
        near = values["near"]
        params = _params(values)
        search = Search(
            now=now,
            tz=values["tz"] or (near.zone if near else settings.DEFAULT_VIEWER_ZONE),
            params=params,
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
            sort=self.form.order(),
            weighs_freshness=not values["sort"] or values["sort"] == "relevance",
            explains=bool(values["explain"]),
            page_size=values["page_size"] or DEFAULT_PAGE_SIZE,
            cursor=cursor,
            fingerprint=self.form.fingerprint(),
            sentence=sentence(values),
            chips=tuple(chips(values, params)),
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
