"""The notes on the record that lie outside the database: reading and writing their files.

A folder with a file for each day, a line for each note, each line signed. What the notes tell of
the database lives in anchors and proving.
"""

import json
import os
from dataclasses import astuple, dataclass, field
from datetime import datetime
from pathlib import Path
from uuid import UUID

import structlog
from django.conf import settings

from referrals.audit.chain import is_signed, sign

_log = structlog.get_logger("referrals.audit")


@dataclass(frozen=True)
class Head:
    """How long a chain was, and the signature of its last line."""

    length: int
    mac: str


@dataclass(frozen=True)
class Act:
    """One lasting act, by ids alone: it must be done again after an older copy is restored."""

    kind: str
    target_kind: str
    target_id: str
    organization: str
    actor: int | None


@dataclass
class Journal:
    """What all notes together say."""

    heads: dict[UUID, Head] = field(default_factory=dict)
    acts: list[Act] = field(default_factory=list)
    # Accounts that were switched off when this was last noted.
    disabled: tuple[int, ...] = ()
    # Lines that nobody with our key wrote, as file and number.
    forged: list[str] = field(default_factory=list)

    @classmethod
    def read(cls, folder: Path | None = None, *, newest_only: bool = False) -> "Journal":
        """Read every note in a folder, by default that of AUDIT_ANCHORS.

        The newest file alone knows every head, since its first line names them all.
        """
        journal = cls()
        paths = sorted((folder or _folder()).glob("*.jsonl"))
        for path in paths[-1:] if newest_only else paths:
            for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
                note = _note(line)
                if note is None:
                    journal.forged.append(f"{path.name}, line {number}")
                else:
                    journal._take(note)
        return journal

    def _take(self, note: dict) -> None:
        if note.get("restart"):
            # A restore took the record back to an earlier end, and said so.
            self.heads.clear()
        for chain, (length, mac) in note["heads"].items():
            self.heads[UUID(chain)] = Head(length, mac)
        self.acts += [Act(*act) for act in note["acts"]]
        self.disabled = tuple(note["disabled"])

    def add(
        self,
        heads: dict[UUID, Head],
        acts: list[Act],
        disabled: tuple[int, ...],
        *,
        now: datetime,
        restart: bool = False,
    ) -> None:
        """Write one note, to the day's file and to the log; it is on the disk when this returns."""
        path = _folder() / f"{now:%Y-%m-%d}.jsonl"
        if not path.exists():
            heads = self.heads | heads
        note = {
            "at": now.isoformat(),
            "restart": restart,
            "heads": {str(chain): [head.length, head.mac] for chain, head in heads.items()},
            "acts": [list(astuple(act)) for act in acts],
            "disabled": list(disabled),
        }
        seal = sign("note", [json.dumps(note, sort_keys=True)]).hex()
        _append(path, json.dumps(note | {"seal": seal}) + "\n")
        _log.info("audit heads", heads=note["heads"], seal=seal)
        self._take(note)


def _folder() -> Path:
    return Path(settings.AUDIT_ANCHORS)


def _note(line: str) -> dict | None:
    """Return what a line says, if one of our keys signed it."""
    try:
        note = json.loads(line)
        seal = bytes.fromhex(note.pop("seal"))
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    return note if is_signed(seal, "note", [json.dumps(note, sort_keys=True)]) else None


def _append(path: Path, text: str) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(descriptor, text.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
