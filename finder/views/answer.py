"""Puts together what the search page answers: cards, steps, and what lies elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from finder.models import Assessment, Program
from finder.presenters.cards import Card, card, viewer_now
from finder.presenters.words import zone_words
from finder.search import Asked, Results, Search, asked, query
from finder.search.params import without
from finder.search.relaxing import TIMES, Relaxed, relaxed
from finder.views.elsewhere import Elsewhere, as_met, elsewhere
from finder.views.steps import Step, search_address, step

_LESS = {
    "q": gettext_lazy("Without the words"),
    "program": gettext_lazy("Of any program"),
    "model": gettext_lazy("Of any kind of program"),
    "focus": gettext_lazy("For anyone"),
    "language": gettext_lazy("In any language"),
    "access": gettext_lazy("Whatever the access"),
    "acceptance": gettext_lazy("Whatever is known of acceptance"),
    "format": gettext_lazy("However people meet"),
}


@dataclass(frozen=True)
class Section:
    """Meetings one can join from anywhere, shown below those near a place."""

    code: str
    title: str
    note: str
    cards: tuple[Card, ...]
    more: Step


@dataclass(frozen=True)
class Shelf:
    """The programs and readings that cards need, fetched once for a whole page."""

    programs: dict[str, Program]
    readings: dict[int, Assessment]

    @classmethod
    def of(cls, rows: Iterable[Mapping], medication: str) -> "Shelf":
        """Fetch for these rows in two queries at most, however many rows there are."""
        rows = list(rows)
        slugs = {row["program"]["slug"] for row in rows}
        readings = {}
        if medication:
            groups = [row["group"]["id"] for row in rows]
            readings = Assessment.objects.for_cards(groups, medication)
        return cls(Program.objects.in_bulk(slugs, field_name="slug"), readings)

    def cards(self, rows: Iterable[Mapping], search: Search) -> tuple[Card, ...]:
        """Make the cards of some of the rows."""
        now = viewer_now(search.now, search.tz)
        return tuple(
            card(
                as_met(row, search),
                now=now,
                program=self.programs.get(row["program"]["slug"]),
                medication=search.medication,
                assessment=self.readings.get(row["group"]["id"]),
            )
            for row in rows
        )


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
    others = list(elsewhere(search)) if search.near else []
    shelf = Shelf.of(
        [*results.rows, *(row for found in others for row in found.rows)], search.medication
    )
    return Answer(
        headline=count_words(results),
        sentence=search.sentence,
        zone=zone_words(search.tz),
        medication=search.medication,
        asked_words=asked_words(asked(search), search) if search.medication else "",
        is_sensitive=search.is_sensitive,
        link=search_address(search.link_params) if search.link_params else "",
        chips=tuple(_chip_steps(search)),
        cards=shelf.cards(results.rows, search),
        previous=_page(search, results.previous_cursor, _("Earlier results")),
        next=_page(search, results.next_cursor, _("More results")),
        wider=() if results.rows else tuple(_wider(search)),
        elsewhere=tuple(_section(found, shelf, search) for found in others),
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


def _section(found: Elsewhere, shelf: Shelf, search: Search) -> Section:
    params = without(search.params, "near", "within", "sort", "format") | {"format": [found.code]}
    more = step(_("More like these"), params, is_sensitive=_names_something(search))
    return Section(found.code, found.title, found.note, shelf.cards(found.rows, search), more)


def _chip_steps(search: Search) -> Iterable[Step]:
    for chip in search.chips:
        # Without its sensitive parts a search may have an address again.
        stays = any(other.is_sensitive for other in search.chips if other is not chip)
        yield step(chip.label, chip.without, is_sensitive=stays, is_removal=True)


def _page(search: Search, cursor: str | None, words: str) -> Step | None:
    if not cursor:
        return None
    return step(words, {**search.params, "cursor": [cursor]}, is_sensitive=search.is_sensitive)


def _names_something(search: Search) -> bool:
    """Say whether a search is sensitive even without its place."""
    return replace(search, near=None).is_sensitive


def _wider(search: Search) -> Iterable[Step]:
    """Searches that ask for less and find something, for a page that found nothing."""
    for less in relaxed(search):
        is_sensitive = search.is_sensitive
        if "near" in less.dropped:
            is_sensitive = _names_something(search)
        elif "q" in less.dropped:
            is_sensitive = replace(search, words="").is_sensitive
        words = ngettext("%(less)s: %(count)d meeting", "%(less)s: %(count)d meetings", less.count)
        words = words % {"less": _less_words(less), "count": less.count}
        yield step(words, less.params, is_sensitive=is_sensitive)


def _less_words(less: Relaxed) -> str:
    if less.instead:
        name, value = less.instead[0]
        if name == "within":
            return _("Within %(miles)s miles") % {"miles": value}
        return _("Online") if value == "online" else _("By phone")
    if set(less.dropped) <= set(TIMES):
        return _("On any day and time")
    return str(_LESS[less.dropped[0]]) if len(less.dropped) == 1 else _("Anything near this place")
