"""Finds the Chromium that the journeys drive, or tries to install one; standard library only."""

from __future__ import annotations

import glob
import os
import shutil

from finder.localenv import PYTHON, call, say

CHROMIUMS = ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable"]
PLAYWRIGHT = [
    "chromium-*/chrome-linux*/chrome",
    "chromium_headless_shell-*/chrome*linux*/*headless*shell",
    "chromium-*/chrome-mac*/*.app/Contents/MacOS/*",
]


def find_chromium() -> str:
    """Give the path of a Chromium on this machine, or nothing."""
    named = os.environ.get("CHROMIUM", "")
    if named:
        return named
    found = next(filter(None, map(shutil.which, CHROMIUMS)), "")
    if found:
        return found
    home = os.path.expanduser("~")
    folders = [
        os.environ.get("PLAYWRIGHT_BROWSERS_PATH", ""),
        f"{home}/.cache/ms-playwright",
        f"{home}/Library/Caches/ms-playwright",
    ]
    patterns = [f"{glob.escape(folder)}/{p}" for folder in folders if folder for p in PLAYWRIGHT]
    patterns.append("/Applications/Google Chrome.app/Contents/MacOS/Google Chrome")
    return next((path for p in patterns for path in sorted(glob.glob(p), reverse=True)), "")


def install_chromium() -> str:
    """Try to install a Chromium and give its path; without one the browser tests are left out."""
    say("Browser tests need a Chromium; trying to install one")
    if os.geteuid() == 0 and shutil.which("apt-get"):
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        call(["apt-get", "-qq", "update"], quiet, seconds=180)
        call(["apt-get", "-qq", "install", "-y", "chromium"], quiet, seconds=600)
    if not find_chromium():
        call([str(PYTHON), "-m", "playwright", "install", "chromium"], seconds=600)
    return find_chromium()
