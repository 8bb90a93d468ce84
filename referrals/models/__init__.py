"""The referral tool's models, re-exported; import them from here."""

from referrals.models.access import OPEN_FOR, TOKEN_DAYS, ApiToken, BreakGlass, Scope
from referrals.models.audit import LASTING, AuditChain, AuditEvent, Kind
from referrals.models.linkage import (
    LAST_STEP,
    CheckIn,
    Contribution,
    Hand,
    Step,
    Task,
    TaskKind,
)
from referrals.models.newcomers import Gender, Introduction, NewcomerContact
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
from referrals.models.releases import Release
from referrals.models.sharing import CODE_TRIES, ShareLink
from referrals.models.shortlists import Shortlist, ShortlistEntry

__all__ = [
    "ADMIN_ROLES",
    "CLINICAL_ROLES",
    "CODE_TRIES",
    "LASTING",
    "LAST_STEP",
    "LIVE_STATES",
    "OPEN_FOR",
    "TOKEN_DAYS",
    "ApiToken",
    "Assignment",
    "AuditChain",
    "AuditEvent",
    "BreakGlass",
    "Channel",
    "CheckIn",
    "Contribution",
    "Gender",
    "Hand",
    "Introduction",
    "Kind",
    "Membership",
    "NeedsDraft",
    "NewcomerContact",
    "Organization",
    "Patient",
    "Plan",
    "Referral",
    "ReferralEvent",
    "Release",
    "Role",
    "Scope",
    "ShareLink",
    "Shortlist",
    "ShortlistEntry",
    "State",
    "Step",
    "Task",
    "TaskKind",
]
