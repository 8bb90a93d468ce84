"""Cuts what was typed into words and quoted phrases; each keeps its own spelling."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from finder.search.folding import plain

# Longer than any sentence into one box: what follows stays text.
MAX_TOKENS = 40
# A query language of the database takes this word for itself.
_OPERATORS = {"or"}
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|“(?P<curly>[^”]*)”|\d{1,2}:\d{2}|\d{1,2}(?=[ap]\.?m\b)|'
    r"[^\W_]+(?:['’][^\W_]+)*\+?",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Token:
    """One word: as typed, folded, and where it stood; a quoted phrase is one token, not folded."""

    raw: str
    word: str
    start: int
    end: int
    is_quoted: bool = False
    after_comma: bool = False


def cut(text: str) -> list[Token]:
    """Return the words of a text.

    >>> [token.word for token in cut('Women’s 7pm "Night Light" Al-Anon')]
    ['womens', '7', 'pm', '', 'al', 'anon']
    """
    return list(_tokens(text))[:MAX_TOKENS]


def all_words(text: str) -> str:
    """Return words for a search that needs all of them; phrases stay quoted, nothing is "or".

    >>> all_words('light OR "night hope" -closed')
    'light "night hope" closed'
    """
    words = [t.raw for t in _tokens(text) if t.word not in _OPERATORS]
    return " ".join(words) or text


def _tokens(text: str) -> Iterator[Token]:
    last_end = 0
    for found in _TOKEN.finditer(text):
        comma = "," in text[last_end : found.start()]
        last_end = found.end()
        quoted = found["quoted"] if found["quoted"] is not None else found["curly"]
        if quoted is not None:
            if quoted.strip():
                raw = f'"{quoted.strip()}"'
                yield Token(raw, "", found.start(), found.end(), is_quoted=True)
            continue
        word = plain(found[0]).replace("'", "").rstrip("+")
        if word:
            yield Token(found[0], word, found.start(), found.end(), after_comma=comma)
