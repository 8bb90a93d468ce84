"""The values that pass between judging, scoring, choosing and the pages."""

from dataclasses import dataclass, field
from datetime import date

from finder.search.candidates import CandidateGroup, CandidateMeeting, Reading
from finder.vocab import POSITIVE_LABELS
from referrals.matching.needs import Way
from referrals.matching.scoring import Terms, is_secular, total

# A person's own wishes, in the order in which they may be let go.
WISHES = ("travel", "identity", "model", "time")
# Scores that are alike to a billionth are a tie.
SCORE_STEPS = 1_000_000_000
# Within so many miles a group is near, however few were asked for.
NEAREST = 5.0


@dataclass(frozen=True)
class Line:
    """One thing to say of a match: a code for programs and tests, and the words."""

    code: str
    words: str


@dataclass(frozen=True)
class MatchMeeting:
    """One meeting a person could go to, and how; ``minutes`` of travel are an estimate."""

    meeting: CandidateMeeting
    way: Way
    minutes: float = 0.0
    is_too_far: bool = False
    is_at_other_time: bool = False
    # Codes of what must be asked before going.
    unknown: tuple[str, ...] = ()

    @property
    def broken(self) -> frozenset[str]:
        """The wishes it does not keep."""
        kept = {"travel": self.is_too_far, "time": self.is_at_other_time}
        return frozenset(wish for wish, is_broken in kept.items() if is_broken)


@dataclass(frozen=True)
class Match:
    """A group that fits, with its score, its reasons, and what nobody knows yet."""

    group: CandidateGroup
    # The meetings one could go to, soonest first; ``best`` decides travel and format.
    meetings: tuple[MatchMeeting, ...]
    best: MatchMeeting
    terms: Terms
    readings: tuple[Reading, ...] = ()
    broken: frozenset[str] = frozenset()
    reasons: tuple[Line, ...] = field(default=())
    not_known: tuple[Line, ...] = field(default=())
    cautions: tuple[Line, ...] = field(default=())

    @property
    def score(self) -> float:
        return total(self.terms)

    @property
    def way(self) -> Way:
        return self.best.way

    @property
    def is_secular(self) -> bool:
        return is_secular(self.group, self.group.focus.yes | self.best.meeting.focus.yes)

    @property
    def is_positive(self) -> bool:
        """Say whether the group is known to accept every medication that matters."""
        return bool(self.readings) and all(
            reading.label in POSITIVE_LABELS for reading in self.readings
        )

    @property
    def must_ask_first(self) -> bool:
        return bool(self.best.unknown)

    @property
    def verified_on(self) -> date:
        """The newest confirmation of the group or a usable meeting."""
        days = [self.group.verified_on, *(item.meeting.verified_on for item in self.meetings)]
        return max((day for day in days if day is not None), default=date.min)

    @property
    def rank(self) -> tuple:
        """Sort key: score, then the ties of the method."""
        return (
            -round(self.score * SCORE_STEPS),
            -self.verified_on.toordinal(),
            self.best.minutes,
            self.group.id,
        )
