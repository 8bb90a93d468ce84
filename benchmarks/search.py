"""A search near by, as the database alone, as our code, as API and page; beside the plain way."""

import math
from datetime import UTC, datetime

from django.core.management import call_command
from django.db import connection
from django.http import QueryDict
from django.test import Client

from benchmarks.timing import table, timed
from finder.models import Listing, Locality, Meeting
from finder.search import ListingFilterSet, query

MEETINGS = 20_000
WITHIN = 25
# Philadelphia: the cities' side of things decides what a slow search is.
NEAR = (39.95, -75.17)
QUESTION = f"near={NEAR[0]},{NEAR[1]}&within={WITHIN}&day=tue"
FLOOR = """
    SELECT document FROM finder_listing
    WHERE point(lng, lat) <@ box(point(%s, %s), point(%s, %s)) AND weekday = 1 LIMIT 20
"""


def prepare() -> None:
    """Write the synthetic directory unless it is there from an earlier run."""
    if not Locality.objects.exists():
        call_command("load_programs", verbosity=0)
        call_command("load_places", verbosity=0)
    if Listing.objects.count() < MEETINGS:
        call_command("seed", meetings=MEETINGS, seed=7)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")


def floor() -> list:
    """Ask the database for a page of stored documents in a box, and do nothing with them."""
    half_lat, half_lng = WITHIN / 69.1, WITHIN / (69.1 * math.cos(math.radians(NEAR[0])))
    corners = [NEAR[1] - half_lng, NEAR[0] - half_lat, NEAR[1] + half_lng, NEAR[0] + half_lat]
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, corners)
        return cursor.fetchall()


def plain() -> list:
    """Walk all meetings of the day and measure each distance in Python."""
    found = []
    meetings = Meeting.objects.filter(weekday=1, place__lat__isnull=False)
    for meeting in meetings.select_related("place", "group__program"):
        miles = distance(float(meeting.place.lat), float(meeting.place.lng))
        if miles <= WITHIN:
            found.append((miles, meeting.pk, meeting.name, meeting.group.name))
    return sorted(found)[:20]


def distance(lat: float, lng: float) -> float:
    """Give the miles from the middle along the globe."""
    one, two = math.radians(lat), math.radians(NEAR[0])
    chord = math.sin((one - two) / 2) ** 2
    chord += math.cos(one) * math.cos(two) * math.sin(math.radians(lng - NEAR[1]) / 2) ** 2
    return 2 * 3958.8 * math.asin(math.sqrt(chord))


def main() -> None:
    """Print the five side by side."""
    prepare()
    now = datetime.now(UTC)
    client = Client(headers={"host": "localhost"})

    def ours():
        filters = ListingFilterSet(QueryDict(QUESTION))
        assert filters.is_valid(), filters.errors
        return query(filters.search(now=now))

    def asked(path):
        response = client.get(f"{path}?{QUESTION}")
        assert response.status_code == 200, (path, response.status_code)
        return response.content

    print(f"  {Listing.objects.count()} listings, {ours().count} found")
    table(
        f"A day's meetings within {WITHIN} miles",
        timed("the database alone: a box of documents", floor),
        timed("search.query", ours),
        timed("API, whole request", lambda: asked("/api/v1/meetings/")),
        timed("page, whole request", lambda: asked("/")),
        timed("plain: every meeting measured in Python", plain, times=5),
    )
