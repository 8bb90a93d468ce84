"""Finds every sentence a page may show and keeps the catalogues of translations."""

import json
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

DOMAIN = "django"
KEYWORDS = DEFAULT_KEYWORDS | {
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
}
# The curators' desk speaks English alone.
DESK = ("finder/admin", "finder/management", "templates/admin")
# What a program's entry in the catalogue of programs says in sentences of ours.
SENTENCES = (
    *("target", "size", "size_source", "what_happens", "first_visit", "support_word"),
    *("position", "position_sentence", "position_source", "position_date"),
)
# Without a date: bringing a catalogue up to date twice changes nothing.
HEADER = """\
# Made by: python3 dev.py manage translations
msgid ""
msgstr ""
"Project-Id-Version: MHG Finder\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# Message id (one text, or singular and plural), and its context.
Message = tuple[str | tuple[str, ...], str | None]


def messages(root: Path) -> Iterator[Message]:
    """Give every message of the code, the templates and the catalogue of programs."""
    for app in ("finder", "referrals"):
        for path in _files(root, app, {".py"}):
            yield from _in_python(path.read_bytes())
    for path in _files(root, "templates", {".html", ".txt", ".svg"}):
        yield from _in_template(path)
    yield from _in_programs(root / "finder/data/programs.json")


def update(root: Path, language: str) -> Catalog:
    """Bring one language's catalogue up to the sources, keeping what is translated; give it.

    Nothing is guessed from likeness: a new sentence waits, one that is gone is dropped.
    """
    path = catalogue_path(root, language)
    kept = read_po(BytesIO(path.read_bytes()), locale=language)
    new = Catalog(locale=language, domain=DOMAIN)
    for id_, context in messages(root):
        old = kept.get(_first(id_), context)
        # A text that is used alone and with a plural is one entry, the one with the plural.
        there = new.get(_first(id_), context)
        if there and isinstance(there.id, tuple) and not isinstance(id_, tuple):
            continue
        new.add(id_, old.string if old and _shape(old.id) == _shape(id_) else "", context=context)
    with path.open("wb") as written:
        written.write(HEADER.format(language=language, plurals=new.plural_forms).encode())
        write_po(written, new, sort_output=True, omit_header=True, no_location=True, width=100)
    compile_catalogue(path)
    return new


def compile_catalogue(path: Path) -> None:
    """Write the compiled form beside a catalogue."""
    catalogue = read_po(BytesIO(path.read_bytes()))
    # Else the moment of compiling is written into it, and every run is a change.
    catalogue.creation_date = EPOCH
    with path.with_suffix(".mo").open("wb") as written:
        write_mo(written, catalogue)


def missing(catalogue: Catalog) -> list[str]:
    """Give the ids of messages that have no translation, or only some of their plurals."""
    return [_first(m.id) for m in catalogue if m.id and (m.fuzzy or not _is_whole(m.string))]


def catalogue_path(root: Path, language: str) -> Path:
    """Say where the catalogue of a language lies."""
    return root / "locale" / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def _files(root: Path, folder: str, kinds: set[str]) -> Iterator[Path]:
    for path in sorted((root / folder).rglob("*")):
        if path.suffix in kinds and not path.relative_to(root).as_posix().startswith(DESK):
            yield path


def _in_python(source: bytes) -> Iterator[Message]:
    for _line, id_, _comments, context in extract("python", BytesIO(source), KEYWORDS):
        yield id_, context


def _in_template(path: Path) -> Iterator[Message]:
    code = templatize(path.read_text(encoding="utf-8"), origin=str(path))
    # Django writes what xgettext would read; to Python's own reader an indent means something.
    code = "\n".join(line.strip() for line in code.split("\n"))
    yield from _in_python(code.encode())


def _in_programs(path: Path) -> Iterator[Message]:
    for program in json.loads(path.read_text(encoding="utf-8")):
        for name in SENTENCES:
            if re.search(r"[^\W\d_]", program[name]):
                yield program[name], None


def _shape(id_: str | tuple[str, ...]) -> type:
    return type(id_)


def _first(id_: str | tuple[str, ...]) -> str:
    return id_ if isinstance(id_, str) else id_[0]


def _is_whole(string: str | tuple[str, ...]) -> bool:
    return all(string) if isinstance(string, tuple) else bool(string)
