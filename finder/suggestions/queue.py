"""How many suggestions wait, and for how long: what the desk shows first."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Min

from finder.models import Suggestion, SuggestionKind


@dataclass(frozen=True)
class Waiting:
    """The suggestions of one kind that wait."""

    kind: str
    label: str
    count: int
    oldest_days: int
    is_urgent: bool


def waiting(*, now: datetime) -> list[Waiting]:
    """Count what waits, kind by kind, what was not safe first; one query."""
    rows = Suggestion.objects.waiting().order_by().values("kind")
    counted = {row["kind"]: row for row in rows.annotate(n=Count("pk"), oldest=Min("received_at"))}
    kinds = sorted(SuggestionKind, key=lambda kind: kind != SuggestionKind.SAFETY)
    return [
        Waiting(
            kind=kind.value,
            label=str(kind.label),
            count=counted[kind]["n"],
            oldest_days=(now - counted[kind]["oldest"]).days,
            is_urgent=kind == SuggestionKind.SAFETY,
        )
        for kind in kinds
        if kind in counted
    ]
