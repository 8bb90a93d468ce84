"""The calendar file of the meetings on a page; what it holds is the calendar format's matter."""

from collections.abc import Iterable
from datetime import datetime

from finder.feeds.ical import Dated, lines, once
from finder.models import Listing
from finder.presenters.cards import where_words
from finder.search.document import schedule_of


def calendar(listings: Iterable[Listing], *, now: datetime) -> bytes:
    """Write the meetings that have set times; others have nothing a calendar could hold."""
    meetings = (
        Dated(listing.pk, schedule_of(listing), where_words(listing.document["place"]))
        for listing in listings
    )
    return b"".join(lines(meetings, now=now))


def one_day(number: int, start: datetime, *, minutes: int, where: str, now: datetime) -> bytes:
    """Write one meeting on one day, under a title that tells nothing."""
    return once(number, start, minutes=minutes, where=where, now=now)
