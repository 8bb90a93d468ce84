"""What every page may show of the site itself; nothing of the visitor."""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse, translate_url
from django.utils.translation import get_language, override

# Each language's name for itself.
OWN_NAMES = {"en": "English", "es": "Español"}


@dataclass(frozen=True)
class Language:
    """This page in another language: its path without the query, and that language's start."""

    code: str
    name: str
    address: str
    home: str


def site(request: HttpRequest) -> dict:
    """Say whether this site shows demonstration data, and which other languages it speaks."""
    return {"DEMO": settings.DEMO, "other_languages": other_languages(request)}


def other_languages(request: HttpRequest) -> list[Language]:
    """Give this page's address in each other language; a page that is in none leads home."""
    codes = [code for code, _name in settings.LANGUAGES if code != get_language()]
    return [_language(request.path_info, code) for code in codes]


def _language(path: str, code: str) -> Language:
    with override(code):
        home = reverse("search")
    there = translate_url(path, code)
    return Language(code, OWN_NAMES[code], home if there == path else there, home)
