"""How referrals went, in numbers: a clinic's own, and those from which nobody can be told."""

from referrals.reports.counting import DIMENSIONS
from referrals.reports.hiding import LEAST
from referrals.reports.quarters import Quarter
from referrals.reports.releasing import NotWhole, released, released_quarters
from referrals.reports.tables import Line, Report, Table
from referrals.reports.working import begun_in, own_figures, recent_quarters

__all__ = [
    "DIMENSIONS",
    "LEAST",
    "Line",
    "NotWhole",
    "Quarter",
    "Report",
    "Table",
    "begun_in",
    "own_figures",
    "recent_quarters",
    "released",
    "released_quarters",
]
