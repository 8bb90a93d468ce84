"""The cities in a part of a map, largest first; what is written where is the page's matter."""

from collections.abc import Iterable

from django.db.models import Q

from finder.geo import Box
from finder.models import Locality

MOST = 120


def towns_in(boxes: Iterable[Box]) -> list[tuple[str, float, float]]:
    """Return (name, latitude, longitude) of the cities with the most ZIP codes, in one query."""
    inside = Q(pk__in=[])
    for box in boxes:
        inside |= Q(lat__gte=box.south, lat__lte=box.north, lng__gte=box.west, lng__lte=box.east)
    cities = Locality.objects.filter(inside, kind="city").order_by("-zips", "name", "pk")
    return list(cities.values_list("name", "lat", "lng")[:MOST])
