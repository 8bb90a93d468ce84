"""Reads what a person asked of the search page; what it means is decided in finder.search."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _

from finder import schedule
from finder.forms import WHEN, SearchForm, listed
from finder.geo import looks_like_point
from finder.models import Program
from finder.requests import without_tracking
from finder.search import Chip, ListingFilterSet, Search
from finder.search.params import SENSITIVE
from finder.search.reading import names_medication

SOON_MINUTES = 120


@dataclass(frozen=True)
class Question:
    """The form as filled in, and the search it makes; no search when something was wrong."""

    form: SearchForm
    params: QueryDict
    search: Search | None

    @property
    def is_empty(self) -> bool:
        return not self.params

    @property
    def is_sensitive(self) -> bool:
        """Say whether it must stay out of an address, as far as can be told."""
        named = any(name in self.params for name in SENSITIVE)
        named = named or any(names_medication(text) for text in self.params.getlist("q"))
        return named or any(looks_like_point(text) for text in self.params.getlist("near"))


def read_question(query: QueryDict, *, now: datetime) -> Question:
    """Read the page's own words ("tonight") and hand the rest to the filter set."""
    params = _tidy(query)
    form = SearchForm(listed(params) if params else None, programs=_programs())
    if not params:
        return Question(form, params, None)
    asked = params.copy()
    when = asked.pop("when", [""])[-1]
    filterset = ListingFilterSet(asked)
    errors = dict(filterset.errors)
    if when not in dict(WHEN):
        errors["when"] = [_("Choose one of the times in the list.")]
    if errors:
        for name, messages in errors.items():
            form.add_error(name if name in form.fields else None, list(messages))
        return Question(form, params, None)
    search = filterset.search(now=now)
    return Question(form, params, at_time(search, when) if when else search)


def at_time(search: Search, when: str) -> Search:
    """Narrow a search to "soon", "today", "tonight" or "tomorrow" where the viewer is."""
    words = str(dict(WHEN)[when])
    chip = Chip(parameter="when", label=words, is_sensitive=False, without=dict(search.params))
    chips = [replace(c, without={**c.without, "when": [when]}) for c in search.chips]
    return replace(
        search,
        **window(when, search.now, search.tz),
        params={**search.params, "when": [when]},
        sentence=_("%(sentence)s, %(when)s.")
        % {"sentence": search.sentence.rstrip("."), "when": words[:1].lower() + words[1:]},
        chips=(*chips, chip),
    )


def window(when: str, now: datetime, zone: str) -> dict:
    """Turn a word for a time into the fields of a search, on the viewer's clock.

    >>> from datetime import UTC
    >>> window("tonight", datetime(2026, 11, 24, 17, tzinfo=UTC), "America/New_York")
    {'starts_within': 960, 'from_minute': 1020, 'to_minute': 240}
    >>> window("tonight", datetime(2026, 11, 25, 1, tzinfo=UTC), "America/New_York")
    {'starts_within': 480}
    """
    local = now.astimezone(ZoneInfo(zone))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    match when:
        case "soon":
            return {"starts_within": SOON_MINUTES}
        case "today":
            return {"starts_within": _minutes(midnight + timedelta(days=1), now)}
        case "tomorrow":
            tomorrow = midnight + timedelta(days=1)
            ends = _minutes(tomorrow + timedelta(days=1), now)
            return {"days": (tomorrow.weekday(),), "starts_within": ends}
        case "tonight":
            begins, ends = schedule.tonight(now, zone)
            fields = {"starts_within": _minutes(ends, now)}
            if begins <= now:
                return fields
            return fields | {
                "from_minute": schedule.EVENING_BEGINS.hour * 60,
                "to_minute": schedule.NIGHT_ENDS.hour * 60,
            }
    raise ValueError(when)


def _minutes(until: datetime, now: datetime) -> int:
    # Wall-clock arithmetic in one zone would forget a change of clocks; instants do not.
    return max(int((until.timestamp() - now.timestamp()) // 60), 0)


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


def _programs() -> list[tuple[str, str]]:
    return list(Program.objects.listed().values_list("slug", "name"))
