"""Meetings that would fill the days of a plan on which there is none, near those it has."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from finder.geo import Point
from finder.models import Listing
from finder.presenters.cards import Card, where_words
from finder.search import Search, query
from finder.search.values import Origin
from finder.views.answer import Shelf
from finder.views.carried import ids_text
from finder.vocab import POSITIVE_LABELS, Format

MILES = 15.0
SHOWN = 4
LOOKED_AT = 40


@dataclass(frozen=True)
class Suggested:
    """What fits, in words and cards; ``adds_to`` is an address that a meeting's id ends."""

    words: str
    cards: tuple[Card, ...]
    adds_to: str


def fitting(listings: Sequence[Listing], days: Sequence[int], *, zone: str, now: datetime) -> str:
    """Say how many meetings would fit; nothing where no day is free or nothing fits."""
    if not days or not listings:
        return ""
    found = query(_search(listings, days, zone=zone, now=now, page_size=1))
    words = ngettext("%(count)d meeting fits.", "%(count)d meetings fit.", found.count)
    return words % {"count": found.count} if found.count else ""


def suggested(
    listings: Sequence[Listing],
    days: Sequence[int],
    *,
    zone: str,
    now: datetime,
    medication: str,
    ids: Sequence[int],
) -> Suggested:
    """Return a few meetings, one of each group, that are not in the plan yet."""
    search = _search(listings, days, zone=zone, now=now, page_size=LOOKED_AT, medication=medication)
    rows = [row for row in query(search).rows if row["id"] not in ids] if days else []
    first = list({row["group"]["id"]: row for row in reversed(rows)}.values())[::-1]
    # Counted from a meeting of the plan, distances would say nothing of the person.
    shown = [{**row, "distance_miles": None} for row in first[:SHOWN]]
    cards = Shelf.of(shown, medication).cards(shown, search)
    adds_to = f"{reverse('plan')}?m={ids_text(tuple(ids))},"
    return Suggested(_words(len(first), medication), cards, adds_to)


def _words(groups: int, medication: str) -> str:
    if not groups:
        return _("Nothing fits nearby.")
    if medication:
        words = ngettext(
            "%(count)d group that is known, or likely, to accept people on medication fits.",
            "%(count)d groups that are known, or likely, to accept people on medication fit.",
            groups,
        )
    else:
        words = ngettext("%(count)d group fits.", "%(count)d groups fit.", groups)
    return words % {"count": groups}


def _search(
    listings: Sequence[Listing],
    days: Sequence[int],
    *,
    zone: str,
    now: datetime,
    page_size: int,
    medication: str = "",
) -> Search:
    """Near the first meeting that one travels to; else those one joins from anywhere."""
    near = next((_origin(each) for each in listings if each.lat is not None), None)
    labels = tuple(label.value for label in POSITIVE_LABELS)
    return Search(
        now=now,
        tz=zone,
        near=near,
        within=MILES if near else None,
        formats=() if near else (Format.ONLINE.value, Format.PHONE.value),
        days=tuple(days),
        medication=medication,
        acceptance=labels if medication else (),
        sort="acceptance" if medication else "distance" if near else "next_start",
        page_size=page_size,
    )


def _origin(listing: Listing) -> Origin:
    place = where_words(listing.document["place"])
    return Origin(Point(listing.lat, listing.lng), label=place, zone=listing.timezone)
