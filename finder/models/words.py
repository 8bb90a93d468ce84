"""The words that names of listings are made of, so that a mistyped one finds its way."""

from django.contrib.postgres.indexes import GinIndex
from django.db import models


class ListedWord(models.Model):
    """One folded word of names and places; search.vocabulary is its only writer."""

    word = models.CharField(max_length=40, primary_key=True, db_collation="C")
    # Listings that use it when all were last counted; 0 for a word that came later.
    listings = models.PositiveIntegerField(default=0)

    class Meta:
        indexes = [
            # At once and not in a list to be worked off: one of 19,000 words made a look 40 ms.
            GinIndex(
                fields=["word"],
                opclasses=["gin_trgm_ops"],
                fastupdate=False,
                name="finder_listedword_alike",
            )
        ]

    def __str__(self) -> str:
        return self.word
