"""Pages of lists in the order of ids: which rows, and the cursors beside them."""

import re
from dataclasses import dataclass

from django.db.models import QuerySet
from django.http import QueryDict

from finder.api.errors import BadParameters
from finder.search import ListingFilterSet
from finder.search.values import DEFAULT_PAGE_SIZE

# "a" and an id: the rows after it; "b": those before.
_CURSOR = re.compile(r"([ab])(\d{1,18})", re.ASCII)


@dataclass(frozen=True)
class Page:
    """What was asked of a list."""

    programs: tuple[str, ...]
    size: int
    cursor: tuple[bool, int] | None

    def of(self, rows: QuerySet) -> tuple[list, str | None, str | None]:
        """Return the rows of this page, and the cursors of the pages before and after it."""
        backward, at = self.cursor or (False, 0)
        if backward:
            found = list(rows.filter(pk__lt=at).order_by("-pk")[: self.size + 1])
        else:
            found = list(rows.filter(pk__gt=at).order_by("pk")[: self.size + 1])
        has_more, found = len(found) > self.size, found[: self.size]
        if backward:
            found.reverse()
        has_before = has_more if backward else at > 0
        has_after = bool(found) if backward else has_more
        before = f"b{found[0].pk if found else at + 1}" if has_before else None
        return found, before, f"a{found[-1].pk}" if has_after else None


def read_page(params: QueryDict, *, more: tuple[str, ...], has_pages: bool = True) -> Page:
    """Read the parameters of a list; raises BadParameters for any that is not one of its own."""
    known = {*more, *(("page_size", "cursor") if has_pages else ())}
    errors = {
        name: [f"There is no parameter “{name[:40]}”."] for name in params if name not in known
    }
    found = _CURSOR.fullmatch(params.get("cursor", "a0")) if has_pages else None
    if has_pages and (not found or len(params.getlist("cursor")) > 1):
        errors["cursor"] = ["That page does not belong to this list. Start again without it."]
    own = QueryDict(mutable=True)
    for name in ("program", "page_size"):
        if name in params and name in known:
            own.setlist(name, params.getlist(name))
    filterset = ListingFilterSet(own)
    errors |= {name: list(sentences) for name, sentences in filterset.errors.items()}
    if errors:
        raise BadParameters(errors)
    values = filterset.form.cleaned_data
    return Page(
        programs=tuple(values["program"]),
        size=values["page_size"] or DEFAULT_PAGE_SIZE,
        cursor=(found[1] == "b", int(found[2])) if found else None,
    )
