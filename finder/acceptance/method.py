"""Every number of the acceptance method in one frozen place; nobody has measured them."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from finder.vocab import EvidenceKind, EvidenceTarget, Medication, PriorClass

VERSION = "1"


@dataclass(frozen=True)
class KindNumbers:
    """How much one piece of a kind weighs, how fast it ages, and what the kind may weigh in all."""

    weight: float
    half_life: int
    cap: float | None = None


@dataclass(frozen=True)
class Prior:
    """What a program's own text is worth before anyone asked the group: Beta(a, b)."""

    a: float
    b: float
    prior_class: PriorClass

    @property
    def is_built_for(self) -> bool:
        return self.prior_class == PriorClass.BUILT_FOR

    @property
    def speaks(self) -> bool:
        """Say whether the program's own text counts for a label."""
        return self.prior_class != PriorClass.OPEN


@dataclass(frozen=True)
class ProgramPrior:
    """A prior and the medications it holds for; none named means any."""

    prior: Prior
    medications: tuple[Medication, ...] = ()


@dataclass(frozen=True)
class Thresholds:
    """Where one label ends and the next begins."""

    percentile: float = 0.10
    affirming_lower: float = 0.70
    live_statement: float = 1.5
    accepting_lower: float = 0.60
    accepting_weight: float = 2.0
    accepting_weight_program: float = 1.0
    likely_mean: float = 0.60
    likely_lower: float = 0.40
    likely_weight: float = 1.0
    limits_upper: float = 0.55
    mixed_side: float = 1.0
    positive_y: float = 0.6
    # More disagreement than this among groups with two sources, and facts alone are shown.
    stop_disagreement: float = 0.25


@dataclass(frozen=True)
class Terms:
    """What a label is worth in matching when it is not its own lower bound."""

    no_medication: float = 1.0
    program_alone: float = 0.50
    not_known: float = 0.30
    mixed: float = 0.30
    reported_limits: float = 0.10


@dataclass(frozen=True)
class Windows:
    """Days and heads that the rules count in."""

    caution_days: int = 180
    caution_lifted_by: int = 3
    one_report_days: int = 180
    remark_reporters: int = 3
    cleared_reporters: int = 3
    reply_days: int = 21
    public_reporters: int = 3
    public_delay_days: int = 14
    # Sources older than this are not compared; with fewer groups one alone would decide.
    compared_days: int = 365
    compared_groups: int = 4


@dataclass(frozen=True)
class Method:
    """One version of the numbers; pass another to see how far a label depends on them."""

    version: str
    dimensions: Mapping[str, int]
    kinds: Mapping[EvidenceKind, KindNumbers]
    priors: Mapping[str, ProgramPrior]
    open_prior: Prior
    any_factor: float = 0.6
    agonist_factor: float = 0.6
    to_naltrexone_factor: float = 0.3
    from_naltrexone_factor: float = 0.0
    thresholds: Thresholds = Thresholds()
    terms: Terms = Terms()
    windows: Windows = Windows()

    def factor(self, target: str, medication: str) -> float:
        """Say what evidence on ``target`` is worth for ``medication``."""
        if target == medication:
            return 1.0
        if target == EvidenceTarget.ANY:
            return self.any_factor
        if medication == Medication.NALTREXONE:
            return self.to_naltrexone_factor
        # A group that cheers naltrexone may press against methadone.
        if target == EvidenceTarget.NALTREXONE:
            return self.from_naltrexone_factor
        return self.agonist_factor

    def prior_class(self, program: str) -> PriorClass:
        """Say which kind of text a program has, by its slug."""
        entry = self.priors.get(program)
        return (entry.prior if entry else self.open_prior).prior_class

    def prior(self, program: str, medication: str) -> Prior:
        """Look up a program by its slug; one without a scoring text says nothing."""
        entry = self.priors.get(program)
        if entry is None or (entry.medications and medication not in entry.medications):
            return self.open_prior
        return entry.prior


def _built_for(a: float, b: float, *medications: Medication) -> ProgramPrior:
    return ProgramPrior(Prior(a, b, PriorClass.BUILT_FOR), medications)


def _explicit(a: float, b: float) -> ProgramPrior:
    return ProgramPrior(Prior(a, b, PriorClass.EXPLICIT))


METHOD = Method(
    version=VERSION,
    # Tenths, so that shares such as 6 of 10 meet a threshold exactly.
    dimensions=MappingProxyType(
        {"attend": 2, "speak": 2, "service": 1, "milestone": 2, "sponsor": 1, "no_pressure": 2}
    ),
    kinds=MappingProxyType(
        {
            EvidenceKind.GROUP_STATEMENT: KindNumbers(6, 365),
            EvidenceKind.CLINICIAN_CALL: KindNumbers(4, 270),
            EvidenceKind.PEER_VISIT: KindNumbers(2, 180, 10),
            EvidenceKind.PATIENT_REPORT: KindNumbers(1, 180, 10),
            EvidenceKind.LISTING_CLAIM: KindNumbers(1, 180),
            EvidenceKind.HEARSAY: KindNumbers(0.25, 90, 1),
        }
    ),
    priors=MappingProxyType(
        {
            "mara": _built_for(7.76, 0.24),
            "methadone-anonymous": _built_for(5.7, 0.3, Medication.METHADONE),
            "mars": _built_for(3.88, 0.12),
            "aim": _built_for(3.88, 0.12),
            "smart": _explicit(1.8, 0.2),
            "lifering": _explicit(1.7, 0.3),
            "hrw": _explicit(1.9, 0.1),
        }
    ),
    open_prior=Prior(1.0, 1.0, PriorClass.OPEN),
)
