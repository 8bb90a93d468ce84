"""The score of a match: eight terms, each from 0 to 1, and their weights; nobody measured them."""

from collections.abc import Iterable
from dataclasses import dataclass, fields
from math import fsum
from types import MappingProxyType

from finder.acceptance import match_term
from finder.search.candidates import CandidateGroup, Reading
from finder.vocab import Focus, MeetingType, Model
from referrals.matching.needs import AcceptanceMode, Needs, Travel, Way

WEIGHTS = MappingProxyType(
    {
        "moud": 0.30,
        "schedule": 0.15,
        "travel": 0.15,
        "model": 0.15,
        "identity": 0.10,
        "substance": 0.05,
        "format": 0.05,
        "newcomer": 0.05,
    }
)
# Miles an hour, the detour of roads, and the minutes that halve the term.
SPEEDS = MappingProxyType({Travel.CAR: 30.0, Travel.BUS: 12.0, Travel.FOOT: 3.0})
DETOUR = 1.3
HALVING_MINUTES = 20.0
SUBSTANCES = frozenset({Focus.STIMULANTS, Focus.OPIOIDS, Focus.ALCOHOL, Focus.CANNABIS})
# Focus codes that say who a group is made for, not what happens there or what was used.
AUDIENCES = (
    frozenset(Focus)
    - SUBSTANCES
    - {Focus.NEWCOMERS, Focus.SECULAR, Focus.RURAL, Focus.DUAL_DIAGNOSIS}
)
RELIGIOUS = frozenset({Focus.CHRISTIAN, Focus.MUSLIM, Focus.JEWISH, Focus.BUDDHIST})
ANY_SUBSTANCE = "any"


@dataclass(frozen=True)
class Terms:
    """What each part of a score is worth, from 0 to 1."""

    moud: float
    schedule: float
    travel: float
    model: float
    identity: float
    substance: float
    format: float
    newcomer: float


def total(terms: Terms) -> float:
    """Weigh the terms into one score.

    >>> round(total(Terms(0.5, 1, 1, 1, 0.5, 0.9, 0.6, 0.5)), 6)
    0.75
    """
    return fsum(WEIGHTS[field.name] * getattr(terms, field.name) for field in fields(terms))


def travel_minutes(miles: float, travel: Travel) -> float:
    """Estimate the minutes one way; 0 for someone who joins from home."""
    return 60 * DETOUR * miles / SPEEDS[travel] if travel in SPEEDS else 0.0


def travel_term(minutes: float) -> float:
    """Give 1 at the door and half as much for each further 20 minutes."""
    return 2.0 ** (-minutes / HALVING_MINUTES)


def moud_term(readings: Iterable[Reading | None], program: str, needs: Needs) -> float:
    """Give the least of the terms for the medications that matter; 1 when none does."""
    if needs.acceptance == AcceptanceMode.ANY:
        return match_term(None, program)
    terms = [match_term(reading, program) for reading in readings]
    return min(terms, default=match_term(None, program))


def schedule_term(usable_per_week: float, wanted: int) -> float:
    """Give the share of the wanted weekly meetings that one could go to, at most 1."""
    return min(usable_per_week / wanted, 1.0)


def is_secular(group: CandidateGroup, focus: frozenset[str]) -> bool:
    """Say whether a group is secular, by its program or by what it is made for."""
    return group.is_secular is True or Focus.SECULAR in focus


def model_term(group: CandidateGroup, focus: frozenset[str], needs: Needs) -> float:
    """Give 1 for a wanted model, 0 for an unwanted one, and half between."""
    secular = is_secular(group, focus)
    kinds = {group.model} | ({str(Model.SECULAR)} if secular else set())
    is_religious = not secular and (group.model == Model.FAITH or focus & RELIGIOUS)
    if kinds & set(needs.models_unwanted) or (needs.no_religion and is_religious):
        return 0.0
    return 1.0 if kinds & set(needs.models_wanted) else 0.5


def identity_term(yes: frozenset[str], no: frozenset[str], needs: Needs) -> float:
    """Give 1 where the person would feel at home, 0 where a group is made for others.

    Never inferred: with nothing stated every group is worth half.
    """
    wished = needs.wished_focus
    if wished & yes:
        return 1.0
    if needs.focus and (yes & AUDIENCES or set(needs.focus) <= no):
        return 0.0
    return 0.5


def substance_term(group: CandidateGroup, focus: frozenset[str], needs: Needs) -> float:
    """Give 1 for a group about this substance, .7 for a general one, .5 for one about another."""
    named = (group.substances | focus & SUBSTANCES) - {ANY_SUBSTANCE}
    if needs.substance and needs.substance in named:
        return 1.0
    return 0.5 if named and needs.substance and ANY_SUBSTANCE not in group.substances else 0.7


def format_term(way: Way, needs: Needs) -> float:
    """Give 1 for a way that is preferred, or any where none is."""
    return 1.0 if not needs.formats or way in needs.formats else 0.6


def newcomer_term(focus: frozenset[str], types: frozenset[str]) -> float:
    """Give 1 where newcomers are expected."""
    return 1.0 if Focus.NEWCOMERS in focus or MeetingType.BEGINNER in types else 0.5
