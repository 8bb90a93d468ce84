"""Judges meetings that somebody names, such as a clinic's usual ones, by a person's needs."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from finder.search.candidates import candidates_of
from finder.search.clinics import as_read_by, knows_any
from referrals.matching.explaining import explained
from referrals.matching.judging import judge
from referrals.matching.matches import match_of
from referrals.matching.needs import Needs
from referrals.matching.suggesting import WhyNot, why_not_of
from referrals.matching.values import Match

# Half the way around the world: a named meeting is judged however far away it is.
_ANYWHERE = 12_500.0


@dataclass(frozen=True)
class Among:
    """Which of the named meetings fit, by group and best first, and which groups do not."""

    matches: tuple[Match, ...] = ()
    left_out: tuple[WhyNot, ...] = ()


def suggest_among(
    meetings: Mapping[int, int], needs: Needs, *, now: datetime, clinic: UUID | None = None
) -> Among:
    """Explain which of these meetings (each with its group) fit; no query without meetings.

    Only a rule that is never let go leaves one out: a wish that it breaks is told beside it.
    """
    if not meetings:
        return Among()
    around = {"lat": needs.lat, "lng": needs.lng, "miles": _ANYWHERE, "zone": needs.zone}
    groups = candidates_of(set(meetings.values()), **around, now=now)
    if clinic is not None and knows_any(clinic):
        groups = as_read_by(groups, clinic=clinic, today=now.date())
    named = defaultdict(set)
    for meeting, group in meetings.items():
        named[group].add(meeting)
    kept = [
        replace(group, meetings=mine)
        for group in groups
        if (mine := tuple(row for row in group.meetings if row.id in named[group.id]))
    ]
    judged = [judge(group, needs) for group in kept]
    fitting = [match_of(item, needs) for item in judged if not item.ruled_out_by]
    return Among(
        matches=tuple(
            explained(match, needs) for match in sorted(fitting, key=lambda match: match.rank)
        ),
        left_out=tuple(why_not_of(item) for item in judged if item.ruled_out_by),
    )
