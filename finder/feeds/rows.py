"""One row of a feed while it is read: values by any of their names, and the problems met."""

from collections.abc import Iterable
from datetime import date

from finder import codes
from finder.feeds.privacy import without_people, without_reach
from finder.feeds.record import Problem
from finder.feeds.text import LONGEST, fold, line, plain
from finder.vocab import Access, Focus, MeetingType

MOST_CODES = 60
LONGEST_NOTES = 4000
# Our own codes, for what our own exports say beside the codes of a program.
VOCABULARY = {
    "types": MeetingType,
    "focus": Focus,
    "focus_no": Focus,
    "access": Access,
    "access_no": Access,
}
# Problems that tell a curator something, without a fault having been mended.
OBSERVATIONS = frozenset(
    {"unknown_code", "unknown_host", "password_moved", "credentials_moved", "personal_removed"}
)


class Row:
    """A row's values under folded keys; empty ones count as absent."""

    def __init__(self, number: int, values: dict, *, program: str, today: date) -> None:
        self.number = number
        self.program = program
        self.today = today
        self.problems: list[Problem] = []
        self._values: dict[str, object] = {}
        for key, value in values.items():
            if isinstance(key, str) and value not in (None, "", [], {}):
                self._values.setdefault(key.strip().casefold().replace(" ", "_"), value)
        if getattr(values, "has_duplicates", False):
            self.note("", "duplicate_key", "A name occurs twice in this row; the last one counts.")

    def note(self, field: str, code: str, message: str) -> None:
        """Keep one problem of this row; the message quotes nothing personal."""
        self.problems.append(Problem(self.number, field[:60], code, message))

    def values(self) -> dict[str, object]:
        """Return what is there, by folded names."""
        return dict(self._values)

    def recast(self, values: dict) -> "Row":
        """Return the same row under other names; its problems are this row's."""
        other = Row(self.number, values, program=self.program, today=self.today)
        other.problems = self.problems
        return other

    def value(self, *names: str) -> object:
        """Return the first value that is there under one of the names, as it was written."""
        return next((self._values[name] for name in names if name in self._values), None)

    def word(self, *names: str, limit: int) -> str:
        """Return a name, an address or a label: one line, without e-mails and phone numbers."""
        field, text = self._first(line, names)
        bare = without_reach(text)
        if bare != " ".join(text.split()).strip(" -,;:"):
            self.note(field, "personal_removed", "A phone number or an e-mail was taken out.")
        return self.cut(field, bare, limit)

    def raw(self, *names: str) -> str:
        """Return text as it was written, for what is parted further on."""
        return self._first(plain, names)[1]

    def prose(self, field: str, text: str, *, limit: int = LONGEST_NOTES) -> str:
        """Return free text without the sentences that name or reach a person."""
        bare, was_removed = without_people(text)
        if was_removed:
            self.note(
                field, "personal_removed", "A sentence that points at a person was taken out."
            )
        return self.cut(field, bare, limit)

    def cut(self, field: str, text: str, limit: int) -> str:
        """Shorten a text that does not fit its column, and say so."""
        if len(text) <= limit:
            return text
        self.note(field, "too_long", f"Longer than {limit:,} characters; the rest was cut.")
        return text[:limit].rstrip()

    def _first(self, read, names: tuple[str, ...]) -> tuple[str, str]:
        for name in names:
            if name not in self._values:
                continue
            value = self._values[name]
            if text := read(value):
                if isinstance(value, str) and len(value) > LONGEST:
                    self.note(name, "too_long", f"Longer than {LONGEST:,} characters; cut.")
                return name, text
            if isinstance(value, dict | list):
                self.note(name, "not_text", "This is not text; it was left out.")
        return names[0], ""


class Tags:
    """What the codes of one row add up to."""

    def __init__(self) -> None:
        self.types: set[str] = set()
        self.focus: set[str] = set()
        self.access: set[str] = set()
        self.access_no: set[str] = set()
        self.languages: set[str] = set()
        self.hints: set[str] = set()
        self.codes: list[str] = []
        self.unknown: list[str] = []

    def add(self, code: str, meaning: codes.Meaning | None) -> None:
        """Count one code, or keep it raw when nobody knows it."""
        self.codes.append(code)
        if meaning is None:
            self.unknown.append(code)
            return
        for field in ("types", "focus", "access", "access_no", "languages"):
            getattr(self, field).update(getattr(meaning, field))
        if meaning.hint:
            self.hints.add(meaning.hint)

    def fields(self) -> dict[str, tuple[str, ...]]:
        """Return the record fields; a row that is both open and closed is closed."""
        access = self.access - self.access_no
        return {
            "types": tuple(sorted(self.types)),
            "focus": tuple(sorted(self.focus)),
            "access": tuple(sorted(access)),
            "access_no": tuple(sorted(self.access_no)),
            "languages": tuple(sorted(self.languages)),
            "source_codes": tuple(sorted(set(self.codes))),
            "unknown_codes": tuple(sorted(set(self.unknown))),
        }


def read_codes(row: Row, field: str, written: Iterable[object]) -> list[str]:
    """Return the codes of a row as short clean words, at most as many as a row can mean."""
    found = []
    for value in written:
        code = without_reach(line(value))
        if not code or without_people(code)[1]:
            continue
        found.append(row.cut(field, code, 80))
    found = list(dict.fromkeys(found))
    if len(found) > MOST_CODES:
        row.note(field, "too_many", f"More than {MOST_CODES} codes; the rest was left out.")
    return found[:MOST_CODES]


def note_unknown(row: Row, field: str, tags: Tags) -> None:
    """Tell which codes nobody knows, as far as they are codes."""
    for code in dict.fromkeys(tags.unknown):
        shown = f" “{code}”" if len(code) <= 12 and " " not in code else ""
        row.note(field, "unknown_code", f"The code{shown} is not known for this program; kept raw.")


def read_languages(row: Row, tags: Tags, written: object) -> None:
    """Add languages that a row names in words."""
    values = written if isinstance(written, list) else [written]
    names = [part for value in values[:20] for part in line(value).replace("/", ",").split(",")]
    for name in filter(None, (fold(name) for name in names[:20])):
        if code := codes.language(name):
            tags.languages.add(code)
        else:
            row.note("languages", "unknown_language", "A language's name is not known.")


def read_own(row: Row, written: object) -> dict[str, tuple[str, ...]]:
    """Read lists of our own codes, as our exports write them; they count before other codes."""
    if not isinstance(written, dict):
        return {}
    found = {}
    for field, names in VOCABULARY.items():
        said = written.get(field)
        if isinstance(said, list) and said:
            known = {code for code in said[:MOST_CODES] if code in names.values}
            if len(known) < len(said):
                row.note("tags", "unknown_code", "A code among the tags is not known; left out.")
            found[field] = tuple(sorted(known))
    return found
