"""Says how fresh a listing is: the day, who checked, and whether it is likely still right."""

from datetime import date

from django.utils.translation import gettext as _

from finder.freshness import DOUBTFUL, still_right
from finder.presenters.remembered import by_language
from finder.presenters.words import date_words

_SURE = 0.85


def likely_words(checked_on: date | None, format_: str, *, today: date) -> str:
    """Say whether a listing is likely still right.

    >>> likely_words(date(2026, 11, 1), "in_person", today=date(2026, 11, 24))
    'It is very likely still right.'
    >>> likely_words(date(2026, 5, 1), "in_person", today=date(2026, 11, 24))
    'It is probably still right.'
    >>> likely_words(date(2026, 5, 1), "online", today=date(2026, 11, 24))
    'It may have changed since.'
    """
    if checked_on is None:
        return _("It may not be right.")
    likely = still_right(checked_on, format_, today=today)
    if likely >= _SURE:
        return _("It is very likely still right.")
    if likely >= DOUBTFUL:
        return _("It is probably still right.")
    return _("It may have changed since.")


@by_language
def short_words(checked_on: date | None, format_: str, *, today: date) -> str:
    """Say the same in a few words, for a card.

    >>> short_words(None, "online", today=date(2026, 11, 24))
    'Not checked yet: call or look first'
    >>> short_words(date(2026, 11, 1), "online", today=date(2026, 11, 24))
    'Last updated November 1, 2026'
    >>> short_words(date(2024, 11, 1), "online", today=date(2026, 11, 24))
    'Last updated November 1, 2024: it may have changed'
    """
    if checked_on is None:
        return _("Not checked yet: call or look first")
    told = {"day": date_words(checked_on)}
    if still_right(checked_on, format_, today=today) < DOUBTFUL:
        return _("Last updated %(day)s: it may have changed") % told
    return _("Last updated %(day)s") % told
