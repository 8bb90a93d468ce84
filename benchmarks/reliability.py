"""The long proofs: imports killed half way leave all or nothing, and no row breaks the reader."""

import json
import random
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from django.core.management import call_command
from django.db import connection

from benchmarks import fuzz
from benchmarks.feeds import meeting_guide
from finder.models import ImportRun, Listing, Meeting, Source

KILLS, ROWS = 50, 2000
SLUG = "kills"


def import_command(path: Path) -> list[str]:
    """Give the command that imports a file of this proof."""
    return [
        *[sys.executable, "manage.py", "import_feed", str(path)],
        *["--source", SLUG, "--program", "na"],
    ]


def state() -> tuple[int, int, int]:
    """Count what the source holds: meetings and listings with the old mark and with the new."""
    names = Meeting.objects.filter(source__slug=SLUG, retired_on__isnull=True)
    old, new = names.filter(name__endswith="(a)").count(), names.filter(name__endswith="(b)")
    listed = Listing.objects.filter(meeting__source__slug=SLUG, sort_name__iendswith="(b)").count()
    return old, new.count(), listed


def kill(folder: Path) -> None:
    """Kill imports at random moments; after each the directory holds one state, never a mixture."""
    paths = {}
    for mark in ("(a)", "(b)"):
        paths[mark] = folder / f"{mark}.json"
        paths[mark].write_text(json.dumps(meeting_guide(ROWS, mark=mark)), encoding="utf-8")
    began = time.monotonic()
    subprocess.run(import_command(paths["(a)"]), check=True, stdout=subprocess.DEVNULL)
    whole = time.monotonic() - began
    assert state()[0] == ROWS, "The first import did not store every row."
    chance, finished, mixtures, mark = random.Random(5), 0, 0, "(b)"
    for turn in range(KILLS):
        child = subprocess.Popen(import_command(paths[mark]), stdout=subprocess.DEVNULL)
        time.sleep(chance.uniform(0.3, 1.05) * whole)
        child.send_signal(signal.SIGKILL)
        child.wait()
        wait_for_the_server()
        old, new, listed = state()
        if {old, new} != {0, ROWS} or listed != new:
            mixtures += 1
            print(f"  MIXTURE after kill {turn}: {old} old, {new} new, {listed} listed")
        if (new if mark == "(b)" else old) == ROWS:
            finished, mark = finished + 1, "(a)" if mark == "(b)" else "(b)"
    print(f"  {KILLS} kills: {finished} had finished before, {mixtures} mixtures")
    subprocess.run(import_command(paths[mark]), check=True, stdout=subprocess.DEVNULL)
    old, new, _listed = state()
    assert {old, new} == {0, ROWS}, "The run after the kills did not bring the whole feed."
    assert not mixtures, "A killed import left a mixture."


def wait_for_the_server() -> None:
    """Wait until the killed import's session is gone: its rollback is the server's work."""
    ask = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
    until = time.monotonic() + 30
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(f"{ask} AND pid <> pg_backend_pid() AND backend_type = 'client backend'")
            if cursor.fetchone()[0] == 0:
                return
        time.sleep(0.05)


def main() -> None:
    """Run both proofs; a failed one ends the run with its sentence."""
    call_command("load_programs", verbosity=0)
    fuzz.main()
    with tempfile.TemporaryDirectory() as folder:
        kill(Path(folder))
    print(f"  runs recorded: {ImportRun.objects.filter(source__slug=SLUG).count()}")
    print(f"  sources: {Source.objects.filter(slug=SLUG).count()}")
