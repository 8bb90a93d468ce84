"""The referral tool's models, re-exported; import them from here."""

from referrals.models.audit import AuditEvent, Kind
from referrals.models.organizations import (
    ADMIN_ROLES,
    CLINICAL_ROLES,
    Membership,
    Organization,
    Role,
)
from referrals.models.patients import Assignment, NeedsDraft, Patient
from referrals.models.referrals import (
    LIVE_STATES,
    Channel,
    Plan,
    Referral,
    ReferralEvent,
    State,
)

__all__ = [
    "ADMIN_ROLES",
    "CLINICAL_ROLES",
    "LIVE_STATES",
    "Assignment",
    "AuditEvent",
    "Channel",
    "Kind",
    "Membership",
    "NeedsDraft",
    "Organization",
    "Patient",
    "Plan",
    "Referral",
    "ReferralEvent",
    "Role",
    "State",
]
