"""Says in one word what the directory holds of a source; the long proofs compare it."""

# Ids stay out of what two databases, or two orders of rows, are compared by; records get new ones.
_ROWS = """
SELECT 'group' AS kind, source_key, to_jsonb(g) - {hidden} AS told FROM finder_group g
    WHERE source_id = {source}
UNION ALL SELECT 'place', source_key, to_jsonb(p) - {hidden} FROM finder_place p
    WHERE source_id = {source}
UNION ALL SELECT 'meeting', m.source_key, (to_jsonb(m) - {hidden})
    || jsonb_build_object('in', g.source_key, 'at', p.source_key)
    FROM finder_meeting m JOIN finder_group g ON g.id = m.group_id
    LEFT JOIN finder_place p ON p.id = m.place_id WHERE m.source_id = {source}
UNION ALL SELECT 'record', key, to_jsonb(r) - {hidden} - 'id' FROM finder_record r
    WHERE source_id = {source}
UNION ALL SELECT 'listing', m.source_key, to_jsonb(l) - {hidden} - 'words' - 'document'
    FROM finder_listing l JOIN finder_meeting m ON m.id = l.meeting_id
    WHERE m.source_id = {source}
"""
_DIGEST = (
    "SELECT md5(coalesce("
    "string_agg(md5(told::text), '' ORDER BY kind, source_key, told::text), ''))"
    " FROM ({rows}) AS rows"
)
_SOURCE = "(SELECT id FROM finder_source WHERE slug = %(slug)s)"
_IDS = "ARRAY['id', 'group_id', 'place_id', 'meeting_id', 'source_id', 'merged_into_id']"


def digest(cursor, slug: str, *, with_ids: bool = True) -> str:
    """Hash the groups, places, meetings, records and listings of a source."""
    hidden = "ARRAY['created_at']" if with_ids else f"({_IDS} || ARRAY['created_at'])"
    rows = _ROWS.format(hidden=hidden, source=_SOURCE)
    cursor.execute(_DIGEST.format(rows=rows), {"slug": slug})
    return cursor.fetchone()[0]
