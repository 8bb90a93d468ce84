"""Puts together what the search page answers: cards, steps, and what lies elsewhere."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from finder.geo import boxes
from finder.models import Assessment, Meeting, Program
from finder.presenters.cards import Card, card, viewer_now
from finder.presenters.words import zone_words
from finder.search import Asked, Results, Search, asked, query, version
from finder.search.params import without
from finder.search.relaxing import TIMES, Relaxed, relaxed
from finder.views.carried import Carried, ids_text
from finder.views.elsewhere import Elsewhere, as_met, elsewhere
from finder.views.going_on import going_on
from finder.views.quick import Row, quick_rows
from finder.views.steps import Step, search_address, step
from finder.views.week import Week, week
from finder.vocab import Format

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
    # Numbers to dial, without the codes that are keyed in.
    phones: dict[int, str]

    @classmethod
    def of(cls, rows: Iterable[Mapping], medication: str) -> "Shelf":
        """Fetch for these rows in three queries at most, however many rows there are."""
        rows = list(rows)
        slugs = {row["program"]["slug"] for row in rows}
        readings = {}
        if medication:
            groups = [row["group"]["id"] for row in rows]
            readings = Assessment.objects.for_cards(groups, medication)
        dialled = [row["id"] for row in rows if row["format"] == Format.PHONE]
        phones = Meeting.objects.filter(pk__in=dialled).values_list("pk", "phone")
        programs = Program.objects.in_bulk(slugs, field_name="slug")
        return cls(programs, readings, dict(phones) if dialled else {})

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
                phone=self.phones.get(row["id"], ""),
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
    # Meetings in progress.
    now_words: str
    now_cards: tuple[Card, ...]
    quick: tuple[Row, ...]
    # List and week, and which of them this is; a week has no cards of its own.
    views: tuple[Step, ...]
    week: Week | None
    # An address that adds a meeting to those chosen so far, once its id is put behind.
    adds_to: str
    plan: str
    # What a map asks for: the same search, and the box it begins with.
    map_fields: tuple[tuple[str, str], ...]
    map_box: str


def answer(search: Search, carried: Carried) -> Answer:
    """Run a search and put its results into words."""
    # Read once for all that is asked below.
    search = replace(search, version=version.current())
    results = query(search)
    is_empty, is_list = not results.rows, not carried.view
    has_others = is_empty or (search.near and is_list)
    others = list(elsewhere(search, found_nothing=is_empty)) if has_others else []
    begun, now_count = going_on(search)
    shelf = Shelf.of(
        [*results.rows, *begun, *(row for found in others for row in found.rows)],
        search.medication,
    )
    plan = reverse("plan")
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
        now_words=now_words(now_count),
        now_cards=shelf.cards(begun, search),
        quick=quick_rows(search),
        views=tuple(_views(search, carried)),
        week=week(search) if carried.view and results.rows else None,
        adds_to=f"{plan}?m=" + "".join(f"{pk}," for pk in carried.plan),
        plan=f"{plan}?m={ids_text(carried.plan)}" if carried.plan else "",
        map_fields=step("", without(search.params, "view", "m"), is_sensitive=True).fields,
        map_box=_map_box(search),
    )


def _map_box(search: Search) -> str:
    """Give west, south, east and north of what a map shows first, to a tenth of a degree."""
    if not search.near:
        return ""
    first = boxes(search.near.point, search.within)[0]
    edges = (first.west, first.south, first.east, first.north)
    return ",".join(f"{edge:.1f}" for edge in edges)


def now_words(count: int) -> str:
    """Say how many meetings are in progress; nothing when none is."""
    words = ngettext("%(count)d meeting is on now", "%(count)d meetings are on now", count)
    return words % {"count": count} if count else ""


def _views(search: Search, carried: Carried) -> Iterable[Step]:
    base = without(search.params, "view")
    for name, words in (("", _("List")), ("week", _("Week"))):
        params = {**base, "view": [name]} if name else base
        made = step(words, params, is_sensitive=search.is_sensitive)
        yield replace(made, is_on=name == carried.view)


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
