"""Bring the catalogue of programs up to finder/data/programs.json."""

from django.core.management.base import BaseCommand

from finder import catalogue


class Command(BaseCommand):
    help = "Load the catalogue of programs; a second run writes nothing."

    def handle(self, *args, **options) -> None:
        done = catalogue.load(catalogue.read())
        self.stdout.write(
            f"Programs: {done.created} created, {done.updated} updated, {done.unchanged} unchanged."
        )
