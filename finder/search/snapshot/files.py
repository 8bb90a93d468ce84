"""Keeps snapshots in files: written beside and put in place at once, opened without reading.

One folder for each, with an array in each file that the system maps into memory, so that all
processes of a machine share one copy. A folder is never changed once it has its name.
"""

import hashlib
import json
import os
import shutil
import tempfile
from datetime import datetime
from pathlib import Path

import numpy as np
from django.conf import settings
from django.db import connection

from finder.search import version
from finder.search.snapshot.columns import GROUPS, ROWS, Columns, ProgramFacts
from finder.search.snapshot.gathering import gather

# Older than this it is not used while the directory has changed; and never beyond a day.
STALE_SECONDS, MOST_SECONDS = 600, 86_400
_KEPT = 2
_PREFIX = "listings-"


def write(*, now: datetime) -> Path | None:
    """Write a snapshot of the directory as it is, unless there is one of today; return where."""
    newest = _newest()
    if newest and newest.version == version.current() and _age(newest, now) < MOST_SECONDS / 2:
        return None
    columns = gather(now=now)
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True)
    beside = Path(tempfile.mkdtemp(prefix="new-", dir=folder))
    for kind, arrays in (("row", columns.row), ("group", columns.group)):
        for name, values in arrays.items():
            np.save(beside / f"{kind}-{name}.npy", values)
    np.save(beside / "ahead.npy", columns.ahead)
    (beside / "told.json").write_text(json.dumps(_told(columns)), encoding="utf-8")
    place = folder / f"{_PREFIX}{int(now.timestamp() * 1000):015}-{columns.version}"
    os.rename(beside, place)
    _forget(folder)
    return place


def current(*, now: datetime) -> Columns | None:
    """Return the newest snapshot if it may still be used; one query."""
    newest = _newest()
    if newest is None or _age(newest, now) > MOST_SECONDS:
        return None
    is_fresh = _age(newest, now) <= STALE_SECONDS or newest.version == version.current()
    return newest if is_fresh else None


def _age(columns: Columns, now: datetime) -> float:
    # One made later than now is for another clock, as in tests.
    age = now.timestamp() - columns.built_at
    return age if age >= 0 else float("inf")


def _folder() -> Path:
    """One for each database: what is true in one is not in another."""
    told = connection.settings_dict
    database = f"{told['HOST']}:{told['PORT']}/{told['NAME']}"
    return Path(settings.SNAPSHOT_DIR) / hashlib.sha256(database.encode()).hexdigest()[:12]


def _newest() -> Columns | None:
    try:
        names = [name for name in os.listdir(_folder()) if name.startswith(_PREFIX)]
    except FileNotFoundError:
        return None
    return _opened(_folder() / max(names)) if names else None


_open: dict[Path, Columns] = {}


def _opened(place: Path) -> Columns | None:
    """Open a snapshot once in each process; None when it was removed meanwhile."""
    if place not in _open:
        try:
            columns = _read(place)
        except FileNotFoundError:
            return None
        _open.clear()
        _open[place] = columns
    return _open[place]


def _read(place: Path) -> Columns:
    told = json.loads((place / "told.json").read_text(encoding="utf-8"))

    def arrays(kind: str, names: dict) -> dict[str, np.ndarray]:
        return {
            name: np.asarray(np.load(place / f"{kind}-{name}.npy", mmap_mode="r")) for name in names
        }

    return Columns(
        version=told["version"],
        built_at=told["built_at"],
        anywhere=told["anywhere"],
        row=arrays("row", ROWS),
        group=arrays("group", GROUPS),
        ahead=np.load(place / "ahead.npy"),
        zones=tuple(told["zones"]),
        programs=tuple(
            ProgramFacts(*facts[:-1], frozenset(facts[-1])) for facts in told["programs"]
        ),
        languages=tuple((frozenset(yes), frozenset(no)) for yes, no in told["languages"]),
    )


def _told(columns: Columns) -> dict:
    return {
        "version": columns.version,
        "built_at": columns.built_at,
        "anywhere": columns.anywhere,
        "zones": columns.zones,
        "programs": [
            [p.slug, p.model, p.is_secular, p.is_family, sorted(p.substances)]
            for p in columns.programs
        ],
        "languages": [[sorted(yes), sorted(no)] for yes, no in columns.languages],
    }


def _forget(folder: Path) -> None:
    """Remove older snapshots, and what a killed writer left; open ones stay in memory."""
    names = sorted(name for name in os.listdir(folder) if name.startswith(_PREFIX))
    for name in names[:-_KEPT]:
        shutil.rmtree(folder / name, ignore_errors=True)
