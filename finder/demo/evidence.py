"""Invents what is known of the demonstration groups, so that every kind and label occurs."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256

from finder.demo.listings import SITE, Directory
from finder.models import Evidence, Group
from finder.vocab import (
    FIRST_HAND_KINDS,
    Disclosed,
    EvidenceKind,
    EvidenceTarget,
    MedicationForm,
    PressureFrom,
    Status,
)

NOTE = "Invented for demonstration."


def _answers(text: str) -> dict[str, str]:
    """Read six letters in the order of the dimensions: y, n, or - for not answered."""
    names = ("attend", "speak", "service", "milestone", "sponsor", "no_pressure")
    words = {"y": "yes", "n": "no", "-": ""}
    return {name: words[letter] for name, letter in zip(names, text, strict=True)}


ALL = "yyyyyy"
NO_CHIPS = "yyynyy"
SHARE_ONLY = "yynn-y"
LISTEN_ONLY = "ynnn-y"
WELCOME_ONLY = "y-----"
PRESSED = "yynnnn"
TURNED_AWAY = "nnnnny"

CALL, STATEMENT = EvidenceKind.CLINICIAN_CALL, EvidenceKind.GROUP_STATEMENT
PEER, REPORT = EvidenceKind.PEER_VISIT, EvidenceKind.PATIENT_REPORT
CLAIM, HEARSAY = EvidenceKind.LISTING_CLAIM, EvidenceKind.HEARSAY
METHADONE, BUPRENORPHINE = EvidenceTarget.METHADONE, EvidenceTarget.BUPRENORPHINE
NALTREXONE, ANY = EvidenceTarget.NALTREXONE, EvidenceTarget.ANY


@dataclass(frozen=True)
class Told:
    """One invented piece: who said it, of which medication, how many days ago, and what."""

    kind: str
    target: str
    age: int
    answers: str = ALL
    disclosed: str = Disclosed.YES
    pressure_from: str = PressureFrom.NOBODY
    is_affirming: bool = False
    is_cleared: bool = False


def _times(number: int, told: Told, *, apart: int = 9) -> tuple[Told, ...]:
    """Say the same several times, some days apart: different people."""
    return tuple(replace(told, age=told.age + apart * step) for step in range(number))


ASKED_AND_WELCOME = (Told(CALL, METHADONE, 40), Told(CALL, BUPRENORPHINE, 40))
WRITTEN = (
    Told(STATEMENT, METHADONE, 20, is_affirming=True),
    Told(STATEMENT, BUPRENORPHINE, 20, is_affirming=True),
)
VOTED = (Told(STATEMENT, METHADONE, 100), *_times(3, Told(REPORT, METHADONE, 50)))
VISITED = (Told(PEER, BUPRENORPHINE, 20), Told(PEER, BUPRENORPHINE, 70, NO_CHIPS))
REPORTED = _times(5, Told(REPORT, BUPRENORPHINE, 60))
LISTENED = (Told(CALL, METHADONE, 30, LISTEN_ONLY),)
SHARED = (Told(CALL, ANY, 90, SHARE_ONLY),)
CLAIMED = (Told(CLAIM, BUPRENORPHINE, 300),)
HEARD = _times(3, Told(HEARSAY, METHADONE, 15))
NAMED = (Told(CALL, NALTREXONE, 25),)
FADED = (Told(STATEMENT, METHADONE, 900),)
UNSPOKEN = (Told(PEER, METHADONE, 35, disclosed=Disclosed.NO),)
GREETED = (Told(CALL, ANY, 10, WELCOME_ONLY),)
CALLED_ONCE = (Told(CALL, BUPRENORPHINE, 5),)

# The groups of a program are asked about in this order, one entry each.
REAL = {
    "na": (
        *(ASKED_AND_WELCOME, LISTENED, VOTED, VISITED, CLAIMED, REPORTED, SHARED, HEARD),
        *(NAMED, FADED, UNSPOKEN, GREETED, WRITTEN, CALLED_ONCE, ASKED_AND_WELCOME, VISITED),
        *(LISTENED, REPORTED, CLAIMED, ASKED_AND_WELCOME, NAMED, VOTED, UNSPOKEN, CALLED_ONCE),
    ),
    "aa": (
        *(VISITED, ASKED_AND_WELCOME, SHARED, CLAIMED, REPORTED, LISTENED, NAMED, WRITTEN),
        *(HEARD, CALLED_ONCE, VOTED, UNSPOKEN, GREETED, FADED, ASKED_AND_WELCOME, VISITED),
        *(CLAIMED, ASKED_AND_WELCOME, REPORTED, NAMED, CALLED_ONCE, SHARED),
    ),
    "smart": (ASKED_AND_WELCOME, VISITED, WRITTEN, REPORTED, NAMED, CALLED_ONCE, CLAIMED),
    "lifering": (CALLED_ONCE, CLAIMED),
    "mara": (WRITTEN, VOTED, VISITED, ASKED_AND_WELCOME),
    "methadone-anonymous": (VOTED, VISITED),
    "all-recovery": (WRITTEN, ASKED_AND_WELCOME, VISITED),
    "hrw": (ASKED_AND_WELCOME, CLAIMED),
    "rd": (CALLED_ONCE, VISITED, CLAIMED),
    "celebrate-recovery": (SHARED, CALLED_ONCE, CLAIMED),
    "cma": (ASKED_AND_WELCOME, HEARD),
    "ca": (CALLED_ONCE, GREETED),
    "ha": (ASKED_AND_WELCOME, LISTENED),
    "dra": (ASKED_AND_WELCOME, VISITED),
    "wellbriety": (ASKED_AND_WELCOME, VOTED, CLAIMED),
    "phoenix": (CALLED_ONCE, CLAIMED),
}

TOLD_TO_STOP = Told(PEER, METHADONE, 30, PRESSED, pressure_from=PressureFrom.CHAIR)
LIMITED = (
    Told(STATEMENT, METHADONE, 120, TURNED_AWAY, is_cleared=True),
    *_times(3, Told(PEER, METHADONE, 60, LISTEN_ONLY, is_cleared=True)),
)
LIMITED_BY_REPORTS = (
    Told(CALL, BUPRENORPHINE, 70, LISTEN_ONLY, is_cleared=True),
    *_times(
        4,
        Told(
            REPORT,
            BUPRENORPHINE,
            70,
            PRESSED,
            pressure_from=PressureFrom.SEVERAL,
            is_cleared=True,
        ),
    ),
)
MIXED = (
    Told(CALL, METHADONE, 10),
    Told(CALL, METHADONE, 200, PRESSED, Disclosed.NOT_ASKED, "chair"),
)
MIXED_VISITS = (Told(PEER, BUPRENORPHINE, 15), Told(PEER, BUPRENORPHINE, 40, LISTEN_ONLY))
REMARK = _times(3, Told(PEER, BUPRENORPHINE, 25, PRESSED, pressure_from=PressureFrom.ONE_MEMBER))
LIKELY = (
    Told(CALL, METHADONE, 45),
    Told(PEER, METHADONE, 14, SHARE_ONLY),
    Told(PEER, METHADONE, 200, LISTEN_ONLY),
)

# Only invented programs may show mixed reports, limits and cautions.
INVENTED = {
    "lantern-circle": (
        *(MIXED, LIMITED, (TOLD_TO_STOP,), WRITTEN, LIKELY, REMARK, ASKED_AND_WELCOME),
        *(LIMITED_BY_REPORTS, CLAIMED, HEARD, MIXED_VISITS),
    ),
    "harbor-table": (LIMITED_BY_REPORTS, MIXED, VOTED, (TOLD_TO_STOP, *ASKED_AND_WELCOME)),
}


def invent(directory: Directory, *, today: date) -> list[Evidence]:
    """Invent the evidence, dated back from today; reviewers are set when it is stored."""
    return [
        _row(told, group, number, today=today)
        for group, pieces in _asked(directory)
        for number, told in enumerate(pieces)
    ]


def _asked(directory: Directory) -> Iterator[tuple[Group, tuple[Told, ...]]]:
    by_program = defaultdict(list)
    for group in directory.groups:
        if group.status == Status.ACTIVE and group.source_key not in directory.quiet:
            by_program[group.program.slug].append(group)
    for slug, stories in (REAL | INVENTED).items():
        # The groups of a program lie in the order of cities; take them from all over.
        groups = by_program[slug]
        step = max(1, len(groups) // len(stories))
        yield from zip(groups[::step], stories, strict=False)


def _row(told: Told, group: Group, number: int, *, today: date) -> Evidence:
    on = today - timedelta(days=told.age)
    is_report = told.kind == EvidenceKind.PATIENT_REPORT
    row = Evidence(
        group=group,
        kind=told.kind,
        target=told.target,
        # A report keeps its month alone.
        on=on.replace(day=1) if is_report else on,
        pressure_from=told.pressure_from,
        is_affirming_statement=told.is_affirming,
        source_note=NOTE,
        **_answers(told.answers),
    )
    if told.kind in FIRST_HAND_KINDS:
        row.disclosed = told.disclosed
        row.reporter = sha256(f"{group.source_key}/{number}".encode()).hexdigest()[:32]
    if told.kind in (EvidenceKind.GROUP_STATEMENT, EvidenceKind.LISTING_CLAIM):
        row.source_url = f"{SITE}/statements/{group.source_key}"
    if told.target == EvidenceTarget.BUPRENORPHINE and number % 2:
        row.medication_form = MedicationForm.INJECTION
    reviewed = datetime.combine(min(on + timedelta(days=3), today), time(), tzinfo=UTC)
    row.reviewed_at = reviewed
    if told.is_cleared:
        row.second_reviewed_at = reviewed
        row.reply_asked_on = today - timedelta(days=30)
        row.reply = "We talked about it and will vote again. (Invented reply.)"
    return row
