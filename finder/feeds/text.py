"""Feed text made plain: entities, markup, odd characters and spaces; privacy is apart."""

import html
import re
import unicodedata
from contextlib import suppress
from functools import lru_cache

import nh3

# Longer text is cut before any pattern sees it, so that no row can cost more than a blink.
LONGEST = 20_000

_BREAK = re.compile(r"<\s*(?:br|/p|/div|/li|/tr|/h[1-6])\b[^>]{0,200}>", re.IGNORECASE)
_HREF = re.compile(
    r"<a\b[^>]{0,400}?href\s*=\s*[\"']?([^\"'>\s]{1,500})[^>]{0,400}>", re.IGNORECASE
)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,1000}>")
_WORD = re.compile(r"[^\W_]+")
_SPACES = re.compile(r"[^\S\n]+")
_LINES = re.compile(r" ?\n ?(?:\n ?)*")
_INVISIBLE = re.compile(
    "[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]"
)
_QUOTES = {("\u201c", "\u201d"), ("\u2018", "\u2019"), ('"', '"')}


def plain(value: object) -> str:
    """Turn any JSON value into clean text that may have several lines.

    >>> plain("Peace &amp; Quiet<br>Hall\\x00 ")
    'Peace & Quiet\\nHall'
    >>> plain(["a", None, 3]), plain({"a": 1}), plain(True)
    ('a\\n3', '', '')
    """
    text = _as_text(value)[:LONGEST]
    if not text.isascii():
        text = _repair(text)
    if "<" in text or "&" in text:
        text = _without_markup(text)
    text = _CONTROL.sub(" ", text) if text.isascii() else _without_odd(text)
    return _unwrap(_LINES.sub("\n", _SPACES.sub(" ", text)).strip())


def line(value: object) -> str:
    """Turn any JSON value into clean text on one line."""
    return plain(value).replace("\n", " ")


@lru_cache(maxsize=20_000)
def fold(text: str) -> str:
    """Reduce text to lower-case letters and digits parted by single spaces, to compare with.

    >>> fold("Île  d'Espoir -- Group!")
    'ile d espoir group'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text)
        text = "".join(c for c in text if not unicodedata.combining(c))
    return " ".join(_WORD.findall(text.casefold()))


_CONTROL = re.compile(r"[\x00-\x09\x0b-\x1f\x7f]")
_DROPPED = ("Cc", "Cs", "Cn", "Co")


def _without_odd(text: str) -> str:
    return "".join(c if c == "\n" or unicodedata.category(c) not in _DROPPED else " " for c in text)


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n")
    if isinstance(value, list | tuple):
        return "\n".join(filter(None, (_as_text(item) for item in value[:200] if _is_flat(item))))
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def _is_flat(value: object) -> bool:
    return isinstance(value, str | int | float) and not isinstance(value, bool)


def _repair(text: str) -> str:
    # UTF-8 once read as cp1252 ("â€™"): undone only when the whole text agrees.
    if "â€" in text or "Ã" in text:
        with suppress(UnicodeError):
            text = text.encode("cp1252").decode("utf-8")
    # C1 controls are cp1252 quotes and dashes that were read as Latin-1.
    text = "".join(_from_c1(c) if "\x80" <= c <= "\x9f" else c for c in text)
    text = _INVISIBLE.sub("", text)
    text = "".join(c for c in text if unicodedata.category(c) != "Cs")
    return unicodedata.normalize("NFC", text)


def _from_c1(character: str) -> str:
    return character.encode("latin-1").decode("cp1252", errors="ignore")


def _without_markup(text: str) -> str:
    # Twice, since feeds escape what was escaped before ("&amp;lt;br&amp;gt;").
    for _ in range(3):
        # A link's target is written out, so that an address in it is seen by the privacy rules.
        text = _HREF.sub(lambda match: f" {_worth_saying(match[1])} ", _BREAK.sub("\n", text))
        if _TAG.search(text) or "<!--" in text:
            text = nh3.clean(text, tags=set(), attributes={})
        bare = html.unescape(text)
        if bare == text:
            break
        text = bare
    return _TAG.sub(" ", "".join(c for c in text if unicodedata.category(c) != "Cs"))


def _worth_saying(target: str) -> str:
    return target if target.lower().startswith(("mailto:", "tel:", "http")) else ""


def _unwrap(text: str) -> str:
    if len(text) > 2 and (text[0], text[-1]) in _QUOTES and text[0] not in text[1:-1]:
        return text[1:-1].strip()
    return text
