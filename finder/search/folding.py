"""Text without case, accents and punctuation, so that people may type as they like; no database."""

import re
import unicodedata

_WORD = re.compile(r"[a-z0-9]+", re.ASCII)
_SHORT = {"st": "saint", "ste": "sainte", "ft": "fort", "mt": "mount"}


def plain(text: str) -> str:
    """Return text in small letters without accents.

    >>> plain("Miércoles")
    'miercoles'
    """
    return unicodedata.normalize("NFKD", text.casefold()).encode("ascii", "ignore").decode()


def fold(text: str) -> str:
    """Return a name without case, accents, punctuation and common short forms.

    >>> fold("St. Paul"), fold("Cañon City")
    ('saint paul', 'canon city')
    """
    return " ".join(_SHORT.get(word, word) for word in _WORD.findall(plain(text)))
