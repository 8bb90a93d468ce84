"""The record of what was read, done and refused, and the proof that nobody changed it since."""

from referrals.audit.anchors import anchor, restart
from referrals.audit.journal import Act, Journal
from referrals.audit.proving import Problem, verify
from referrals.audit.recording import record, trail, under

__all__ = ["Act", "Journal", "Problem", "anchor", "record", "restart", "trail", "under", "verify"]
