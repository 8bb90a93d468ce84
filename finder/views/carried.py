"""What goes along with every step of a search without being part of it: the view and the plan."""

import re
from dataclasses import dataclass, replace

from django.http import QueryDict

from finder.search import Search
from finder.search.params import Params

MAX_MEETINGS = 20
VIEWS = ("week",)
_IDS = re.compile(r"\d{1,18}(,\d{1,18})*", re.ASCII)


@dataclass(frozen=True)
class Carried:
    """How results are shown, and the meetings a person has chosen so far."""

    view: str = ""
    plan: tuple[int, ...] = ()

    @property
    def params(self) -> Params:
        """Return it as parameters of an address or a form."""
        params = {"view": [self.view]} if self.view else {}
        return params | {"m": [ids_text(self.plan)]} if self.plan else params


def take_carried(query: QueryDict) -> tuple[Carried, QueryDict]:
    """Part what is carried from what is asked; what cannot be read is left with the question."""
    asked = query.copy()
    view = asked.get("view", "")
    plan = read_ids(asked)
    if view in VIEWS:
        del asked["view"]
    if plan is not None:
        del asked["m"]
    return Carried(view if view in VIEWS else "", tuple(plan or ())), asked


def carrying(search: Search, carried: Carried) -> Search:
    """Return the search with what is carried in its parameters and behind each of its chips."""
    if not carried.params:
        return search
    chips = [replace(c, without={**c.without, **carried.params}) for c in search.chips]
    return replace(search, params={**search.params, **carried.params}, chips=tuple(chips))


def read_ids(query: QueryDict) -> list[int] | None:
    """Read ``m=1,2,3``, in its order and without repeats; None when it is not that."""
    text = ",".join(query.getlist("m"))
    if not _IDS.fullmatch(text):
        return None
    ids = list(dict.fromkeys(int(part) for part in text.split(",")))
    return ids if len(ids) <= MAX_MEETINGS else None


def ids_text(ids: tuple[int, ...] | list[int]) -> str:
    """Write chosen meetings for an address.

    >>> ids_text([3, 1])
    '3,1'
    """
    return ",".join(str(pk) for pk in ids)
