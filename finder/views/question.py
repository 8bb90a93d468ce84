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
from finder.search.box import Box, read_box
from finder.search.params import SENSITIVE, Params
from finder.search.reading import names_medication

SOON_MINUTES = 120
# Who walks in ten minutes late is still welcome; a little further on is not now any more.
LATE_MINUTES, NOW_MINUTES = 10, 60


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
        named = self.box.is_sensitive or any(name in self.params for name in SENSITIVE)
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
    asked = _as_query(box.params)
    when = asked.pop("when", [""])[-1]
    filterset = ListingFilterSet(asked)
    errors = dict(filterset.errors)
    if when not in dict(WHEN):
        errors["when"] = [_("Choose one of the times in the list.")]
    if errors:
        for name, messages in errors.items():
            form.add_error(name if name in form.fields else None, list(messages))
        return Question(form, params, None, box)
    search = filterset.search(now=now)
    return Question(form, params, at_time(search, when) if when else search, box)


def _as_query(params: Params) -> QueryDict:
    query = QueryDict(mutable=True)
    for name, values in params.items():
        query.setlist(name, list(values))
    return query


def at_time(search: Search, when: str) -> Search:
    """Narrow a search to "now", "soon", "today", "tonight" or "tomorrow" where the viewer is."""
    words = str(dict(WHEN)[when])
    chip = Chip(parameter="when", label=words, is_sensitive=False, without=dict(search.params))
    if when == "now" and not search.cursor:
        # A cursor has kept the earlier clock; going back again would lose the page.
        search = replace(search, now=search.now - timedelta(minutes=LATE_MINUTES))
    chips = [replace(c, without={**c.without, "when": [when]}) for c in search.chips]
    return replace(
        search,
        **_fields(when, search),
        params={**search.params, "when": [when]},
        sentence=_("%(sentence)s, %(when)s.")
        % {"sentence": search.sentence.rstrip("."), "when": words[:1].lower() + words[1:]},
        chips=(*chips, chip),
    )


def _fields(when: str, search: Search) -> dict:
    fields = window(when, search.now, search.tz)
    begins, ends = search.from_minute, search.to_minute
    if when == "tomorrow" and begins is not None and ends is not None and ends < begins:
        # The night of tomorrow runs into the day after.
        fields["starts_within"] += ends
    return fields


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
        case "now":
            return {"starts_within": LATE_MINUTES + NOW_MINUTES}
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


def _programs() -> list[tuple[str, str, str]]:
    return list(Program.objects.listed().values_list("slug", "name", "short_name"))


def _choices(programs: list[tuple[str, str, str]]) -> list[tuple[str, str]]:
    return [(slug, name) for slug, name, _short in programs]
