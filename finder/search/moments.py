"""Words for a time ("now", "tonight"): what they mean on the viewer's clock, beside other times."""

from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.utils.translation import gettext_lazy as _

from finder import schedule
from finder.search.clock import DAY_MINUTES
from finder.search.values import Search

SOON_MINUTES = 120
# Who walks in ten minutes late is still welcome; a little further on is not now any more.
LATE_MINUTES, NOW_MINUTES = 10, 60
MOMENTS = [
    ("now", _("Now, or within the hour")),
    ("soon", _("In the next 2 hours")),
    ("today", _("Today")),
    ("tonight", _("Tonight")),
    ("tomorrow", _("Tomorrow")),
]
_EVENING = schedule.EVENING_BEGINS.hour * 60
_EVENING_MINUTES = schedule.NIGHT_ENDS.hour * 60 + DAY_MINUTES - _EVENING
# Nothing starts before now, so this finds nothing.
_NEVER = -1


def narrowed(search: Search, when: str) -> Search:
    """Narrow a search to one of the words; what else it asks of times and days still holds."""
    if when == "now" and not search.cursor:
        # A cursor has kept the earlier clock; going back again would lose the page.
        search = replace(search, now=search.now - timedelta(minutes=LATE_MINUTES))
    local = search.now.astimezone(ZoneInfo(search.tz))
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    match when:
        case "now":
            return _until(search, LATE_MINUTES + NOW_MINUTES)
        case "soon":
            return _until(search, SOON_MINUTES)
        case "today":
            return _until(search, _minutes(midnight + timedelta(days=1), search.now))
        case "tomorrow":
            return _tomorrow(search, midnight + timedelta(days=1))
        case "tonight":
            return _tonight(search)
    raise ValueError(when)


def _until(search: Search, minutes: int) -> Search:
    asked = search.starts_within
    return replace(search, starts_within=minutes if asked is None else min(asked, minutes))


def _tomorrow(search: Search, begins: datetime) -> Search:
    ends = _minutes(begins + timedelta(days=1), search.now)
    first, last = search.from_minute, search.to_minute
    if first is not None and last is not None and last < first:
        # The night of tomorrow runs into the day after.
        ends += last
    day = begins.weekday()
    if search.days and day not in search.days:
        return replace(search, starts_within=_NEVER)
    return replace(_until(search, ends), days=(day,))


def _tonight(search: Search) -> Search:
    begins, ends = schedule.tonight(search.now, search.tz)
    found = _until(search, _minutes(ends, search.now))
    if begins <= search.now:
        return found
    return _within_evening(found)


def _within_evening(search: Search) -> Search:
    """Keep what both the evening and the hours asked for hold; minutes count from five o'clock."""
    first, last = search.from_minute, search.to_minute
    opens = 0 if first is None else (first - _EVENING) % DAY_MINUTES
    closes = _EVENING_MINUTES if last is None else (last - _EVENING) % DAY_MINUTES
    is_over = opens > _EVENING_MINUTES if first is not None else closes > _EVENING_MINUTES
    if is_over and opens <= closes and last is not None:
        return replace(search, starts_within=_NEVER)
    if opens > min(closes, _EVENING_MINUTES):
        # Hours that begin before the evening does and reach into it.
        opens = 0
    closes = min(closes, _EVENING_MINUTES)
    return replace(
        search,
        from_minute=(_EVENING + opens) % DAY_MINUTES,
        to_minute=(_EVENING + closes) % DAY_MINUTES,
    )


def _minutes(until: datetime, now: datetime) -> int:
    # Wall-clock arithmetic in one zone would forget a change of clocks; instants do not.
    return max(int((until.timestamp() - now.timestamp()) // 60), 0)
