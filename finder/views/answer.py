"""Puts together what the search page answers: cards, steps, and what lies elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finder.models import Assessment, Program
from finder.presenters.cards import Card, card, viewer_now
from finder.presenters.words import zone_words
from finder.search import Asked, Results, Search, asked, query
from finder.views.steps import Step, search_address, step
from finder.vocab import POSITIVE_LABELS

ELSEWHERE_ROWS = 3
WIDER_MILES = (50, 100)


@dataclass(frozen=True)
class Section:
    """Meetings one can join from anywhere, shown below those near a place."""

    code: str
    title: str
    note: str
    cards: tuple[Card, ...]
    more: Step | None


@dataclass(frozen=True)
class Answer:
    """Everything the page shows of one search."""

    headline: str
    sentence: str
    zone: str
    medication: str
    asked_words: str
    is_sensitive: bool
    link: str
    chips: tuple[Step, ...]
    cards: tuple[Card, ...]
    previous: Step | None
    next: Step | None
    wider: tuple[Step, ...]
    elsewhere: tuple[Section, ...]


def answer(search: Search) -> Answer:
    """Run a search and put its results into words."""
    results = query(search)
    return Answer(
        headline=count_words(results),
        sentence=search.sentence,
        zone=zone_words(search.tz),
        medication=search.medication,
        asked_words=asked_words(asked(search), search) if search.medication else "",
        is_sensitive=search.is_sensitive,
        link=search_address(search.link_params) if search.link_params else "",
        chips=tuple(_chip_steps(search)),
        cards=cards_for(results.rows, search),
        previous=_page(search, results.previous_cursor, _("Earlier results")),
        next=_page(search, results.next_cursor, _("More results")),
        wider=() if results.rows else tuple(_wider(search)),
        elsewhere=tuple(_elsewhere(search)) if search.near else (),
    )


def count_words(results: Results) -> str:
    """Say how many meetings were found."""
    if not results.is_count_exact:
        return _("More than %(count)s meetings") % {"count": f"{results.count:,}"}
    if not results.count:
        return _("No meetings found")
    words = ngettext("%(count)d meeting", "%(count)d meetings", results.count)
    return words % {"count": results.count}


def asked_words(found: Asked, search: Search) -> str:
    """Say of how many groups anything is known, so that silence is not read as no."""
    if search.near:
        words = ngettext(
            "We have asked %(asked)d of %(count)d group within %(miles)s miles about medication.",
            "We have asked %(asked)d of %(count)d groups within %(miles)s miles about medication.",
            found.groups,
        )
    else:
        words = ngettext(
            "We have asked %(asked)d of %(count)d group listed here about medication.",
            "We have asked %(asked)d of %(count)d groups listed here about medication.",
            found.groups,
        )
    miles = f"{search.within:g}" if search.within else ""
    return words % {"asked": found.asked, "count": found.groups, "miles": miles}


def cards_for(rows: Iterable[Mapping], search: Search) -> tuple[Card, ...]:
    """Make cards with two queries more, however many rows there are."""
    rows = list(rows)
    now = viewer_now(search.now, search.tz)
    programs = Program.objects.in_bulk({row["program"]["slug"] for row in rows}, field_name="slug")
    readings = {}
    if search.medication:
        groups = [row["group"]["id"] for row in rows]
        readings = Assessment.objects.for_cards(groups, search.medication)
    return tuple(
        card(
            row,
            now=now,
            program=programs.get(row["program"]["slug"]),
            medication=search.medication,
            assessment=readings.get(row["group"]["id"]),
        )
        for row in rows
    )


def _chip_steps(search: Search) -> Iterable[Step]:
    for chip in search.chips:
        # Without its sensitive parts a search may have an address again.
        stays = any(other.is_sensitive for other in search.chips if other is not chip)
        yield step(chip.label, chip.without, is_sensitive=stays, is_removal=True)


def _page(search: Search, cursor: str | None, words: str) -> Step | None:
    if not cursor:
        return None
    return step(words, {**search.params, "cursor": [cursor]}, is_sensitive=search.is_sensitive)


def _without(search: Search, *names: str) -> dict:
    return {name: values for name, values in search.params.items() if name not in names}


def _wider(search: Search) -> Iterable[Step]:
    """Searches that ask for less, for a page that found nothing."""
    steps = []
    if search.near:
        further = [miles for miles in WIDER_MILES if miles > (search.within or 0)]
        steps += [
            (_("Within %(miles)d miles") % {"miles": miles}, {"within": [str(miles)]})
            for miles in further
        ]
    for words, dropped in steps:
        params = {**_without(search, "cursor"), **dropped}
        yield step(words, params, is_sensitive=search.is_sensitive)
    if search.has_times:
        params = _without(search, "cursor", "day", "from", "to", "starts_within", "when")
        yield step(_("On any day and time"), params, is_sensitive=search.is_sensitive)
    online = {**_without(search, "cursor", "near", "within", "sort"), "format": ["online"]}
    is_sensitive = bool(search.medication or search.acceptance)
    yield step(_("Online"), online, is_sensitive=is_sensitive)
    yield step(_("By phone"), {**online, "format": ["phone"]}, is_sensitive=is_sensitive)


def _elsewhere(search: Search) -> Iterable[Section]:
    """Online and phone meetings, which a search near a place leaves out."""
    if "online" not in search.formats:
        yield from _section(search, "online", _("Online, from anywhere"))
    if "phone" not in search.formats:
        yield from _section(search, "phone", _("By phone, without internet"))


def _section(search: Search, format_: str, title: str) -> Iterable[Section]:
    for attempt, note in _attempts(search, format_):
        results = query(attempt)
        if results.rows:
            more = {
                **_without(search, "cursor", "near", "within", "sort", "format"),
                "format": [format_],
            }
            is_sensitive = bool(search.medication or search.acceptance)
            more_step = step(_("More like these"), more, is_sensitive=is_sensitive)
            yield Section(format_, title, note, cards_for(results.rows, attempt), more_step)
            return


def _attempts(search: Search, format_: str) -> Iterable[tuple[Search, str]]:
    """First what fits the time and is known to accept; then with fewer wishes."""
    base = replace(
        search,
        near=None,
        within=None,
        formats=(format_,),
        sort="next_start",
        cursor=None,
        page_size=ELSEWHERE_ROWS,
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
