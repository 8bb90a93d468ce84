"""What matching weighs of every listing, as columns in files that all processes share.

Public facts alone: it is made from listings and holds nothing of anybody who asks. It is a copy,
so whatever is shown of a group is read from the database afterwards.
"""

from finder.geo import Point
from finder.search.snapshot.columns import ACCESS, FOCUS, Columns, Parted, parted
from finder.search.snapshot.files import current, write
from finder.search.snapshot.gathering import gather
from finder.search.snapshot.starts import NEVER, next_starts, viewed_minutes

__all__ = [
    "ACCESS",
    "FOCUS",
    "NEVER",
    "Columns",
    "Parted",
    "Point",
    "current",
    "gather",
    "next_starts",
    "parted",
    "viewed_minutes",
    "write",
]
