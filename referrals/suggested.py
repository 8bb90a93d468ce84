"""Makes suggestions ready to be shown and to be kept with a plan; it chooses nothing."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from uuid import UUID

from finder.presenters.cards import viewer_now, where_words
from finder.presenters.schedules import days_words
from finder.presenters.words import miles, start_words
from finder.search.candidates import CandidateMeeting
from referrals.lifecycle import Choice
from referrals.matching import Line, Match, MatchMeeting, Needs, Suggestions, Way, suggest

OTHERS = 4


@dataclass(frozen=True)
class MeetingChoice:
    """One meeting that a person may tick."""

    id: int
    name: str
    when: str
    where: str
    distance: str
    way: str


@dataclass(frozen=True)
class GroupCard:
    """One suggested group: its best meeting, others of it, and what is known and not."""

    group_id: int
    name: str
    program: str
    best: MeetingChoice
    others: tuple[MeetingChoice, ...]
    reasons: tuple[Line, ...]
    not_known: tuple[Line, ...]
    cautions: tuple[Line, ...]


def again(needs: dict, *, vetoed: Iterable[int], clinic: UUID, now: datetime) -> Suggestions | None:
    """Suggest anew for the needs kept with a plan, without some groups; None without needs."""
    if not needs:
        return None
    wanted = Needs.from_document(needs)
    without = tuple(dict.fromkeys([*wanted.vetoed_groups, *vetoed]))
    return suggest(replace(wanted, vetoed_groups=without), now=now, clinic=clinic)


def cards(matches: Iterable[Match], *, needs: Needs, now: datetime) -> list[GroupCard]:
    """Put matches into words, on the clock of the place they start from."""
    clock = viewer_now(now, needs.zone)
    return [_card(match, clock=clock) for match in matches]


def meeting_ids(shown: Iterable[GroupCard]) -> dict[int, GroupCard]:
    """Map each meeting that can be ticked to its group's card."""
    return {meeting.id: card for card in shown for meeting in (card.best, *card.others)}


def choices(shown: Iterable[GroupCard], ticked: Iterable[int]) -> list[Choice]:
    """Group ticked meetings into what the plan refers to, with the first reason shown."""
    wanted = set(ticked)
    found: dict[int, Choice] = {}
    for card in shown:
        mine = [meeting.id for meeting in (card.best, *card.others) if meeting.id in wanted]
        if mine:
            # A group may stand there twice: suggested, and with other meetings on a shortlist.
            first = found.get(card.group_id) or Choice(card.group_id, (), card.reasons[0].words)
            found[card.group_id] = replace(first, meeting_ids=(*first.meeting_ids, *mine))
    return list(found.values())


def document(suggestions: Suggestions, *, now: datetime, shortlisted: Iterable[Match] = ()) -> dict:
    """Keep what was shown, with scores and words, so that a plan can be understood later."""
    return {
        "at": now.isoformat(),
        "three": [_kept(match) for match in suggestions.chosen],
        "rest": [_kept(match) for match in suggestions.rest],
        "shortlisted": [_kept(match) for match in shortlisted],
        "why_not": [
            {"group": why.group.id, "name": why.group.name, "reason": asdict(why.reason)}
            for why in suggestions.why_not
        ],
        "notes": [asdict(note) for note in suggestions.notes],
        "let_go": list(suggestions.let_go),
    }


def _kept(match: Match) -> dict:
    return {
        "group": match.group.id,
        "name": match.group.name,
        "program": match.group.program,
        "meetings": [item.meeting.id for item in match.meetings],
        "best": match.best.meeting.id,
        # In the order of the medications that matter: for counting what was known at the time.
        "labels": [str(reading.label) for reading in match.readings],
        "score": round(match.score, 6),
        "terms": asdict(match.terms),
        "reasons": [asdict(line) for line in match.reasons],
        "not_known": [asdict(line) for line in match.not_known],
        "cautions": [asdict(line) for line in match.cautions],
    }


def _card(match: Match, *, clock: datetime) -> GroupCard:
    # A hybrid meeting stands there once for each way to take part.
    others = {item.meeting.id: item for item in reversed(match.meetings)}
    others.pop(match.best.meeting.id, None)
    by_time = [item for item in match.meetings if others.get(item.meeting.id) is item]
    return GroupCard(
        group_id=match.group.id,
        name=match.group.name,
        program=match.group.program_name,
        best=_choice(match.best, clock=clock),
        others=tuple(_choice(item, clock=clock) for item in by_time[:OTHERS]),
        reasons=match.reasons,
        not_known=match.not_known,
        cautions=match.cautions,
    )


def _choice(item: MatchMeeting, *, clock: datetime) -> MeetingChoice:
    meeting = item.meeting
    is_there = item.way == Way.IN_PERSON
    distance = meeting.distance_miles if is_there else None
    return MeetingChoice(
        id=meeting.id,
        name=meeting.name,
        when=_when(meeting, clock=clock),
        where=where_words(meeting.row.get("place")) if is_there else "",
        distance="" if distance is None else miles(distance),
        way=str(Way(item.way).label),
    )


def _when(meeting: CandidateMeeting, *, clock: datetime) -> str:
    if meeting.next_start is None:
        return days_words(meeting.kind, weekday=None)
    start = meeting.next_start.astimezone(clock.tzinfo)
    return start_words(start, clock, minutes=meeting.row.get("duration"))
