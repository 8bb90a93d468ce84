"""What the codes of feeds mean, keyed by (program, code) or by BMLT world id; unknown is None.

No code says anything on medication: ``MED`` is meditation. Sources: the Meeting Guide type
list, the lists of the TSML plugin for each program, and the stock formats of the BMLT server.
"""

from functools import lru_cache

from finder.codes.bmlt_formats import SERVER_MARKS, STOCK, WORLD
from finder.codes.meaning import HYBRID, ONLINE, TEMPORARILY_CLOSED, Meaning
from finder.codes.meeting_types import BY_PROGRAM, SHARED
from finder.codes.names import LANGUAGE_NAMES, NAMES

__all__ = [
    "HYBRID",
    "ONLINE",
    "TEMPORARILY_CLOSED",
    "Meaning",
    "bmlt_format",
    "language",
    "meeting_type",
]


def language(name: str) -> str | None:
    """Return the BCP 47 code for a language's folded name or code.

    >>> language("farsi"), language("es"), language("klingon")
    ('fa', 'es', None)
    """
    return LANGUAGE_NAMES.get(name) or (name if name in LANGUAGE_NAMES.values() else None)


@lru_cache(maxsize=4096)
def meeting_type(program: str, code: str) -> Meaning | None:
    """Return what a Meeting Guide type, by code or English name, means in one program.

    >>> meeting_type("aa", "MED").types, meeting_type("aa", "A").focus
    (('meditation',), ('secular',))
    >>> meeting_type("aca", "A"), meeting_type("al-anon", "POA").focus
    (None, ('parents',))
    """
    upper = code.upper()
    for codes in (BY_PROGRAM.get(program, {}), SHARED):
        if upper in codes:
            return codes[upper]
    return NAMES.get(_name_key(code)) if len(code) > 2 else None


def bmlt_format(*, world_id: str, key: str, language_code: str, name: str = "") -> Meaning | None:
    """Return what a BMLT format means: by world id, else by key in its language, else by name.

    >>> bmlt_format(world_id="MED", key="M", language_code="it").types
    ('meditation',)
    >>> bmlt_format(world_id="", key="M", language_code="it") is None
    True
    """
    world = world_id.strip().upper()
    if world in WORLD:
        return WORLD[world]
    if world == "LANG":
        return _spoken(key, name)
    stock = STOCK.get(language_code.casefold()[:2], {})
    if key in stock and _agrees(stock[key], name):
        return stock[key]
    return SERVER_MARKS.get(key) or (NAMES.get(_name_key(name)) if name else None)


def _agrees(meaning: Meaning, name: str) -> bool:
    # A server may give a stock key to something of its own; its name, when known, decides.
    named = NAMES.get(_name_key(name)) if name else None
    return named is None or named == meaning


def _spoken(key: str, name: str) -> Meaning | None:
    words = [language(word) for word in _fold(name).replace("_", " ").split()]
    found = tuple(dict.fromkeys(word for word in words if word))
    if found:
        return Meaning(languages=found)
    stock = STOCK["en"].get(key)
    if stock and stock.languages:
        return stock
    code = language(key.casefold())
    return Meaning(languages=(code,)) if code else None


def _name_key(name: str) -> str:
    return "_".join(_fold(name).split())


def _fold(name: str) -> str:
    plain = name.casefold().replace("ñ", "n").replace("ç", "c").replace("é", "e").replace("ê", "e")
    return "".join(c if c.isalnum() else " " for c in plain)
