"""A town of ten groups as a feed, and what the directory holds of it, for tests of ingest."""

from datetime import UTC, datetime

from django.db import connection

from finder.models import Group, Meeting, Place

NOW = datetime(2026, 11, 10, 17, 0, tzinfo=UTC)
STREETS = ["Walnut", "Oak", "Elm", "Pine", "Ash", "Cedar", "Birch", "Maple", "Beech", "Holly"]


def row(number, **fields):
    """One row of a town whose groups each meet once a week in a hall of their own."""
    street = STREETS[number % 10]
    defaults = {
        "name": f"Group {street} {number}",
        "slug": f"slug-{number}",
        "day": number % 7,
        "time": "19:00",
        "formatted_address": f"{number} {street} St, Springfield, IL 62701, USA",
        "latitude": 39.8 + number / 1000,
        "longitude": -89.65,
        "types": ["O", "D"],
        "updated": "2025-03-04 05:06:07",
    }
    return {k: v for k, v in (defaults | fields).items() if v is not ...}


TEN = [row(number) for number in range(10)]


def counts(outcome, *names):
    return tuple(outcome.counts[name] for name in names)


def digest(*, without=()):
    """Return what the directory says, by key, whatever ids it gave."""
    hidden = {"_state", "id", "group_id", "place_id", "source_id", "created_at", *without}
    return {
        model.__name__: sorted(
            str({k: v for k, v in vars(each).items() if k not in hidden} | {"of": str(of(each))})
            for each in model.objects.all()
        )
        for model, of in (
            (Group, lambda g: ""),
            (Place, lambda p: ""),
            (Meeting, lambda m: (m.group.source_key, m.place and m.place.source_key)),
        )
    }


def row_counts():
    """Count the rows of every table, those of the change history too."""
    with connection.cursor() as cursor:
        counted = {}
        for table in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counted[table] = cursor.fetchone()[0]
    return counted
