"""The monthly figures: how many groups were asked and answered, and whether sources agree."""

from collections import defaultdict
from datetime import UTC, date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from finder.acceptance import Piece, publishable, sources_differ
from finder.models import (
    ANSWERS_GIVEN,
    Evidence,
    Group,
    GroupStatement,
    Inquiry,
    InquiryOutcome,
    MonthFigures,
)
from finder.vocab import Medication, Model

_CONSENTING = Q(program__is_demo=False) & (
    Q(consent_on__isnull=False)
    | (Q(needs_community_consent=False) & ~Q(program__model=Model.WELLBRIETY))
)


@transaction.atomic
def publish_figures(*, today: date) -> int:
    """Publish the months that have ended since the last time; returns how many.

    Invented programs are left out, and so are groups of which nothing may be said.
    """
    months = _unpublished(today)
    if months:
        compared, disagreed = _agreement(today)
    for month in months:
        MonthFigures.objects.create(
            month=month,
            published_on=today,
            compared=compared,
            disagreed=disagreed,
            **_counts(month),
        )
    return len(months)


def _unpublished(today: date) -> list[date]:
    last = (today.replace(day=1) - timedelta(days=1)).replace(day=1)
    newest = MonthFigures.objects.order_by("-month").values_list("month", flat=True).first()
    month = _next(newest) if newest else last
    found = []
    while month <= last:
        found.append(month)
        month = _next(month)
    return found


def _next(month: date) -> date:
    return (month + timedelta(days=32)).replace(day=1)


def _counts(month: date) -> dict[str, int]:
    groups = Group.objects.filter(_CONSENTING)
    asked = Inquiry.objects.filter(group__in=groups, asked_on__gte=month, asked_on__lt=_next(month))
    # A statement that came through its service body is an answer to the form that was sent.
    stated = GroupStatement.objects.filter(
        group__in=groups,
        is_accepted=True,
        decided_at__gte=_day(month),
        decided_at__lt=_day(_next(month)),
    )

    def count(*rows) -> int:
        return len({pk for each in rows for pk in each.values_list("group", flat=True)})

    return {
        "asked": count(asked, stated),
        "answered": count(asked.filter(outcome__in=ANSWERS_GIVEN), stated),
        "declined": count(asked.filter(outcome=InquiryOutcome.DECLINED)),
    }


def _day(on: date) -> datetime:
    return datetime(on.year, on.month, on.day, tzinfo=UTC)


def _agreement(today: date) -> tuple[int, int]:
    """Count groups with two sources on one medication, and those whose sources differ."""
    pieces: dict[int, list[Piece]] = defaultdict(list)
    listed = Group.objects.listed().filter(_CONSENTING)
    rows = Evidence.objects.filter(group__in=listed, withdrawn_at=None).order_by("pk")
    for row in rows.iterator(chunk_size=2000):
        pieces[row.group_id].append(row.as_piece())
    compared = disagreed = 0
    for group in pieces.values():
        public = publishable(group, today=today)
        found = {sources_differ(public, today=today, medication=m) for m in Medication}
        compared += found != {None}
        disagreed += True in found
    return compared, disagreed
