"""How a meeting went: what a check-in does at once, and how it reaches the public evidence."""

from referrals.checkins.carrying import carry
from referrals.checkins.recording import record
from referrals.checkins.told import Again, Felt, Pushed, Told, Went

__all__ = ["Again", "Felt", "Pushed", "Told", "Went", "carry", "record"]
