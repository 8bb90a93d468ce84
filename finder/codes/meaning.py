"""What one code says, and how the tables of codes are written; no table."""

from dataclasses import dataclass

ONLINE, TEMPORARILY_CLOSED, HYBRID = "online", "temporarily_closed", "hybrid"


@dataclass(frozen=True, slots=True)
class Meaning:
    """What one code says; a known code may say nothing that is kept."""

    types: tuple[str, ...] = ()
    focus: tuple[str, ...] = ()
    access: tuple[str, ...] = ()
    access_no: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    hint: str = ""


def table(text: str) -> dict[str, Meaning]:
    """Read lines of ``CODE field:value field:value``; a code alone is known and says nothing."""
    codes = {}
    for line in filter(None, (line.strip() for line in text.splitlines())):
        code, *words = line.split()
        codes[code] = _meaning(words)
    return codes


def _meaning(words: list[str]) -> Meaning:
    said: dict[str, list[str]] = {}
    for word in words:
        field, _, value = word.partition(":")
        said.setdefault(field, []).append(value)
    hint = said.pop("hint", [""])[0]
    return Meaning(hint=hint, **{field: tuple(values) for field, values in said.items()})
