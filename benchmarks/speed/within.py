"""Compares what is measured inside the application, without HTTP, each in a process of its own."""

import json
import os
import subprocess
import sys

from benchmarks.speed.preparing import Directory
from benchmarks.speed.report import Target
from benchmarks.speed.servers import SpeedError
from finder.localenv import ROOT


def inside(directory: Directory, name: str) -> dict[str, float]:
    """Measure one thing in a process of its own on a directory's database."""
    env = {**os.environ, "DATABASE_URL": directory.owner, "LOG_LEVEL": "WARNING", "DEMO": "1"}
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks", f"speed.{name}"],
        cwd=ROOT,
        env=env,
        stdout=subprocess.PIPE,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SpeedError(f"Measuring {name} failed; the lines above say why.")
    return json.loads(done.stdout.splitlines()[-1])


def one_group(small: Directory, large: Directory) -> tuple[list[Target], list[str]]:
    """Compare indexing one group in a small and in a large directory."""
    few, many = inside(small, "reindexing"), inside(large, "reindexing")
    words = f"index one group, {large.meetings:,} : {small.meetings:,}, p50"
    return [Target(words, many["p50"] / few["p50"], 1.5)], [
        f"Indexing one group takes {few['p50']:.1f} ms among {few['rows']:,} listings and"
        f" {many['p50']:.1f} ms among {many['rows']:,}."
    ]


def matching(directory: Directory) -> tuple[list[Target], list[str]]:
    """Compare matching with a search near by, and with a loop over every group."""
    of = inside(directory, "matching")
    targets = []
    for name, words in (("open", "that exclude nothing"), ("narrow", "that exclude nearly all")):
        ratio = of[name] / of["search"]
        targets.append(Target(f"matching : 50-mile search, p50, needs {words}", ratio, 10))
        ratio = of["loop"] / of[name]
        targets.append(Target(f"Python loop : matching, needs {words}", ratio, 80, is_least=True))
    return targets, [
        f"Matching takes {of['open']:.1f} ms for open needs and {of['narrow']:.1f} ms for narrow"
        f" ones, a search within 50 miles {of['search']:.1f} ms, a loop {of['loop']:,.0f} ms for"
        f" {of['groups']:,} groups (told from {of['sample']:,})."
    ]
