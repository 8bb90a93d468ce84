"""Every word of a page can be translated, and the compiled catalogues are those of the sources."""

import re
from html import unescape
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.mofile import read_mo, write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.template import engines
from django.utils.translation import override

ROOT = Path(settings.BASE_DIR)
TEMPLATES = sorted(
    path for path in (ROOT / "templates").rglob("*") if path.suffix in {".html", ".txt", ".svg"}
)
CATALOGUES = sorted((ROOT / "locale").rglob("*.po"))
# The same in every language: the site, a distribution, country and clock.
NAMES = {"MHG", "Finder", "Beta", "US", "UTC"}
SPOKEN = re.compile(r'\b(?:alt|title|aria-label|placeholder|content)="([^"]*)"')
SILENT = re.compile(
    r"{%\s*comment.*?endcomment\s*%}|{#.*?#}|<!--.*?-->"
    r"|{%\s*blocktrans(?:late)?\b.*?endblocktrans(?:late)?\s*%}"
    r"|<script\b.*?</script>|<style\b.*?</style>"
    # What a browser reads, not a person.
    r'|<meta name="(?:color-scheme|viewport)"[^>]*>',
    re.DOTALL,
)


def untranslated(text: str) -> list[str]:
    """Find words that stand in a template outside every translation."""
    text = SILENT.sub(" ", text)
    text = re.sub(r"{%.*?%}|{{.*?}}", " ", text, flags=re.DOTALL)
    spoken = " ".join(value for value in SPOKEN.findall(text) if "=" not in value)
    text = unescape(re.sub(r"<[^>]*>", " ", text) + spoken)
    return [word for word in re.findall(r"[^\W\d_]{2,}", text) if word not in NAMES]


def label(path: Path) -> str:
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", TEMPLATES, ids=label)
def test_template_leaves_no_word_untranslated(path):
    assert untranslated(path.read_text(encoding="utf-8")) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=label)
def test_template_that_translates_loads_i18n(path):
    text = path.read_text(encoding="utf-8")
    translates = re.search(r"{%\s*(?:block)?trans(?:late)?\b", text) or "|_(" in text

    assert not translates or re.search(r"{%\s*load\b[^%]*\bi18n\b", text)


@pytest.mark.parametrize("path", TEMPLATES, ids=label)
def test_template_compiles(path):
    name = str(path.relative_to(ROOT / "templates"))

    assert engines["django"].get_template(name)


@pytest.mark.parametrize("path", TEMPLATES, ids=label)
def test_template_writes_no_date_in_the_english_order(path):
    # "date_words" and its like know each language's order; the desk writes ISO dates.
    assert not re.search(r'\|date:"[^"]*[FMNDl]', path.read_text(encoding="utf-8"))


def test_untranslated_words_are_noticed():
    assert untranslated("{% load i18n %}<p>{% trans 'Hello' %} there</p>") == ["there"]
    assert untranslated('<input aria-label="Search" value="{{ q }}">') == ["Search"]
    assert untranslated("a &rsaquo; b &amp; c&nbsp;d") == []
    assert untranslated("{% blocktrans %}Hello {{ name }}{% endblocktrans %} {# why #}") == []


def test_there_is_a_catalogue_for_each_language():
    assert [path.parent.parent.name for path in CATALOGUES] == [
        code for code, _ in settings.LANGUAGES
    ]


def messages(compiled: bytes) -> dict:
    """Read a compiled catalogue; when and by what it was made is left out of its header."""
    stored = {as_key(message.id): message.string for message in read_mo(BytesIO(compiled))}
    header = stored[""].splitlines()
    stored[""] = [line for line in header if not re.match(r"POT-|PO-Rev|Generated-By", line)]
    return stored


def as_key(id_):
    # A message with a plural has two texts.
    return id_ if isinstance(id_, str) else tuple(id_)


def compiled(source: bytes) -> bytes:
    made = BytesIO()
    write_mo(made, read_po(BytesIO(source)))
    return made.getvalue()


@pytest.mark.parametrize("path", CATALOGUES, ids=label)
def test_compiled_catalogue_is_that_of_its_source(path):
    stored = path.with_suffix(".mo").read_bytes()

    assert messages(stored) == messages(compiled(path.read_bytes()))


def test_catalogue_that_was_not_compiled_again_is_noticed():
    old = CATALOGUES[0].read_bytes()
    new = old + b'\nmsgid "Monday"\nmsgstr "Lunes"\n'

    assert messages(compiled(old)) != messages(compiled(new))


@pytest.mark.parametrize("code", [code for code, _ in settings.LANGUAGES])
def test_language_can_be_switched_on(code):
    with override(code):
        assert engines["django"].from_string("{% load i18n %}{% trans 'Monday' %}").render()
