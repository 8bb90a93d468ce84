"""Pieces of evidence for the tests of acceptance, and the day they are read on."""

from datetime import date, timedelta

from finder.acceptance import Answers, Piece, assess
from finder.vocab import FIRST_HAND_KINDS, EvidenceKind, Medication

TODAY = date(2026, 10, 15)
M, B, X = Medication.METHADONE, Medication.BUPRENORPHINE, Medication.NALTREXONE

ALL_YES = Answers("yes", "yes", "yes", "yes", "yes", "yes")
LISTEN_ONLY = Answers("yes", "no", "no", "no", "", "yes")
NO_MILESTONE = Answers("yes", "yes", "yes", "no", "yes", "yes")
TOLD_TO_STOP = Answers("yes", "yes", "", "", "", "no")


def piece(kind, age=0, answers=ALL_YES, target=M, **rest):
    """A piece on methadone; a visit is one at which the medication was known of."""
    rest.setdefault("disclosed", "yes" if kind in FIRST_HAND_KINDS else "")
    return Piece(kind=kind, target=target, on=TODAY - timedelta(days=age), answers=answers, **rest)


def statement(age=0, answers=ALL_YES, **rest):
    return piece(EvidenceKind.GROUP_STATEMENT, age, answers, **rest)


def call(age=0, answers=ALL_YES, **rest):
    return piece(EvidenceKind.CLINICIAN_CALL, age, answers, **rest)


def visit(age=0, answers=ALL_YES, **rest):
    return piece(EvidenceKind.PEER_VISIT, age, answers, **rest)


def report(age=0, answers=ALL_YES, **rest):
    return piece(EvidenceKind.PATIENT_REPORT, age, answers, **rest)


def claim(age=0, answers=ALL_YES, **rest):
    return piece(EvidenceKind.LISTING_CLAIM, age, answers, **rest)


def hearsay(age=0, answers=ALL_YES, **rest):
    return piece(EvidenceKind.HEARSAY, age, answers, **rest)


def read(*evidence, program="na", medication=M, today=TODAY, cleared=False):
    return assess(evidence, today=today, program=program, medication=medication, cleared=cleared)


CASE_B = [statement(100), report(30), report(90), report(200, TOLD_TO_STOP)]
CASE_L = [call(20, LISTEN_ONLY), *[report(age, TOLD_TO_STOP) for age in (10, 40, 70)]]
