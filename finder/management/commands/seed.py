"""Write a synthetic directory for benchmarks."""

import argparse
import time

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from finder import bulk, curation, demo
from finder.models import Assessment, Group, Meeting, Place, Source
from finder.search import index


class Command(BaseCommand):
    help = "Write N synthetic meetings over real ZIP code points; the same S gives the same rows."

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        parser.add_argument("--meetings", type=int, required=True, metavar="N")
        parser.add_argument("--seed", type=int, default=1, metavar="S")

    def handle(self, *args, meetings: int, seed: int, **options) -> None:
        began, today = time.monotonic(), timezone.localdate()
        try:
            seeded = demo.seed(meetings=meetings, number=seed, today=today)
        except demo.DemoError as error:
            raise CommandError(str(error)) from error
        curation.assess_unasked(Source.objects.get(slug=f"seed-{seed}"), today=today)
        index.rebuild()
        bulk.vacuum(Place, Group, Meeting, Assessment)
        self.stdout.write(
            f"Wrote {seeded.groups} groups and {seeded.meetings} meetings "
            f"in {time.monotonic() - began:.1f} s."
        )
