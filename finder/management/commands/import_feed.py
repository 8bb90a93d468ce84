"""Import a feed from a file or an address: reads the arguments and tells what feeds.ingest did."""

import argparse
import json
import re
from pathlib import Path

import pghistory
from django.core.management.base import BaseCommand, CommandError
from django.db import Error as DatabaseError
from django.utils import timezone

from finder.feeds import FORMATS, bmlt_server
from finder.feeds.fetch import fetch
from finder.feeds.ingest import COUNTS, ImportRefused, Outcome, Request, apply, preview
from finder.feeds.network import FetchError
from finder.feeds.payload import LARGEST
from finder.feeds.zones import read_zone
from finder.models import Program, Source

_SLUG = re.compile(r"[-a-zA-Z0-9_]{1,60}", re.ASCII)
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")
_USAGE, _REFUSED = 2, 1


class Command(BaseCommand):
    help = "Import a feed of meetings. Exit 0: applied, 1: refused or parked, 2: wrong usage."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("feed", metavar="FILE_OR_URL", help="a file, or its address")
        parser.add_argument("--source", required=True, metavar="SLUG", help="made when missing")
        parser.add_argument("--program", required=True, metavar="SLUG", help="such as aa or na")
        parser.add_argument("--format", default="auto", help=f"auto, {', '.join(FORMATS)}")
        parser.add_argument(
            "--formats", metavar="FILE_OR_URL", help="a BMLT server's GetFormats answer"
        )
        parser.add_argument("--timezone", default="", metavar="IANA", help="where rows name none")
        parser.add_argument("--dry-run", action="store_true", help="tell, and write nothing")
        parser.add_argument(
            "--accept-shrink",
            action="store_true",
            help="apply although more than a fifth of the meetings is gone or has another id",
        )
        parser.add_argument("--json", action="store_true", help="print the counts as JSON")

    def handle(self, *args, **options) -> None:
        now = timezone.now()
        try:
            request = _request(options)
            if options["dry_run"]:
                outcome = preview(request, now=now)
            else:
                with pghistory.context(command="import_feed", source=request.source):
                    outcome = apply(request, now=now)
                    if not outcome.parked_because:
                        _keep_address(request.source, options["feed"])
        except (FetchError, ImportRefused) as error:
            if options["json"]:
                self._print(Outcome(dict.fromkeys(COUNTS, 0), 0, ()), as_json=True)
            raise CommandError(str(error), returncode=_REFUSED) from error
        except DatabaseError as error:
            sentence = f"The database failed ({type(error).__name__}); nothing was changed."
            raise CommandError(sentence, returncode=_REFUSED) from error
        self._print(outcome, as_json=options["json"])
        if outcome.parked_because and not options["dry_run"]:
            sentence = f"{outcome.parked_because} --accept-shrink applies it as it is."
            raise CommandError(sentence, returncode=_REFUSED)
        if outcome.parked_because:
            self.stderr.write(f"This would be parked: {outcome.parked_because}")

    def _print(self, outcome: Outcome, *, as_json: bool) -> None:
        if as_json:
            self.stdout.write(json.dumps(outcome.document(), ensure_ascii=False, indent=1))
            return
        counts = outcome.counts | {"meetings": outcome.meetings}
        self.stdout.write(", ".join(f"{name} {number:,}" for name, number in counts.items()))
        for problem in outcome.problems:
            where = f"row {problem.row}" + (f", {problem.field}" if problem.field else "")
            self.stdout.write(f"  {where}: {problem.message}")


def _request(options: dict) -> Request:
    if not _SLUG.fullmatch(options["source"]):
        raise _usage("--source takes letters, digits, - and _, at most 60 of them.")
    if options["format"] != "auto" and options["format"] not in FORMATS:
        known = ", ".join(("auto", *FORMATS))
        raise _usage(f"--format {options['format']} is not known. Known are: {known}.")
    # What costs nothing to check comes before an address is read.
    return Request(
        source=options["source"],
        program=_program(options["program"], options["source"]),
        format=options["format"],
        timezone=_zone(options["timezone"]),
        accept_shrink=options["accept_shrink"],
        formats=_bytes(options["formats"]) if options["formats"] else None,
        data=_bytes(options["feed"], format_=options["format"]),
    )


def _bytes(name: str, *, format_: str = "") -> bytes:
    if _ADDRESS.match(name):
        return _fetched(name, format_)
    path = Path(name)
    try:
        if path.is_dir():
            raise _usage(f"{name} is a folder, not a file.")
        # Its size is not asked: a pipe has none, and a device no end.
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except FileNotFoundError:
        raise _usage(f"There is no file {name}.") from None
    except (OSError, ValueError) as error:
        raise _usage(f"{name} cannot be read: {type(error).__name__}.") from None
    if len(data) > LARGEST:
        raise _usage(f"{name} is larger than {LARGEST // 1024**2} MB.")
    return data


def _fetched(url: str, format_: str) -> bytes:
    try:
        if format_ and bmlt_server.is_server(url, format_=format_):
            return bmlt_server.fetch_all(url).body
        return fetch(url).body
    except FetchError as error:
        if error.code == "address":
            raise _usage(str(error)) from error
        raise


def _keep_address(slug: str, name: str) -> None:
    """Let a source without an address keep the one it was read from; it is not read by itself."""
    if _ADDRESS.match(name) and len(name) <= 500:
        Source.objects.filter(slug=slug, url="").update(url=name)


def _program(slug: str, source: str) -> Program:
    program = Program.objects.filter(slug=slug).first()
    if program is None:
        raise _usage(f"There is no program {slug}. Run load_programs, or see /programs/.")
    other = Source.objects.filter(slug=source).exclude(program=program).first()
    if other is not None:
        raise _usage(f"The source {source} belongs to another program, {other.program.slug}.")
    return program


def _zone(name: str) -> str:
    # Only whole names here: "EST" would be a guess, and a guess in an option is a slip.
    zone = read_zone(name) if "/" in name or name == "UTC" else ""
    if name and not zone:
        raise _usage(f"--timezone {name} is no IANA zone, such as America/Chicago.")
    return zone


def _usage(sentence: str) -> CommandError:
    return CommandError(sentence, returncode=_USAGE)
