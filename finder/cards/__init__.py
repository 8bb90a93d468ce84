"""Paper cards of clinics: sheets of single-use codes, and the report that one code gives."""

from finder.cards.codes import new_code, spelled
from finder.cards.reporting import CardRefused, CardReport, find, report
from finder.cards.sheets import make_sheet, revoke

__all__ = [
    "CardRefused",
    "CardReport",
    "find",
    "make_sheet",
    "new_code",
    "report",
    "revoke",
    "spelled",
]
