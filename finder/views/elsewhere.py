"""What is joined from anywhere: found beside a search near a place, and told as such."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from finder.search import Search, query
from finder.vocab import POSITIVE_LABELS, Format

ROWS = 3


@dataclass(frozen=True)
class Elsewhere:
    """A few meetings of one format, and why these."""

    code: str
    title: str
    note: str
    rows: list[dict]


def as_met(row: Mapping, search: Search) -> Mapping:
    """Tell a meeting held both ways by the way it is found: nobody travels to one far away."""
    if row["format"] != Format.HYBRID:
        return row
    is_asked = not search.formats or Format.IN_PERSON in search.formats
    away = row["distance_miles"]
    if is_asked and not (search.near and (away is None or away > search.within)):
        return row
    return {**row, "format": Format.ONLINE.value, "place": None, "distance_miles": None}


def elsewhere(search: Search, *, found_nothing: bool = False) -> Iterator[Elsewhere]:
    """Yield online and phone meetings, unless the search asked for them itself and found some."""
    if found_nothing or "online" not in search.formats:
        yield from _of_format(search, "online", _("Online, from anywhere"))
    if found_nothing or "phone" not in search.formats:
        yield from _of_format(search, "phone", _("By phone, without internet"))


def _of_format(search: Search, format_: str, title: str) -> Iterator[Elsewhere]:
    for attempt, note in _attempts(search, format_):
        rows = query(attempt).rows
        if rows:
            yield Elsewhere(format_, title, note, rows)
            return


def _attempts(search: Search, format_: str) -> Iterator[tuple[Search, str]]:
    """First what fits the time and is known to accept; then with fewer wishes."""
    base = replace(
        search,
        near=None,
        within=None,
        formats=(format_,),
        sort="acceptance" if search.medication else "next_start",
        # By acceptance alone the three best are found without any start being worked out.
        weighs_freshness=search.weighs_freshness and not search.medication,
        cursor=None,
        page_size=ROWS,
    )
    at_any_time = replace(base, days=(), from_minute=None, to_minute=None, starts_within=None)
    note = _("None of these starts at the time you asked for.") if search.has_times else ""
    if search.medication:
        labels = tuple(label.value for label in POSITIVE_LABELS)
        known = _("These are known, or likely, to accept people on medication.")
        yield replace(base, acceptance=labels), known
        if search.has_times:
            yield replace(at_any_time, acceptance=labels), f"{known} {note}"
    yield base, ""
    if search.has_times:
        yield at_any_time, note
    # Nobody should leave with nothing: last, whatever is spoken in the language asked for.
    anything = replace(at_any_time, words="", programs=(), models=(), focus=(), access=())
    yield replace(anything, acceptance=()), _("These do not fit all that you asked for.")
