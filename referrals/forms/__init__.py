"""What people type, re-exported; import forms from here."""

from referrals.forms.checkins import CheckInForm, CodeForm
from referrals.forms.needs import NeedsForm
from referrals.forms.pages import (
    AssignForm,
    HandoutForm,
    InviteForm,
    MoveForm,
    PatientForm,
    PlanForm,
)

__all__ = [
    "AssignForm",
    "CheckInForm",
    "CodeForm",
    "HandoutForm",
    "InviteForm",
    "MoveForm",
    "NeedsForm",
    "PatientForm",
    "PlanForm",
]
