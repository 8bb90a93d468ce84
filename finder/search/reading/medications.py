"""Which words name a medication: the one rule for what must stay out of addresses."""

import re

from finder.search.folding import plain
from finder.search.reading.lexicon import MEDICATION_WORDS
from finder.search.reading.typos import is_near

# Stems say as much as the whole name does, and catch what is still being typed.
_STEMS = re.compile(
    r"methad|metado|dolophin|bupren|bupe\b|subox|subutex|subloc|brixad|zubsol|belbuc|naltrex"
    r"|vivitro|\bmoud\b|\bmat\b"
)
_WORD = re.compile(r"[a-z]+")
_SHORTEST = 6


def names_medication(text: str) -> bool:
    """Say whether words to search for name a medication, or nearly do.

    >>> names_medication("night Methadone"), names_medication("women at noon")
    (True, False)
    >>> names_medication("soboxone group"), names_medication("metadona")
    (True, True)
    """
    folded = plain(text)
    if _STEMS.search(folded):
        return True
    words = [word for word in _WORD.findall(folded) if len(word) >= _SHORTEST]
    return any(word in MEDICATION_WORDS for word in _WORD.findall(folded)) or any(
        is_near(word, name) for word in words for name in MEDICATION_WORDS if len(name) >= _SHORTEST
    )
