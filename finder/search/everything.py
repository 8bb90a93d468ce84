"""All that fits a search at once, for downloads: ids alone, without pages and without order."""

from dataclasses import replace

from django.db import connection

from finder.search.conditions import conditions
from finder.search.values import Search
from finder.search.when import TimeSql


def matching_ids(search: Search) -> list[int]:
    """Return the ids of every meeting that fits, in the order of their ids."""
    asked = conditions(search)
    # No order is asked for, so nothing needs to be resolved for one.
    times = TimeSql.of(replace(search, sort="name"), asked.plain, asked.params)
    sql = f"SELECT l.meeting_id FROM {asked.listings(times)} ORDER BY l.meeting_id"
    with connection.cursor() as db:
        db.execute(sql, asked.params | times.params)
        return [id_ for (id_,) in db.fetchall()]
