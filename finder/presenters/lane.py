"""Shows a service body what is said of its groups: each fact with its source and its day."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finder.acceptance import METHOD
from finder.models import DIMENSIONS, Evidence, Group, GroupReply, GroupStatement, Meeting
from finder.presenters.acceptance import AcceptanceWords, for_every_medication
from finder.presenters.facts import ANSWERS
from finder.presenters.facts import DIMENSIONS as QUESTIONS
from finder.presenters.groups import MeetingLine, checked_words, meeting_line
from finder.presenters.words import date_words, medication_words, month_words
from finder.vocab import EvidenceKind, EvidenceTarget

DONE = {
    "confirmed": gettext_lazy("Thank you. The listing now says that you checked it today."),
    "confirmed-all": gettext_lazy("Thank you. All listings now say that you checked them today."),
    "quiet": gettext_lazy("We write no more letters. This link goes on working."),
    "taken-out": gettext_lazy("The group is no longer listed. No later import brings it back."),
    "replied": gettext_lazy("The answer is on the group’s page now."),
    "stated": gettext_lazy("Thank you. A curator reviews the statement before it counts."),
    "corrected": gettext_lazy("Thank you. A curator looks at the correction first."),
}


@dataclass(frozen=True)
class PieceWords:
    """One piece of evidence: who said it, when, of what, and what happens to it."""

    kind: str
    month: str
    about: str
    answers: str
    source: str
    note: str


@dataclass(frozen=True)
class GroupWords:
    """One group on the page of its service body."""

    group: Group
    source: str
    checked: str
    meetings: list[MeetingLine]
    readings: list[AcceptanceWords]
    pieces: list[PieceWords]
    reply: GroupReply | None
    reply_day: str
    statements: list[str]


def group_words(groups: QuerySet[Group], *, today: date) -> list[GroupWords]:
    """Make the groups of one page ready, in a fixed number of queries."""
    listed = Meeting.objects.listed().select_related("place").order_by("weekday", "start", "pk")
    rows = groups.select_related("program", "source").prefetch_related(
        Prefetch("meetings", listed, to_attr="shown_meetings"),
        "assessments",
        Prefetch("evidence", _told(), to_attr="told_evidence"),
        Prefetch("replies", GroupReply.objects.standing(), to_attr="standing_replies"),
        Prefetch("statements", GroupStatement.objects.order_by("-pk"), to_attr="all_statements"),
    )
    return [_words(row, today=today) for row in rows]


def _told() -> QuerySet[Evidence]:
    """Evidence that is shown, and what the group is asked about; never single patients' reports."""
    standing = Evidence.objects.standing().exclude(kind=EvidenceKind.PATIENT_REPORT)
    return standing.filter(clinic=None).order_by("-on", "-pk")


def _words(group: Group, *, today: date) -> GroupWords:
    shows = group.may_show_evidence
    reply = group.standing_replies[0] if group.standing_replies else None
    program = group.program.slug
    return GroupWords(
        group=group,
        source=group.source.name if group.source else _("Entered by a curator"),
        checked=checked_words(group, today=today),
        meetings=[meeting_line(row) for row in group.shown_meetings],
        readings=for_every_medication(group.assessments.all(), program=program, today=today)
        if shows
        else [],
        pieces=[_piece(row) for row in group.told_evidence] if shows else [],
        reply=reply,
        reply_day=date_words(reply.said_on) if reply else "",
        statements=[_statement(row) for row in group.all_statements],
    )


def _piece(row: Evidence) -> PieceWords:
    told = [
        f"{QUESTIONS[name]}: {ANSWERS[getattr(row, name)]}"
        for name in DIMENSIONS
        if name in QUESTIONS and getattr(row, name)
    ]
    if row.no_pressure:
        pressed = row.no_pressure == "no"
        told.append(_("Pressure to stop: reported") if pressed else _("Pressure to stop: none"))
    return PieceWords(
        kind=str(EvidenceKind(row.kind).label),
        month=month_words(row.on),
        about=_("any medication")
        if row.target == EvidenceTarget.ANY
        else medication_words(row.target),
        answers=". ".join(told),
        source=row.source_url,
        note=_asked(row),
    )


def _asked(row: Evidence) -> str:
    if row.reply_asked_on is None:
        return ""
    until = row.reply_asked_on + timedelta(days=METHOD.windows.reply_days)
    return _("We asked for the group’s answer on %(asked)s and wait for it until %(until)s.") % {
        "asked": date_words(row.reply_asked_on),
        "until": date_words(until),
    }


def _statement(row: GroupStatement) -> str:
    said = _("a position") if row.has_position else _("no position")
    state = {None: _("waits for review"), True: _("accepted"), False: _("not accepted")}
    return _("Statement of %(day)s: %(said)s; %(state)s.") % {
        "day": date_words(row.on),
        "said": said,
        "state": state[row.is_accepted],
    }


def _told_otherwise(group: Group) -> str:
    """Give the reply that reached a curator by another way than the group's link."""
    told = group.evidence.standing().exclude(reply="").order_by("-reply_asked_on", "-pk")
    return told.values_list("reply", flat=True).first() or ""


def said_by_group(group: Group) -> Iterable[str]:
    """Give what the group itself says, for its public page; three queries."""
    reply = group.replies.all().standing().first()
    if reply:
        yield _("The group answers (%(day)s): “%(text)s”") % {
            "day": date_words(reply.said_on),
            "text": reply.text,
        }
    elif told := _told_otherwise(group):
        yield _("The group answers: “%(text)s”") % {"text": told}
    none = group.statements.all().no_position().first()
    if none:
        yield _("The group told us it has no position on medication (%(day)s).") % {
            "day": date_words(none.on)
        }
