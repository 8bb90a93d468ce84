"""Build the table of ZIP codes and cities; the search looks places up in it."""

from operator import attrgetter

import zipcodes
from django.core.management.base import BaseCommand
from django.db import transaction

from finder.models import Locality
from finder.search.places import build

BATCH = 5000
FIELDS = ("kind", "key", "state", "name", "county", "zips", "lat", "lng", "timezone")


class Command(BaseCommand):
    """Load ZIP codes and cities from the zipcodes package; a second run changes nothing."""

    help = __doc__

    def handle(self, *args, **options) -> None:
        rows = build(zipcodes.list_all())
        stored = set(Locality.objects.values_list(*FIELDS))
        if stored == {attrgetter(*FIELDS)(row) for row in rows}:
            self.stdout.write(f"{len(rows)} places, unchanged.")
            return
        with transaction.atomic():
            Locality.objects.all().delete()
            Locality.objects.bulk_create(rows, batch_size=BATCH)
        self.stdout.write(f"{len(rows)} places loaded. Points: GeoNames (CC BY 4.0).")
