"""Consent and disclosure: one decision, one door, one accounting; nothing is told to a group."""

from referrals.consent.accounting import kept_since, years_before
from referrals.consent.carried import document, rows, scope, text, until
from referrals.consent.deciding import Decision, Element, Emergency, Rule
from referrals.consent.exits import EXITS, Exit
from referrals.consent.giving import (
    Incomplete,
    NoConsent,
    answer_restriction,
    ask_to_hold_back,
    give,
    note_end_of,
    revoke,
)
from referrals.consent.reading import holds, missing, standing
from referrals.consent.receiving import Received, is_reader, knows, opened
from referrals.consent.releasing import NotReleased, Released, may, release

__all__ = [
    "EXITS",
    "Decision",
    "Element",
    "Emergency",
    "Exit",
    "Incomplete",
    "NoConsent",
    "NotReleased",
    "Received",
    "Released",
    "Rule",
    "answer_restriction",
    "ask_to_hold_back",
    "document",
    "give",
    "holds",
    "kept_since",
    "is_reader",
    "knows",
    "may",
    "missing",
    "note_end_of",
    "opened",
    "release",
    "revoke",
    "rows",
    "scope",
    "standing",
    "text",
    "until",
    "years_before",
]
