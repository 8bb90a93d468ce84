"""From a person's needs to three explained groups; it sees needs, never a patient."""

from referrals.matching.among import Among, suggest_among
from referrals.matching.choosing import choose_three
from referrals.matching.needs import AcceptanceMode, Device, Needs, Taking, Travel, Way, Window
from referrals.matching.scoring import WEIGHTS, Terms, total
from referrals.matching.suggesting import Suggestions, WhyNot, suggest, suggest_from
from referrals.matching.values import Line, Match, MatchMeeting

__all__ = [
    "WEIGHTS",
    "AcceptanceMode",
    "Among",
    "Device",
    "Line",
    "Match",
    "MatchMeeting",
    "Needs",
    "Suggestions",
    "Taking",
    "Terms",
    "Travel",
    "Way",
    "WhyNot",
    "Window",
    "choose_three",
    "suggest",
    "suggest_among",
    "suggest_from",
    "total",
]
