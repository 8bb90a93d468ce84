"""How likely a listing is still right, by the days since someone checked it; pure arithmetic.

Chosen, not measured: nobody has audited lists of mutual-help meetings.
"""

from datetime import date

from finder.vocab import Format

AT_FIRST = 0.98
HALF_LIFE = {False: 540, True: 270}
# Nobody ever checked it: as if somebody had two years ago.
NEVER = 730
# Below this a listing waits in the queue to be checked again.
DOUBTFUL = 0.6
# Links rot faster than halls; a hybrid meeting keeps its hall.
_ONLINE = (Format.ONLINE, Format.PHONE)


def half_life(format_: str) -> int:
    """Return the days after which the likelihood has halved.

    >>> half_life("in_person"), half_life("online")
    (540, 270)
    """
    return HALF_LIFE[format_ in _ONLINE]


def still_right(checked_on: date | None, format_: str, *, today: date) -> float:
    """Say how likely a listing is still right.

    >>> from datetime import timedelta
    >>> day = date(2026, 11, 24)
    >>> [round(still_right(day - timedelta(days=n), "in_person", today=day), 4)
    ...  for n in (0, 90, 180, 365)]
    [0.98, 0.8731, 0.7778, 0.6134]
    """
    days = NEVER if checked_on is None else max((today - checked_on).days, 0)
    return AT_FIRST * 2.0 ** (-days / half_life(format_))


def doubtful_before(format_: str, *, today: date) -> date:
    """Return the day before which a check no longer counts for enough.

    >>> doubtful_before("in_person", today=date(2026, 11, 24))
    datetime.date(2025, 11, 7)
    """
    days = 0
    while AT_FIRST * 2.0 ** (-days / half_life(format_)) >= DOUBTFUL:
        days += 1
    return date.fromordinal(today.toordinal() - days + 1)
