"""The words of consents and of the notice that travels with a disclosure, from versioned files.

A file that somebody signed under is never changed: ``LOCKED.toml`` holds the hash of each, and
words that do not fit it are not shown. What the files say is counsel's to write.
"""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path

from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import get_language

FOLDER = Path(__file__).parent / "texts"
# What is shown today; older ones stay for those who signed them.
VERSION = "2026-1"
FALLBACK = "en"


@dataclass(frozen=True)
class Wording:
    """One version in one language, and the hash of the very bytes."""

    version: str
    language: str
    hash: str
    counsel: str
    consent: Mapping[str, str]
    notice: str


def current(language: str | None = None) -> Wording:
    """Return today's words in a language, the reader's own unless one is named."""
    wanted = (language or get_language() or FALLBACK).split("-")[0]
    return load(VERSION, wanted if (VERSION, wanted) in _locked() else FALLBACK)


@cache
def load(version: str, language: str) -> Wording:
    """Return the words of a version; raises ImproperlyConfigured where they were changed."""
    expected = _locked().get((version, language))
    if expected is None:
        raise ImproperlyConfigured(f"There is no consent wording {version} in {language}.")
    data = (FOLDER / f"{version}.{language}.toml").read_bytes()
    found = sha256(data).hexdigest()
    if found != expected:
        raise ImproperlyConfigured(f"The consent wording {version}.{language} was changed.")
    told = tomllib.loads(data.decode())
    return Wording(
        version=version,
        language=language,
        hash=found,
        counsel=told["counsel"],
        consent=told["consent"],
        notice=told["notice"]["text"],
    )


def needs_guardian(state: str) -> bool:
    """Say whether a guardian signs too for someone under 18; yes until counsel says otherwise."""
    told = tomllib.loads((FOLDER / "minors.toml").read_text("utf-8"))
    return told["states"].get(state.upper(), "both") != "alone"


def _locked() -> dict[tuple[str, str], str]:
    """Give the hash of each file by version and language."""
    told = tomllib.loads((FOLDER / "LOCKED.toml").read_text("utf-8"))
    return {(each["version"], each["language"]): each["sha256"] for each in told["files"]}
