"""What evidence says of a group's acceptance of medication: pure rules, no database, no clock."""

from finder.acceptance.assessing import Assessment, assess, is_cleared, match_term, sort_key, tier
from finder.acceptance.beta import incomplete_beta, quantile
from finder.acceptance.evidence import Answers, Piece, level, score
from finder.acceptance.facts import Facts, facts
from finder.acceptance.gain import expected_narrowing, sources_differ
from finder.acceptance.method import METHOD, VERSION, Method, Prior
from finder.acceptance.views import clinic_view, publishable
from finder.acceptance.words import label_words
from finder.vocab import Medication

__all__ = [
    "METHOD",
    "VERSION",
    "Answers",
    "Assessment",
    "Facts",
    "Medication",
    "Method",
    "Piece",
    "Prior",
    "assess",
    "clinic_view",
    "expected_narrowing",
    "facts",
    "incomplete_beta",
    "is_cleared",
    "label_words",
    "level",
    "match_term",
    "publishable",
    "quantile",
    "score",
    "sort_key",
    "sources_differ",
    "tier",
]
