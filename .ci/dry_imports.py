"""Runs every importer over a folder of feeds without writing, and prints counts only."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import dev  # noqa: E402

PROGRAMS = {"aa": "aa", "na": "na", "alanon": "al-anon", "smart": "smart"}
COUNTS = ["read", "created", "updated", "unchanged", "rejected", "repaired", "parked"]
# Applied, or refused with a reason: a folder of feeds holds files that are none.
ANSWERS = {0, 1}


def main(folder: Path) -> int:
    """Print one line for each file; fail when an importer breaks instead of answering."""
    dev.install(["dev", "e2e"])
    with dev.database("testpg", durable=False, name="mhg_dry_imports") as found:
        found.pop("note", "")
        env = dev.environment_for(dev.site_env(found), "import_feed")
        for command in ("migrate", "load_programs", "load_places"):
            if dev.manage(env, command, "--verbosity", "0"):
                return 1
        broken = [path.name for path in feeds(folder) if not answers(path, env)]
    if broken:
        print(f"Broken: {', '.join(broken)}")
    return 1 if broken else 0


def feeds(folder: Path) -> list[Path]:
    """Give the files that hold meetings of a program we know by the file's name."""
    found = sorted(folder.glob("*.json"))
    return [
        path
        for path in found
        if path.name.split("_")[0] in PROGRAMS
        and not path.stem.endswith(("_formats", "_servicebodies"))
    ]


def answers(path: Path, env: dict) -> bool:
    """Try one file and say whether the importer answered as it promises."""
    program = PROGRAMS[path.name.split("_")[0]]
    done = subprocess.run(
        [str(dev.PYTHON), "manage.py", "import_feed", str(path.resolve()), "--source", path.stem]
        + ["--program", program, "--timezone", "America/New_York", "--dry-run", "--json"],
        cwd=ROOT,
        env=env,
        capture_output=True,
        text=True,
        check=False,
    )
    print(f"{path.name:40} exit {done.returncode}  {counts(done.stdout)}", flush=True)
    return done.returncode in ANSWERS


def counts(output: str) -> str:
    """Give the counts of an import's report, or say that there was none."""
    try:
        report = json.loads(output)
    except ValueError:
        return "no report"
    return "  ".join(f"{name} {report[name]}" for name in COUNTS if name in report)


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
