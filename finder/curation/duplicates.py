"""Finds groups that two sources may both list; people decide, and programs are never mixed.

Two meetings are a candidate pair on one weekday, within five minutes, at one place (150 metres,
or the same street and town) or by one link, with names alike. Pairs of groups follow from these.
"""

from collections import defaultdict
from datetime import datetime

from django.db import connection, transaction

from finder.models import DuplicatePair, PairState

# How alike names must be, by trigrams: in one room two groups may well meet at one time.
LIKENESS = 0.3

# Cells of some 220 metres: two points within 150 metres lie in one or in neighbours.
_FIND = r"""
WITH told AS (
    SELECT m.id, m.group_id, m.source_id, g.program_id, m.weekday,
        extract(hour FROM m.start) * 60 + extract(minute FROM m.start) AS minute,
        CASE WHEN NOT p.is_approximate THEN p.lat END AS lat,
        CASE WHEN NOT p.is_approximate THEN p.lng END AS lng,
        CASE WHEN p.address <> '' THEN
            regexp_replace(lower(unaccent(p.address || ' ' || p.city)), '\W+', ' ', 'g')
        END AS street,
        CASE WHEN m.join_url <> '' THEN coalesce(
            substring(m.join_url FROM '[0-9]{{9,11}}'),
            rtrim(regexp_replace(lower(m.join_url), '^https?://(www\.)?', ''), '/')) END AS link,
        {meeting_name} AS meeting_name, {group_name} AS group_name
    FROM finder_meeting m JOIN finder_group g ON g.id = m.group_id
        LEFT JOIN finder_place p ON p.id = m.place_id AND m.format IN ('in_person', 'hybrid')
    WHERE m.kind = 'weekly' AND m.status <> 'retired' AND m.merged_into_id IS NULL
        AND g.status <> 'retired' AND g.merged_into_id IS NULL
), cells AS (
    SELECT *, floor(lat / 0.002)::bigint AS row,
        floor(lng * greatest(cos(radians(round(lat))), 0.1) / 0.002)::bigint AS col
    FROM told WHERE lat IS NOT NULL
), near AS (
    SELECT a.id AS a, b.id AS b
    FROM cells a CROSS JOIN generate_series(-1, 1) dy CROSS JOIN generate_series(-1, 1) dx
    JOIN cells b ON b.program_id = a.program_id AND b.weekday = a.weekday
        AND b.row = a.row + dy AND b.col = a.col + dx
    WHERE a.group_id < b.group_id AND a.source_id IS DISTINCT FROM b.source_id
        AND abs(a.minute - b.minute) <= 5
        AND ((a.lat - b.lat) * 111195) ^ 2
            + ((a.lng - b.lng) * 111195 * cos(radians(a.lat))) ^ 2 <= 150 ^ 2
), same AS (
    SELECT a.id AS a, b.id AS b FROM told a JOIN told b
        ON b.program_id = a.program_id AND b.weekday = a.weekday AND b.link = a.link
    WHERE a.group_id < b.group_id AND a.source_id IS DISTINCT FROM b.source_id
        AND abs(a.minute - b.minute) <= 5
    UNION
    SELECT a.id AS a, b.id AS b FROM told a JOIN told b
        ON b.program_id = a.program_id AND b.weekday = a.weekday AND b.street = a.street
    WHERE a.group_id < b.group_id AND a.source_id IS DISTINCT FROM b.source_id
        AND abs(a.minute - b.minute) <= 5
), pairs AS (SELECT a, b FROM near UNION SELECT a, b FROM same)
SELECT a.group_id, b.group_id, a.id, b.id, greatest(
    similarity(a.meeting_name, b.meeting_name), similarity(a.group_name, b.group_name),
    similarity(a.meeting_name, b.group_name), similarity(a.group_name, b.meeting_name)
) AS likeness
FROM pairs JOIN told a ON a.id = pairs.a JOIN told b ON b.id = pairs.b
ORDER BY 1, 2, likeness DESC, 3, 4
"""
# Words that half of all groups have say nothing of which one it is.
_BARE = (
    r"trim(regexp_replace(regexp_replace(lower(unaccent({name})), '\m(the|a|of|group|grp|meeting"
    r"|fellowship)\M', ' ', 'g'), '\W+', ' ', 'g'))"
)


@transaction.atomic
def find_duplicates(*, now: datetime) -> int:
    """Bring the waiting pairs up to date; returns how many wait. Decided pairs stay decided."""
    found = _found()
    known = {(pair.first_id, pair.second_id): pair for pair in DuplicatePair.objects.all()}
    fresh = []
    for key, (score, meetings) in found.items():
        pair = known.pop(key, None)
        if pair is None:
            first, second = key
            fresh.append(
                DuplicatePair(
                    first_id=first, second_id=second, score=score, meetings=meetings, found_at=now
                )
            )
        elif pair.state == PairState.WAITING and (pair.score, pair.meetings) != (score, meetings):
            pair.score, pair.meetings = score, meetings
            pair.save(update_fields=["score", "meetings"])
    DuplicatePair.objects.bulk_create(fresh, batch_size=1000)
    past = [pair.pk for pair in known.values() if pair.state == PairState.WAITING]
    DuplicatePair.objects.filter(pk__in=past).delete()
    return DuplicatePair.objects.filter(state=PairState.WAITING).count()


def _found() -> dict[tuple[int, int], tuple[float, list[list[int]]]]:
    names = {
        "meeting_name": _BARE.format(name="m.name"),
        "group_name": _BARE.format(name="g.name"),
    }
    with connection.cursor() as cursor:
        # The planner cannot know how many rows a WITH holds, and would compare each with each.
        cursor.execute("SET LOCAL enable_nestloop = off")
        cursor.execute(_FIND.format(**names))
        rows = cursor.fetchall()
        cursor.execute("SET LOCAL enable_nestloop = on")
    told: dict[tuple[int, int], list[tuple[int, int, float]]] = defaultdict(list)
    for first, second, one, other, likeness in rows:
        told[first, second].append((one, other, likeness))
    return {
        pair: (round(meetings[0][2], 3), _paired(meetings))
        for pair, meetings in told.items()
        if meetings[0][2] >= LIKENESS
    }


def _paired(meetings: list[tuple[int, int, float]]) -> list[list[int]]:
    """Pair each meeting once, the likest first."""
    taken: set[int] = set()
    found = []
    for one, other, _likeness in meetings:
        if not taken & {one, other}:
            taken |= {one, other}
            found.append([one, other])
    return sorted(found)
