"""What asking a group once more is expected to tell, and whether its sources agree; no database."""

from collections.abc import Iterable
from datetime import date

from finder.acceptance.assessing import weigh
from finder.acceptance.beta import quantile
from finder.acceptance.evidence import Piece
from finder.acceptance.method import METHOD, Method
from finder.vocab import FIRST_HAND_KINDS, EvidenceKind


def expected_narrowing(a: float, b: float, *, method: Method = METHOD) -> float:
    """Say by how much one call is expected to bring the bounds of Beta(a, b) together.

    The answer is yes with the probability that the mean gives.

    >>> round(expected_narrowing(1, 1), 6), round(expected_narrowing(5, 1), 6)
    (0.451809, 0.080213)
    """
    weight = method.kinds[EvidenceKind.CLINICIAN_CALL].weight
    mean = a / (a + b)
    after = mean * _width(a + weight, b, method) + (1 - mean) * _width(a, b + weight, method)
    return _width(a, b, method) - after


def _width(a: float, b: float, method: Method) -> float:
    share = method.thresholds.percentile
    return quantile(1 - share, a, b) - quantile(share, a, b)


def sources_differ(
    evidence: Iterable[Piece], *, today: date, medication: str, method: Method = METHOD
) -> bool | None:
    """Say whether two sources of the last year disagree; None when there are not two.

    Each statement, call and claim is a source of its own; a visitor or reporter is one however
    often they tell.
    """
    limits, windows = method.thresholds, method.windows
    weighed = [
        item
        for item in weigh(evidence, today=today, medication=medication, method=method)
        if item.weight > 0
        and not item.piece.is_hearsay
        and (today - item.piece.on).days <= windows.compared_days
    ]
    if len({_source(item.piece) for item in weighed}) < 2:
        return None
    return len({item.y >= limits.positive_y for item in weighed}) > 1


def _source(piece: Piece) -> tuple:
    told_by = piece.reporter if piece.kind in FIRST_HAND_KINDS else piece.number
    return (piece.kind, told_by)
