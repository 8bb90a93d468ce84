"""The words that names of listings use: kept as listings change, and asked for what is like one."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from django.db import connection

from finder import bulk
from finder.models import ListedWord, ListingText
from finder.search import prepared
from finder.search.folding import plain

# Shorter words are never taken for mistakes, and longer ones are none that anybody types.
_WORD = re.compile(r"[a-z]{4,40}", re.ASCII)
# Each costs a look at the index; nobody mistypes more names in one search.
MOST_WORDS, MOST_ALIKE = 6, 6
_LEARN = """
  INSERT INTO finder_listedword (word, listings)
  SELECT w, 0 FROM unnest(%s::text[]) AS w ON CONFLICT DO NOTHING
"""
# A word that was counted is used; only for others are the texts themselves asked.
_IS_USED = """({word}.listings > 0 OR EXISTS (
      SELECT FROM finder_listingtext t WHERE t.words @@ plainto_tsquery('mhg', {word}.word)))"""
_ALIKE = f"""
  SELECT asked.word, used.is_used, CASE WHEN used.is_used OR number > {MOST_WORDS} THEN '{{}}'
  ELSE ARRAY(
    SELECT near.word FROM (
      SELECT v.word, similarity(v.word, asked.word) AS alike, v.listings
      FROM finder_listedword v WHERE v.word %% asked.word
      ORDER BY alike DESC, v.listings DESC, v.word LIMIT {MOST_ALIKE}
    ) AS near
    WHERE {_IS_USED.format(word="near")}
    ORDER BY near.alike DESC, near.listings DESC, near.word
  ) END
  FROM (
    SELECT w AS word, number, coalesce(v.listings, 0) AS listings
    FROM unnest(%(words)s::text[]) WITH ORDINALITY AS typed (w, number)
    LEFT JOIN finder_listedword v ON v.word = w
  ) AS asked, LATERAL (SELECT {_IS_USED.format(word="asked")} AS is_used OFFSET 0) AS used
"""


@dataclass(frozen=True)
class Known:
    """What listings know of some words: those they use, and for each other the words like it."""

    used: frozenset[str] = frozenset()
    alike: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


def words_of(text: str) -> set[str]:
    """Return the folded words of a name that are long enough to be mistyped.

    >>> sorted(words_of("St. Mary’s Café, 12 Oak Street"))
    ['cafe', 'mary', 'street']
    """
    return set(_WORD.findall(plain(text.replace("’", "'"))))


def learn(texts: Iterable[ListingText]) -> None:
    """Add the words of these listings, in one statement; their use is counted later."""
    names = {name for each in texts for name in (each.title_words, each.place_words)}
    words = sorted(set().union(*map(words_of, names)))
    if words:
        with connection.cursor() as db:
            db.execute(_LEARN, [words])


def recount() -> None:
    """Count anew how many listings use each word, and forget words that none does."""
    counts = Counter()
    names = ListingText.objects.values_list("title_words", "place_words")
    for title, place in names.iterator(chunk_size=5000):
        counts.update(words_of(f"{title} {place}"))
    stored = dict(ListedWord.objects.values_list("word", "listings"))
    if gone := stored.keys() - counts.keys():
        ListedWord.objects.filter(word__in=gone).delete()
    changed = sorted(word for word in counts if counts[word] != stored.get(word))
    rows = [ListedWord(word=word, listings=counts[word]) for word in changed]
    bulk.upsert(rows, unique=["word"])


def look_up(words: Iterable[str]) -> Known:
    """Say of some folded words which listings use, and what others are like, in one query."""
    asked = sorted(words)
    if not asked:
        return Known()
    found = prepared.fetch(_ALIKE, {"words": asked}, is_steady=True)
    used = frozenset(word for word, is_used, _alike in found if is_used)
    return Known(used, {word: tuple(alike) for word, _used, alike in found if alike})
