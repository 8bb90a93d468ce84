"""Draws groups by chance, by program and rurality: the only answers that may estimate rates."""

import hashlib
from collections import defaultdict
from datetime import date

from django.db import transaction

from finder.asking.areas import areas_of
from finder.models import Draw, DrawnGroup, Group, Rurality, User


@transaction.atomic
def draw_sample(*, seed: str, per_stratum: int, programs: list[str], by: User, today: date) -> Draw:
    """Draw so many groups of each program and rurality; no program named means all.

    The same seed draws the same groups from the same directory, so that anyone can check it.
    """
    rows = Group.objects.listed().filter(program__is_listed=True).select_related("program")
    if programs:
        rows = rows.filter(program__slug__in=programs)
    groups = [group for group in rows.order_by("pk") if not group.awaits_consent]
    areas = areas_of(group.pk for group in groups)
    strata: dict[tuple[str, str], list[Group]] = defaultdict(list)
    for group in groups:
        area = areas.get(group.pk)
        rurality = area.rurality if area else Rurality.NOT_KNOWN
        strata[group.program.slug, rurality].append(group)
    draw = Draw.objects.create(seed=seed, per_stratum=per_stratum, drawn_on=today, drawn_by=by)
    DrawnGroup.objects.bulk_create(
        DrawnGroup(draw=draw, group=group, program=program, rurality=rurality)
        for (program, rurality), members in sorted(strata.items())
        for group in sorted(members, key=lambda each: _ticket(seed, each.pk))[:per_stratum]
    )
    return draw


def _ticket(seed: str, number: int) -> str:
    return hashlib.sha256(f"{seed}:{number}".encode()).hexdigest()
