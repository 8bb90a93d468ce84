"""The catalogues hold every sentence of code, templates and programs, and keep what is known."""

import re
from io import BytesIO

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

from finder import translating

GAP = re.compile(r"%\((\w+)\)[sd]|%[sd]|(<[^>]+>)")
OTHERS = [code for code, _name in settings.LANGUAGES if code != settings.LANGUAGE_CODE]


@pytest.fixture
def root(tmp_path):
    """A small project: a module, a template, a catalogue of programs and an old translation."""
    for folder in (
        "finder/data",
        "finder/admin",
        "referrals",
        "templates",
        "locale/es/LC_MESSAGES",
    ):
        (tmp_path / folder).mkdir(parents=True)
    write = {
        "finder/views.py": '_("Hello")\nngettext("%(n)d day", "%(n)d days", n)\n',
        "finder/admin/desk.py": '_("Only for curators")\n',
        "templates/page.html": (
            "{% load i18n %}\n  <p>{% translate 'Hello' %}</p>\n    {% blocktranslate trimmed %}\n"
            "      See <b>{{ name }}</b>.\n    {% endblocktranslate %}\n"
        ),
        "finder/data/programs.json": "[]",
        "locale/es/LC_MESSAGES/django.po": (
            'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
            'msgid "Hello"\nmsgstr "Hola"\n\nmsgid "Gone"\nmsgstr "Se fue"\n'
        ),
    }
    for name, text in write.items():
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def test_update_keeps_what_is_known_and_drops_what_is_gone(root):
    found = translating.update(root, "es")

    assert found.get("Hello").string == "Hola"
    assert found.get("Gone") is None
    assert found.get("%(n)d day").id == ("%(n)d day", "%(n)d days")
    assert found.get("See <b>%(name)s</b>.") is not None
    assert found.get("Only for curators") is None
    assert set(translating.missing(found)) == {"%(n)d day", "See <b>%(name)s</b>."}


def test_update_twice_changes_nothing(root):
    path = translating.catalogue_path(root, "es")
    translating.update(root, "es")
    first = path.read_bytes(), path.with_suffix(".mo").read_bytes()

    translating.update(root, "es")

    assert (path.read_bytes(), path.with_suffix(".mo").read_bytes()) == first


def catalogue(language):
    path = translating.catalogue_path(settings.BASE_DIR, language)
    return read_po(BytesIO(path.read_bytes()), locale=language)


@pytest.mark.parametrize("language", OTHERS)
def test_every_sentence_is_translated(language):
    known = catalogue(language)
    wanted = list(translating.messages(settings.BASE_DIR))
    missing = [
        id_
        for id_, context in wanted
        if not (found := known.get(id_ if isinstance(id_, str) else id_[0], context))
        or found.fuzzy
        or not found.string
        or not all([found.string] if isinstance(found.string, str) else found.string)
    ]

    assert len(wanted) > 1000
    assert missing == []


@pytest.mark.parametrize("language", OTHERS)
def test_translation_keeps_gaps_and_marks(language):
    wrong = []
    for message in catalogue(language):
        ids = [message.id] if isinstance(message.id, str) else message.id
        told = [message.string] if isinstance(message.string, str) else message.string
        for id_, words in zip(ids, told, strict=True):
            # One of something may be told by its word: "one report", "%(count)d reports".
            allowed = [sorted(GAP.findall(one)) for one in {id_, *ids}]
            if id_ and words and sorted(GAP.findall(words)) not in allowed:
                wrong.append((id_, words))

    assert wrong == []
