"""Shows every number of the acceptance method, and how far labels depend on them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cache

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from finder.acceptance import METHOD, Answers, Method, Piece, assess, label_words
from finder.models import MonthFigures, Program
from finder.presenters.words import month_words
from finder.vocab import Disclosed, EvidenceKind, Medication

# Any day does: only ages matter.
_TODAY = date(2026, 1, 1)
_ALL_YES = Answers(*["yes"] * 6)
_LISTEN_ONLY = Answers("yes", "no", "no", "no", "", "yes")
_PRESSED = Answers(attend="yes", no_pressure="no")


@dataclass(frozen=True)
class KindRow:
    """One kind of evidence and its numbers."""

    name: str
    weight: float
    half_life: int
    cap: float | None


@dataclass(frozen=True)
class SensitivityRow:
    """One example group: its label as used, and which other numbers would change it."""

    case: str
    label: str
    changes: tuple[str, ...]


@dataclass(frozen=True)
class _Case:
    words: str
    program: str
    medication: str
    evidence: tuple[tuple[str, str, int, Answers], ...]


_CASES = (
    _Case(gettext_lazy("Nobody was asked, and the program leaves it open"), "na", "methadone", ()),
    _Case(
        gettext_lazy("Nobody was asked, but the program’s own text supports medication"),
        "smart",
        "methadone",
        (),
    ),
    _Case(
        gettext_lazy("Nobody was asked, but the program is made for people on medication"),
        "mara",
        "methadone",
        (),
    ),
    _Case(
        gettext_lazy("One call today: yes to everything"),
        "aa",
        "buprenorphine",
        (("clinician_call", "buprenorphine", 0, _ALL_YES),),
    ),
    _Case(
        gettext_lazy("One call a year ago: yes to everything"),
        "aa",
        "buprenorphine",
        (("clinician_call", "buprenorphine", 365, _ALL_YES),),
    ),
    _Case(
        gettext_lazy("A written statement 100 days ago, two good visits and one bad visit"),
        "na",
        "methadone",
        (
            ("group_statement", "methadone", 100, _ALL_YES),
            ("patient_report", "methadone", 30, _ALL_YES),
            ("patient_report", "methadone", 90, _ALL_YES),
            ("patient_report", "methadone", 200, _PRESSED),
        ),
    ),
    _Case(
        gettext_lazy("Five good visits 60 days ago"),
        "na",
        "methadone",
        tuple([("patient_report", "methadone", 60, _ALL_YES)] * 5),
    ),
    _Case(
        gettext_lazy("A call 45 days ago (yes), a good visit and a bad visit"),
        "na",
        "methadone",
        (
            ("clinician_call", "methadone", 45, _ALL_YES),
            ("patient_report", "methadone", 14, _ALL_YES),
            ("patient_report", "methadone", 60, _PRESSED),
        ),
    ),
    _Case(
        gettext_lazy("A call 30 days ago: may come and listen, no more"),
        "na",
        "methadone",
        (("clinician_call", "methadone", 30, _LISTEN_ONLY),),
    ),
    _Case(
        gettext_lazy("Two calls that disagree"),
        "na",
        "methadone",
        (
            ("clinician_call", "methadone", 10, _ALL_YES),
            ("clinician_call", "methadone", 200, _PRESSED),
        ),
    ),
    _Case(
        gettext_lazy("A call about another medication: yes to everything"),
        "na",
        "methadone",
        (("clinician_call", "buprenorphine", 0, _ALL_YES),),
    ),
)


def kinds() -> list[KindRow]:
    """The kinds of evidence, heaviest first."""
    rows = [
        KindRow(str(EvidenceKind(kind).label), numbers.weight, numbers.half_life, numbers.cap)
        for kind, numbers in METHOD.kinds.items()
    ]
    return sorted(rows, key=lambda row: -row.weight)


def _scaled(method: Method, *, weight: float = 1.0, half_life: float = 1.0) -> Method:
    scaled = {
        kind: replace(
            numbers,
            weight=numbers.weight * weight,
            half_life=round(numbers.half_life * half_life),
        )
        for kind, numbers in method.kinds.items()
    }
    return replace(method, kinds=scaled)


def _shifted(method: Method, by: float) -> Method:
    at = method.thresholds
    moved = replace(
        at,
        affirming_lower=at.affirming_lower + by,
        accepting_lower=at.accepting_lower + by,
        likely_lower=at.likely_lower + by,
        likely_mean=at.likely_mean + by,
    )
    return replace(method, thresholds=moved)


def _without_cross(method: Method) -> Method:
    return replace(method, any_factor=0.0, agonist_factor=0.0, to_naltrexone_factor=0.0)


def _wider(method: Method) -> Method:
    return replace(method, thresholds=replace(method.thresholds, percentile=0.05))


def variants() -> list[tuple[str, Method]]:
    """Other numbers one could have chosen, each in words."""
    return [
        (_("all weights were halved"), _scaled(METHOD, weight=0.5)),
        (_("all weights were doubled"), _scaled(METHOD, weight=2.0)),
        (_("evidence aged twice as fast"), _scaled(METHOD, half_life=0.5)),
        (_("evidence aged half as fast"), _scaled(METHOD, half_life=2.0)),
        (_("the program’s own text counted for nothing"), replace(METHOD, priors={})),
        (_("other medications counted for nothing"), _without_cross(METHOD)),
        (_("the bounds were at 5 and 95 in 100"), _wider(METHOD)),
        (_("every line were 0.05 higher"), _shifted(METHOD, 0.05)),
        (_("every line were 0.05 lower"), _shifted(METHOD, -0.05)),
    ]


@cache
def sensitivity(language: str) -> tuple[SensitivityRow, ...]:
    """Read example groups with our numbers and with each other choice; kept by language."""
    return tuple(_sensitivity_row(case, variants()) for case in _CASES)


def _sensitivity_row(case: _Case, others: Sequence[tuple[str, Method]]) -> SensitivityRow:
    used = _case_words(case, METHOD)
    changed = [
        _("%(label)s, if %(change)s") % {"label": words, "change": name}
        for name, method in others
        if (words := _case_words(case, method)) != used
    ]
    return SensitivityRow(case=str(case.words), label=used, changes=tuple(changed))


def _case_words(case: _Case, method: Method) -> str:
    pieces = [
        Piece(
            kind=kind,
            target=target,
            on=_TODAY - timedelta(days=age),
            answers=answers,
            disclosed=Disclosed.YES,
            reporter=f"example {number}",
        )
        for number, (kind, target, age, answers) in enumerate(case.evidence)
    ]
    found = assess(
        pieces, today=_TODAY, program=case.program, medication=case.medication, method=method
    )
    return str(label_words(found.label, found.basis, case.program))


MONTHS_SHOWN = 12


@dataclass(frozen=True)
class MonthRow:
    """What was asked in one month, and how far two sources on one group agree."""

    month: str
    asked: int
    answered: int
    declined: int
    agreement: str
    is_stop: bool


def months() -> list[MonthRow]:
    """The published months, newest first; one query."""
    rows = MonthFigures.objects.order_by("-month")[:MONTHS_SHOWN]
    return [
        MonthRow(
            month=month_words(row.month),
            asked=row.asked,
            answered=row.answered,
            declined=row.declined,
            agreement=_agreement(row),
            is_stop=row.is_stop,
        )
        for row in rows
    ]


def _agreement(row: MonthFigures) -> str:
    if not row.compared:
        return _("no group has two sources yet")
    told = {"some": row.disagreed, "all": row.compared}
    return _("%(some)d of %(all)d disagree") % told


def method_context(language: str) -> dict:
    """Everything the method page shows; two queries, for programs' names and the months."""
    programs = Program.objects.in_bulk(list(METHOD.priors), field_name="slug")
    return {
        "method": METHOD,
        "kinds": kinds(),
        "dimensions": [
            (words, METHOD.dimensions[name] / 10) for name, words in DIMENSION_WORDS.items()
        ],
        "priors": [
            (programs[slug], entry.prior.a, entry.prior.b, _names(entry.medications))
            for slug, entry in METHOD.priors.items()
            if slug in programs
        ],
        "sensitivity": sensitivity(language),
        "months": (published := months()),
        "has_stopped": bool(published) and published[0].is_stop,
        "stop_percent": round(METHOD.thresholds.stop_disagreement * 100),
    }


def _names(medications: Sequence[Medication]) -> list[str]:
    return [str(medication.label) for medication in medications]


DIMENSION_WORDS = {
    "attend": gettext_lazy("Was the person welcome to come?"),
    "speak": gettext_lazy("Could they share about themselves?"),
    "service": gettext_lazy("Could they help run the group?"),
    "milestone": gettext_lazy("Did the group count their time?"),
    "sponsor": gettext_lazy("Would members sponsor or mentor them?"),
    "no_pressure": gettext_lazy("Was nobody pressing them to lower or stop?"),
}
