"""From needs to suggestions: the three, the rest, and why others were left out."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finder.search.candidates import CandidateGroup, candidates, candidates_of
from finder.search.clinics import as_read_by, knows_any
from finder.search.snapshot import current
from finder.vocab import Basis
from referrals.matching.choosing import SIZE, choose_three
from referrals.matching.explaining import explained
from referrals.matching.judging import Judged, judge
from referrals.matching.matches import in_order, match_of, surviving
from referrals.matching.needs import Needs
from referrals.matching.sifting import Sifted, sift
from referrals.matching.values import NEAREST, WISHES, Line, Match
from referrals.matching.weighing import weigh

_REST = 20
_LEFT_OUT = 8

_RULED_OUT = {
    "veto": gettext_lazy("You asked to keep away from it."),
    "family": gettext_lazy("It is for families and friends."),
    "other_concern": gettext_lazy("It is about another concern."),
    "acceptance": gettext_lazy("It is not known to accept the medication."),
    "admission": gettext_lazy("It is for other people only."),
    "language": gettext_lazy("It is held in another language."),
    "access": gettext_lazy("It cannot give what is needed to take part."),
    "way_in": gettext_lazy("There is no way to get there or to join from home."),
    "travel": gettext_lazy("It is further away than was asked for."),
    "identity": gettext_lazy("It is made for other people."),
    "model": gettext_lazy("It is another kind of group than was asked for."),
    "time": gettext_lazy("It meets at other times."),
}


@dataclass(frozen=True)
class WhyNot:
    """A nearby group that was left out, and why."""

    group: CandidateGroup
    miles: float
    reason: Line


@dataclass(frozen=True)
class Suggestions:
    """What a person is shown: three groups, more in order, and what was left out."""

    chosen: tuple[Match, ...]
    rest: tuple[Match, ...]
    why_not: tuple[WhyNot, ...]
    # What had to be let go, as sentences.
    notes: tuple[Line, ...]
    let_go: tuple[str, ...]
    # Groups within the person's miles, and how many of them were asked about medication.
    near_count: int
    asked_count: int


def suggest(needs: Needs, *, now: datetime, clinic: UUID | None = None) -> Suggestions:
    """Suggest groups for needs; a fixed number of queries.

    For a patient of a clinic, what its own patients told counts at once; for anyone else only
    what is public.

    Every group of the directory is weighed where a snapshot of it may be used. Otherwise, and
    where words of places must be looked for, it is the best few candidates that a query finds.
    """
    around = {"lat": needs.lat, "lng": needs.lng, "miles": needs.reach}
    if clinic is not None and knows_any(clinic):
        # The snapshot holds public readings alone.
        found = candidates(**around, zone=needs.zone, now=now)
        return suggest_from(as_read_by(found, clinic=clinic, today=now.date()), needs)
    columns = None if needs.vetoed_places else current(now=now)
    if columns is not None:
        sifted = sift(
            columns, weigh(columns, needs, now=now), needs, rest=_REST, left_out=_LEFT_OUT
        )
        ids = {*sifted.chosen, *sifted.rest, *sifted.left_out}
        groups = candidates_of(ids, **around, zone=needs.zone, now=now)
        if shown := suggest_sifted(sifted, groups, needs):
            return shown
    return suggest_from(candidates(**around, zone=needs.zone, now=now), needs)


def suggest_sifted(
    sifted: Sifted, groups: Iterable[CandidateGroup], needs: Needs
) -> Suggestions | None:
    """Put what was sifted into words; None when the directory says otherwise by now."""
    judged = {group.id: judge(group, needs) for group in groups}
    shown = (*sifted.chosen, *sifted.rest)
    if not {*shown, *sifted.left_out} <= judged.keys():
        return None
    if any(judged[number].ruled_out_by for number in shown):
        return None
    matches = {
        number: match_of(item, needs) for number, item in judged.items() if not item.ruled_out_by
    }
    chosen = [matches[number] for number in sifted.chosen]
    left_out = [judged[number] for number in sifted.left_out]
    return Suggestions(
        chosen=tuple(explained(match, needs) for match in chosen),
        rest=tuple(explained(matches[number], needs) for number in sifted.rest),
        why_not=_why_not(left_out, list(matches.values()), [matches[n] for n in shown], needs),
        notes=_notes(
            chosen,
            [match for match in chosen if match.group.id in sifted.added],
            is_wider=sifted.is_wider,
        ),
        let_go=WISHES[: sifted.let_go],
        near_count=sifted.near_count,
        asked_count=sifted.asked_count,
    )


def suggest_from(groups: Iterable[CandidateGroup], needs: Needs) -> Suggestions:
    """Suggest among given groups; their order does not matter."""
    judged = [judge(group, needs) for group in groups]
    matches = in_order(match_of(item, needs) for item in judged if not item.ruled_out_by)
    let_go = _fewest_let_go(matches)
    kept = surviving(matches, let_go=let_go)
    chosen = choose_three(kept, wider=_by_wishes(matches), needs_positive=bool(needs.medications))
    rest = [match for match in kept if match not in chosen]
    near = [item.group for item in judged if _is_near(item.group, needs)]
    return Suggestions(
        chosen=tuple(explained(match, needs) for match in chosen),
        rest=tuple(explained(match, needs) for match in rest[:_REST]),
        why_not=_why_not(judged, matches, [*chosen, *rest], needs),
        notes=_notes(
            chosen,
            [match for match in chosen if match not in kept],
            is_wider=any(match.broken for match in kept),
        ),
        let_go=WISHES[:let_go],
        near_count=len(near),
        asked_count=sum(map(_was_asked, near)),
    )


def _fewest_let_go(matches: Sequence[Match]) -> int:
    """Count the wishes, in their order, that must go for three groups to be left.

    When even all of them are not enough, only those are let go that bring a group.
    """
    sizes = [len(surviving(matches, let_go=count)) for count in range(len(WISHES) + 1)]
    return next(
        (count for count, size in enumerate(sizes) if size >= SIZE), sizes.index(max(sizes))
    )


def _by_wishes(matches: Sequence[Match]) -> list[Match]:
    """Order matches by how far down the order of wishes they reach, then as ranked."""

    def depth(match: Match) -> int:
        return max((WISHES.index(wish) + 1 for wish in match.broken), default=0)

    return sorted(matches, key=depth)


def _notes(chosen: Sequence[Match], added: Sequence[Match], *, is_wider: bool) -> tuple[Line, ...]:
    """Say what was let go, and what was added although it breaks a wish that was not."""
    notes: list[Line] = []
    if is_wider:
        notes.append(
            Line("let_go", _("Too few groups fit every wish, so the list looks a little wider."))
        )
    if any(match.is_positive for match in added):
        notes.append(
            Line(
                "added_positive", _("One group was added because it is known to accept medication.")
            )
        )
    elif added:
        notes.append(Line("added_secular", _("One group was added because it is secular.")))
    if len(chosen) < SIZE:
        notes.append(Line("few", _("Fewer than three groups fit what may not be let go.")))
    return tuple(notes)


def _miles(group: CandidateGroup) -> float:
    """The distance of a group's nearest meeting in person; without one it is not near."""
    distances = (meeting.distance_miles for meeting in group.meetings if meeting.is_in_person)
    return min((miles for miles in distances if miles is not None), default=float("inf"))


def _is_near(group: CandidateGroup, needs: Needs) -> bool:
    # Groups that nothing may be said of are not counted, as in the search.
    return bool(group.acceptance) and _miles(group) <= needs.miles


def _was_asked(group: CandidateGroup) -> bool:
    """Say whether anyone asked about any medication, as the search counts it."""
    return any(reading.basis == Basis.GROUP for reading in group.acceptance.values())


def _why_not(
    judged: Sequence[Judged], matches: Sequence[Match], shown: Sequence[Match], needs: Needs
) -> tuple[WhyNot, ...]:
    """Say for the nearest groups left out what ruled them out."""
    seen = {match.group.id for match in shown}
    codes = {item.group.id: item.ruled_out_by for item in judged if item.ruled_out_by}
    for match in matches:
        if match.broken and match.group.id not in seen:
            codes[match.group.id] = next(wish for wish in WISHES if wish in match.broken)
    left_out = [
        why_not_of(item, codes[item.group.id])
        for item in judged
        if item.group.id in codes and _miles(item.group) <= max(needs.miles, NEAREST)
    ]
    return tuple(sorted(left_out, key=lambda why: (why.miles, why.group.id))[:_LEFT_OUT])


def why_not_of(judged: Judged, code: str = "") -> WhyNot:
    """Put into words why a group was left out; ``code`` is a wish, else what ruled it out."""
    code = code or judged.ruled_out_by
    return WhyNot(judged.group, _miles(judged.group), Line(code, str(_RULED_OUT[code])))
