"""Pages of referrals, newest first; a cursor is the id of the last one that was read."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter
from rest_framework.request import Request

from finder.api.errors import BadParameters
from referrals.models import Referral, State

PAGE_SIZE, MOST = 50, 100
PARAMETERS = [
    OpenApiParameter("state", OpenApiTypes.STR, enum=State.values, description="Only this state."),
    OpenApiParameter(
        "page_size", OpenApiTypes.INT, description=f"1 to {MOST}; {PAGE_SIZE} if not given."
    ),
    OpenApiParameter("cursor", OpenApiTypes.UUID, description="From the `next` of the last page."),
]


@dataclass(frozen=True)
class Page:
    """What was asked of the list."""

    state: str
    size: int
    cursor: UUID | None

    def of(
        self, content: QuerySet[Referral], bare: QuerySet[Referral]
    ) -> tuple[int, list[UUID], UUID | None]:
        """Return how many there are, the ids of this page, and the cursor of the next."""
        seen = Q(pk__in=content.order_by().values("pk")) | Q(pk__in=bare.order_by().values("pk"))
        found = Referral.objects.filter(seen)
        if self.state:
            found = found.filter(state=self.state)
        ids = self._after(found).order_by("-created_at", "-pk").values_list("pk", flat=True)
        ids = list(ids[: self.size + 1])
        after = ids[self.size - 1] if len(ids) > self.size else None
        return found.count(), ids[: self.size], after

    def _after(self, found: QuerySet[Referral]) -> QuerySet[Referral]:
        if self.cursor is None:
            return found
        # Not found where it may not be seen: such a cursor is like none that was ever given.
        last = found.filter(pk=self.cursor).values_list("created_at", flat=True).first()
        if last is None:
            raise BadParameters({"cursor": [_("This cursor leads nowhere.")]})
        return found.filter(Q(created_at__lt=last) | Q(created_at=last, pk__lt=self.cursor))

    def address(self, request: Request, after: UUID | None) -> str | None:
        """Give the address of the next page."""
        if after is None:
            return None
        params = request.GET.copy()
        params["cursor"] = str(after)
        return request.build_absolute_uri(f"{request.path}?{params.urlencode()}")


def read_page(request: Request) -> Page:
    """Read what is asked of the list; raises BadParameters for anything unknown."""
    errors: dict[str, list[str]] = {}
    for name, values in request.GET.lists():
        if name not in ("state", "page_size", "cursor"):
            errors[name] = [_("This parameter is not for this address.")]
        elif len(values) > 1:
            errors[name] = [_("Give this once.")]
    state, size = request.GET.get("state", ""), request.GET.get("page_size", str(PAGE_SIZE))
    if state and state not in State.values:
        errors["state"] = [_("There is no such state.")]
    if not (size.isascii() and size.isdecimal() and len(size) < 4 and 1 <= int(size) <= MOST):
        errors["page_size"] = [_("Give a number from 1 to %(most)s.") % {"most": MOST}]
    cursor = None
    try:
        cursor = UUID(request.GET["cursor"]) if "cursor" in request.GET else None
    except ValueError:
        errors["cursor"] = [_("This cursor leads nowhere.")]
    if errors:
        raise BadParameters(errors)
    return Page(state=state, size=int(size), cursor=cursor)
