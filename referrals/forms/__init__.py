"""What people type, re-exported; import forms from here."""

from referrals.forms.access import EmergencyForm, OrganizationForm, RoleForm, TokenForm
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
    "EmergencyForm",
    "HandoutForm",
    "InviteForm",
    "MoveForm",
    "NeedsForm",
    "OrganizationForm",
    "PatientForm",
    "PlanForm",
    "RoleForm",
    "TokenForm",
]
