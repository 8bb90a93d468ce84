"""What the screen of one piece shows: its words, its reviews, its clock, and what else is known."""

from datetime import date, timedelta

from finder.acceptance import METHOD, level, score
from finder.admin.evidence_forms import QUESTIONS, answer_choices
from finder.models import DIMENSIONS, Evidence, ServiceBody, User
from finder.presenters.acceptance import for_every_medication


def screen(row: Evidence, *, by: User, today: date) -> dict:
    """Collect it for one person, who may not be the second reviewer of their own review."""
    group, piece = row.group, row.as_piece()
    others = group.evidence.exclude(pk=row.pk).select_related("reviewed_by")
    body = ServiceBody.objects.filter(program=group.program, entity=group.entity).first()
    return {
        "title": str(row.get_kind_display()),
        "row": row,
        "group": group,
        "answers": [
            (QUESTIONS[name], answer_choices(name), getattr(row, name))
            for name in DIMENSIONS
            if getattr(row, name)
        ],
        "level": level(piece),
        "score": score(piece.answers),
        "waits_until": row.reply_asked_on
        and row.reply_asked_on + timedelta(days=METHOD.windows.reply_days),
        "has_waited": row.reply_asked_on is not None
        and row.reply_asked_on + timedelta(days=METHOD.windows.reply_days) <= today,
        "can_review": row.withdrawn_at is None and _can_review(row, by),
        "is_mine": row.reviewed_by_id == by.pk and row.second_reviewed_by_id is None,
        "others": list(others.order_by("-on", "-pk")[:20]),
        "replies": list(group.replies.all().standing()),
        "readings": for_every_medication(
            group.assessments.all(), program=group.program.slug, today=today
        ),
        "body": body,
    }


def _can_review(row: Evidence, by: User) -> bool:
    if row.reviewed_by_id is None:
        return True
    return row.second_reviewed_by_id is None and row.reviewed_by_id != by.pk
