"""Turns a judged group into a scored match, and puts matches in order."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime

from referrals.matching.judging import Judged, readings_for, usable_within
from referrals.matching.needs import Needs, Way
from referrals.matching.scoring import (
    WEIGHTS,
    Terms,
    format_term,
    identity_term,
    model_term,
    moud_term,
    newcomer_term,
    schedule_term,
    substance_term,
    travel_term,
)
from referrals.matching.values import WISHES, Match, MatchMeeting

# Which of the wishes on meetings to let go for one group: none, then the cheaper first.
_MEETING_WISHES = (
    frozenset[str](),
    frozenset({"travel"}),
    frozenset({"time"}),
    frozenset({"travel", "time"}),
)
_LAST = datetime.max.replace(tzinfo=UTC)
# A meeting round the clock fills any week.
_ROUND_THE_CLOCK = 7.0


def match_of(judged: Judged, needs: Needs) -> Match:
    """Score a group over the meetings that keep the most of the person's wishes."""
    usable = next(
        kept for let_go in _MEETING_WISHES if (kept := usable_within(judged.meetings, let_go))
    )
    group = judged.group
    best = min(usable, key=lambda item: _preference(item, needs))
    yes = group.focus.yes.union(*(item.meeting.focus.yes for item in usable))
    no = group.focus.no.union(*(item.meeting.focus.no for item in usable)) - yes
    types = frozenset().union(*(item.meeting.types for item in usable))
    readings = readings_for(group, needs)
    terms = Terms(
        moud=moud_term(readings, group.program, needs),
        schedule=schedule_term(_per_week(usable), needs.wanted_per_week),
        travel=travel_term(best.minutes),
        model=model_term(group, yes, needs),
        identity=identity_term(yes, no, needs),
        substance=substance_term(group, yes, needs),
        format=format_term(best.way, needs),
        newcomer=newcomer_term(yes, types),
    )
    return Match(
        group=group,
        meetings=tuple(sorted(usable, key=_soonest)),
        best=best,
        terms=terms,
        readings=readings,
        broken=best.broken | _broken_by_group(terms),
    )


def _broken_by_group(terms: Terms) -> frozenset[str]:
    broken = {"identity": terms.identity == 0, "model": terms.model == 0}
    return frozenset(wish for wish, is_broken in broken.items() if is_broken)


def _preference(item: MatchMeeting, needs: Needs) -> tuple:
    """Order the ways of one group: the dearest to the score first."""
    worth = WEIGHTS["travel"] * travel_term(item.minutes)
    worth += WEIGHTS["format"] * format_term(item.way, needs)
    return (-worth, len(item.unknown), *_soonest(item))


def _soonest(item: MatchMeeting) -> tuple:
    way = list(Way).index(item.way)
    return (item.meeting.next_start or _LAST, item.meeting.id, way)


def _per_week(usable: Iterable[MatchMeeting]) -> float:
    weekly = {
        item.meeting.id: _ROUND_THE_CLOCK
        if item.meeting.kind == "always"
        else item.meeting.per_week
        for item in usable
    }
    return sum(weekly.values())


def in_order(matches: Iterable[Match]) -> list[Match]:
    """Rank matches by score and the ties of the method.

    Among those one would join in the same way, what must be asked first comes below what is
    known to fit; a group joined from home does not outrank a near one for that alone.
    """
    by_score = sorted(matches, key=lambda match: match.rank)
    queues: dict[Way, list[Match]] = defaultdict(list)
    for match in sorted(by_score, key=lambda match: match.must_ask_first):
        queues[match.way].append(match)
    return [queues[match.way].pop(0) for match in by_score]


def surviving(matches: Sequence[Match], *, let_go: int) -> list[Match]:
    """Keep the matches that break none of the wishes but the first ``let_go``."""
    gone = frozenset(WISHES[:let_go])
    return [match for match in matches if match.broken <= gone]
