"""The words of a search: fragments of its sentence and labels of its chips; no queries."""

from collections.abc import Iterable
from datetime import time

from django.conf.locale import LANG_INFO
from django.utils.dateformat import time_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, ngettext

LANGUAGES = [
    "en",
    "es",
    "fr",
    "pt",
    "ru",
    "zh",
    "vi",
    "ko",
    "ja",
    "ar",
    "fa",
    "pl",
    "de",
    "it",
    "ht",
    "hi",
    "pa",
    "tl",
    "uk",
    "he",
]
# Names that Django's own list does not have (ISO 639).
_MORE_NAMES = {
    "am": gettext_noop("Amharic"),
    "ase": gettext_noop("American Sign Language"),
    "chr": gettext_noop("Cherokee"),
    "fa": gettext_noop("Persian"),
    "fil": gettext_noop("Filipino"),
    "gu": gettext_noop("Gujarati"),
    "haw": gettext_noop("Hawaiian"),
    "hmn": gettext_noop("Hmong"),
    "ht": gettext_noop("Haitian Creole"),
    "ku": gettext_noop("Kurdish"),
    "lo": gettext_noop("Lao"),
    "mh": gettext_noop("Marshallese"),
    "nv": gettext_noop("Navajo"),
    "om": gettext_noop("Oromo"),
    "ps": gettext_noop("Pashto"),
    "sm": gettext_noop("Samoan"),
    "so": gettext_noop("Somali"),
    "ti": gettext_noop("Tigrinya"),
    "tl": gettext_noop("Tagalog"),
    "to": gettext_noop("Tongan"),
    "yi": gettext_noop("Yiddish"),
    "zh": gettext_noop("Chinese"),
}


def any_of(words: Iterable[str]) -> str:
    """Join words of which one will do.

    >>> any_of(["women", "men", "teens"])
    'women, men or teens'
    """
    *most, last = [str(word) for word in words]
    if not most:
        return last
    return _("%(most)s or %(last)s") % {"most": ", ".join(most), "last": last}


def all_of(words: Iterable[str]) -> str:
    """Join words that must all hold.

    >>> all_of(["captions", "child care"])
    'captions and child care'
    """
    *most, last = [str(word) for word in words]
    if not most:
        return last
    return _("%(most)s and %(last)s") % {"most": ", ".join(most), "last": last}


def lowered(label: str) -> str:
    """Return a label as it stands inside a sentence; names keep their capitals.

    >>> lowered("Step-free"), lowered("LGBTQ+ people")
    ('step-free', 'LGBTQ+ people')
    """
    text = str(label)
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]


def clock(minute: int) -> str:
    """Tell a minute of the day as people here say it.

    >>> clock(1110)
    '6:30 p.m.'
    """
    return time_format(time(minute // 60, minute % 60), "g:i a")


def miles(distance: float) -> str:
    """Tell a distance.

    >>> miles(1.0), miles(2.5)
    ('1 mile', '2.5 miles')
    """
    return ngettext("%(n)s mile", "%(n)s miles", 1 if distance == 1 else 2) % {"n": f"{distance:g}"}


def spell_minutes(minutes: int) -> str:
    """Tell a stretch of time.

    >>> spell_minutes(45), spell_minutes(120)
    ('45 minutes', '2 hours')
    """
    if minutes % 60:
        return ngettext("%(n)d minute", "%(n)d minutes", minutes) % {"n": minutes}
    hours = minutes // 60
    return ngettext("%(n)d hour", "%(n)d hours", hours) % {"n": hours}


def language_name(code: str) -> str:
    """Return the name of a language, or its code when we have no name.

    >>> language_name("es"), language_name("ase"), language_name("xx")
    ('Spanish', 'American Sign Language', 'xx')
    """
    known = LANG_INFO.get(code.lower(), {}).get("name")
    return str(_(_MORE_NAMES.get(code) or known or code))
