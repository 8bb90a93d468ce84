"""Times the index of one changed group, as JSON for benchmarks/speed/within.py."""

import json
import random
import statistics
import time

from django.db import transaction

from finder.models import Group, Listing, Meeting
from finder.search import index

GROUPS = 60


def main() -> None:
    """Rename many groups, each alone, and index its meetings anew; nothing is kept."""
    first, last = Group.objects.earliest("pk").pk, Group.objects.latest("pk").pk
    dice, spent = random.Random(7), []
    for _turn in range(GROUPS):
        group = Group.objects.filter(pk__gte=dice.randint(first, last)).earliest("pk")
        with transaction.atomic():
            Group.objects.filter(pk=group.pk).update(name=f"{group.name} anew")
            ids = list(Meeting.objects.filter(group=group).values_list("pk", flat=True))
            began = time.perf_counter()
            index.refresh(ids)
            spent.append((time.perf_counter() - began) * 1000)
            transaction.set_rollback(True)
    print(json.dumps({"p50": statistics.median(spent), "rows": Listing.objects.count()}))
