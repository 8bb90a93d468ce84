"""From pieces of evidence to an Assessment: weights, bounds, labels, order; no wording."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import fsum
from typing import Protocol

from finder.acceptance.beta import quantile
from finder.acceptance.evidence import (
    Piece,
    distinct_reporters,
    level,
    remarks_agree,
    standing,
    value,
)
from finder.acceptance.method import METHOD, Method, Prior
from finder.vocab import Basis, EvidenceKind, Label

_TIERS = {label: place for place, label in enumerate(Label)}


@dataclass(frozen=True)
class Assessment:
    """Our reading of the evidence for one group and one medication, on one day."""

    label: Label
    basis: Basis
    a: float
    b: float
    mean: float
    lower: float
    upper: float
    weight: float
    newest_on: date | None
    kinds: tuple[EvidenceKind, ...]
    caution: bool
    # Without hearsay, and its two sides.
    group_weight: float = 0.0
    positive: float = 0.0
    negative: float = 0.0


@dataclass(frozen=True)
class Weighed:
    """A piece that counts, with its y and its weight for one medication."""

    piece: Piece
    y: float
    weight: float


def relevant(pieces: Iterable[Piece], *, medication: str, method: Method = METHOD) -> list[Piece]:
    """Keep what says anything on this medication."""
    return [piece for piece in pieces if method.factor(piece.target, medication) > 0]


def weigh(
    pieces: Iterable[Piece], *, today: date, medication: str, method: Method = METHOD
) -> list[Weighed]:
    """Weigh what counts for one medication, each kind scaled down to its cap."""
    kept = standing(relevant(pieces, medication=medication, method=method), method=method)
    remark_counts = remarks_agree(kept, method=method)
    by_kind: dict[str, list[Weighed]] = defaultdict(list)
    for piece in kept:
        y = value(piece, remark_counts=remark_counts, method=method)
        if y is None:
            continue
        weight = _weight(piece, today=today, medication=medication, method=method)
        by_kind[piece.kind].append(Weighed(piece, y, weight))
    return [item for kind, items in by_kind.items() for item in _capped(items, kind, method)]


def _weight(piece: Piece, *, today: date, medication: str, method: Method) -> float:
    numbers = method.kinds[piece.kind]
    # A date in the future is a slip of the pen: it weighs as today, never more.
    age = max((today - piece.on).days, 0)
    aged = numbers.weight * 2.0 ** (-age / numbers.half_life)
    return aged * method.factor(piece.target, medication)


def _capped(items: Sequence[Weighed], kind: str, method: Method) -> list[Weighed]:
    cap = method.kinds[kind].cap
    total = fsum(item.weight for item in items)
    if cap is None or total <= cap:
        return list(items)
    return [Weighed(item.piece, item.y, item.weight * cap / total) for item in items]


def assess(
    evidence: Iterable[Piece],
    *,
    today: date,
    program: str,
    medication: str,
    cleared: bool = False,
    method: Method = METHOD,
) -> Assessment:
    """Read the evidence on one group for one medication.

    ``program`` is a slug; ``cleared`` says that the negative side may be published
    (see is_cleared). What was left out of ``evidence`` decides whose view it is (see views).
    """
    evidence = list(evidence)
    prior = method.prior(program, medication)
    weighed = weigh(evidence, today=today, medication=medication, method=method)
    # fsum: the order in which evidence arrives must not change the last digit.
    a = prior.a + fsum(item.weight * item.y for item in weighed)
    b = prior.b + fsum(item.weight * (1 - item.y) for item in weighed)
    limits = method.thresholds
    heard = [item for item in weighed if not item.piece.is_hearsay]
    group_weight = fsum(item.weight for item in heard)
    positive = fsum(item.weight for item in heard if item.y >= limits.positive_y)
    negative = fsum(item.weight for item in heard if item.y < limits.positive_y)
    mean = a / (a + b)
    lower = quantile(limits.percentile, a, b)
    upper = quantile(1 - limits.percentile, a, b)
    counting = [item.piece for item in weighed if item.weight > 0]
    return Assessment(
        label=_label(
            prior,
            mean=mean,
            lower=lower,
            upper=upper,
            group_weight=group_weight,
            positive=positive,
            negative=negative,
            has_affirming=_has_live_statement(weighed, method),
            cleared=cleared,
            method=method,
        ),
        basis=Basis.GROUP if group_weight > 0 else Basis.PROGRAM,
        a=a,
        b=b,
        mean=mean,
        lower=lower,
        upper=upper,
        weight=fsum(item.weight for item in weighed),
        newest_on=max((piece.on for piece in counting), default=None),
        kinds=_kinds(counting),
        caution=_has_caution(evidence, today=today, medication=medication, method=method),
        group_weight=group_weight,
        positive=positive,
        negative=negative,
    )


def _label(
    prior: Prior,
    *,
    mean: float,
    lower: float,
    upper: float,
    group_weight: float,
    positive: float,
    negative: float,
    has_affirming: bool,
    cleared: bool,
    method: Method,
) -> Label:
    """Apply the labels in their order: the first that holds."""
    at = method.thresholds
    needed = at.accepting_weight_program if prior.speaks else at.accepting_weight
    if (prior.is_built_for or has_affirming) and lower >= at.affirming_lower:
        return Label.AFFIRMING
    if lower >= at.accepting_lower and group_weight >= needed:
        return Label.ACCEPTING
    if (
        mean >= at.likely_mean
        and lower >= at.likely_lower
        and (prior.speaks or group_weight >= at.likely_weight)
    ):
        return Label.LIKELY_ACCEPTING
    if upper < at.limits_upper and cleared:
        return Label.REPORTED_LIMITS
    if positive >= at.mixed_side and negative >= at.mixed_side:
        return Label.MIXED
    return Label.NOT_KNOWN


def _has_live_statement(weighed: Iterable[Weighed], method: Method) -> bool:
    return any(
        item.weight >= method.thresholds.live_statement and level(item.piece, method=method) == "A4"
        for item in weighed
    )


def _kinds(pieces: Iterable[Piece]) -> tuple[EvidenceKind, ...]:
    present = {piece.kind for piece in pieces}
    return tuple(kind for kind in EvidenceKind if kind in present)


def _has_caution(pieces: list[Piece], *, today: date, medication: str, method: Method) -> bool:
    """Say whether someone was pressed lately and too few people have had a good visit since.

    A person's own later report does not lift it: three different people do.
    """
    seen = relevant(pieces, medication=medication, method=method)
    remark_counts = remarks_agree(seen, method=method)
    windows, good_from = method.windows, method.thresholds.positive_y
    pressed: list[Piece] = []
    good: list[Piece] = []
    for piece in (piece for piece in seen if piece.is_first_hand):
        y = value(piece, remark_counts=remark_counts, method=method)
        if y is not None and y >= good_from:
            good.append(piece)
        elif y is not None and piece.is_pressure and (remark_counts or not piece.is_remark):
            pressed.append(piece)
    recent = [piece.on for piece in pressed if (today - piece.on).days <= windows.caution_days]
    if not recent:
        return False
    since = [piece for piece in good if piece.on > max(recent)]
    return distinct_reporters(since) < windows.caution_lifted_by


def is_cleared(
    evidence: Iterable[Piece], *, today: date, medication: str, method: Method = METHOD
) -> bool:
    """Say whether the negative side may be published.

    A dated group statement or three first-hand reporters stand behind it, two people reviewed
    each piece, and the group was asked for its reply 21 days ago or earlier.
    """
    waited = today - timedelta(days=method.windows.reply_days)
    behind = [
        item.piece
        for item in weigh(evidence, today=today, medication=medication, method=method)
        if item.y < method.thresholds.positive_y
        and item.weight > 0
        and item.piece.is_reviewed_twice
        and item.piece.reply_asked_on is not None
        and item.piece.reply_asked_on <= waited
    ]
    if any(piece.kind == EvidenceKind.GROUP_STATEMENT for piece in behind):
        return True
    first_hand = [piece for piece in behind if piece.is_first_hand]
    return distinct_reporters(first_hand) >= method.windows.cleared_reporters


def tier(label: str) -> int:
    """Place a label in the order of listings: 0 is best."""
    return _TIERS[Label(label)]


def sort_key(assessment: Assessment) -> tuple[int, float]:
    """Order by tier; the lower bound decides only within one."""
    return (tier(assessment.label), -assessment.lower)


class Read(Protocol):
    """What matching needs of an assessment, stored or fresh."""

    label: str
    basis: str
    lower: float


def match_term(read: Read | None, program: str, *, method: Method = METHOD) -> float:
    """Give what an assessment is worth in matching; None when the person takes no medication.

    ``program`` is a slug.
    """
    terms = method.terms
    if read is None:
        return terms.no_medication
    match read.label:
        case Label.NOT_KNOWN:
            return terms.not_known
        case Label.MIXED:
            return min(read.lower, terms.mixed)
        case Label.REPORTED_LIMITS:
            return min(read.lower, terms.reported_limits)
    entry = method.priors.get(program)
    is_built_for = entry is not None and entry.prior.is_built_for
    if read.basis == Basis.GROUP or is_built_for:
        return read.lower
    return min(read.lower, terms.program_alone)
