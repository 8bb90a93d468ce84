"""Write the directory to a file or the standard output; what may leave is feeds.publish's."""

import argparse
import os
import re
import tempfile
from collections.abc import Iterator
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from finder.feeds import publish
from finder.models import Program

_SITE = re.compile(r"https?://[^\s/]+/?")
_USAGE, _FAILED = 2, 1
# Formats that are asked for and that this version does not write.
_LATER = {"hsds": "HSDS is not written by this version."}


class Command(BaseCommand):
    help = "Write the listed meetings as a feed. Exit 0: written, 1: failed, 2: wrong usage."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--format", required=True, help=", ".join(publish.FORMATS))
        parser.add_argument("--program", default="", metavar="SLUG", help="only this program")
        parser.add_argument("--output", metavar="FILE", help="in place of the standard output")
        parser.add_argument(
            "--site", default="", metavar="URL", help="where the pages are, for their links"
        )

    def handle(self, *args, **options) -> None:
        pieces = _pieces(options)
        if options["output"]:
            _write_file(Path(options["output"]), pieces)
            return
        if options["format"] == "xlsx":
            raise _usage("A workbook is no text: name a file with --output.")
        for piece in pieces:
            self.stdout.write(piece.decode(), ending="")


def _pieces(options: dict) -> Iterator[bytes]:
    name, program, site = options["format"], options["program"], options["site"]
    if name not in publish.FORMATS:
        known = ", ".join(publish.FORMATS)
        raise _usage(f"{_LATER.get(name, f'--format {name} is not known.')} Known are: {known}.")
    if program and not Program.objects.filter(slug=program).exists():
        raise _usage(f"There is no program {program}. Run load_programs, or see /programs/.")
    if site and not _SITE.fullmatch(site):
        raise _usage("--site is an address such as https://finder.example.org.")
    ids = publish.all_ids(program=program)
    return publish.export(name, ids, now=timezone.now(), site=site)


def _write_file(path: Path, pieces: Iterator[bytes]) -> None:
    """Write beside the file and put it in its place, so that nobody reads half of it."""
    try:
        with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".export", delete=False) as file:
            try:
                file.writelines(pieces)
                file.flush()
                os.chmod(file.name, 0o644)
                os.replace(file.name, path)
            except BaseException:
                os.unlink(file.name)
                raise
    except OSError as error:
        sentence = f"{path} cannot be written: {type(error).__name__}."
        raise CommandError(sentence, returncode=_FAILED) from error


def _usage(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=_USAGE)
