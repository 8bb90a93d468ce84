"""Who may do what in an organization, as data; which rows a person sees lives in visible_to."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from django.core.exceptions import PermissionDenied
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from finder.models import User
from referrals.models import Membership, Organization, Role


class Permission(StrEnum):
    """One thing a person may do."""

    ADD_PATIENT = "add_patient"
    WRITE_PLAN = "write_plan"
    MOVE_REFERRAL = "move_referral"
    CANCEL_REFERRAL = "cancel_referral"
    # Steps of a plan and its tasks; those that are the prescriber's; links for patients.
    TAKE_STEP = "take_step"
    PRESCRIBE_STEP = "prescribe_step"
    SHARE = "share"
    # The clinic's own lists of meetings.
    KEEP_SHORTLISTS = "keep_shortlists"
    ASSIGN = "assign"
    PRINT_HANDOUT = "print_handout"
    # To take a consent down, or tell someone in an emergency; to end a consent.
    GIVE_CONSENT = "give_consent"
    END_CONSENT = "end_consent"
    OVERSEE = "oversee"
    MANAGE_MEMBERS = "manage_members"
    CHANGE_SETTINGS = "change_settings"
    MANAGE_TOKENS = "manage_tokens"
    READ_AUDIT = "read_audit"
    # Figures from which nobody can be told.
    READ_REPORT = "read_report"
    EXPORT_REFERRALS = "export_referrals"
    CREATE_ORGANIZATION = "create_organization"
    BREAK_GLASS = "break_glass"


@dataclass(frozen=True)
class Allowance:
    """What a role allows, and why, in one sentence."""

    sentence: str | Promise
    permissions: frozenset[Permission]


_PEER = frozenset(
    {
        Permission.ADD_PATIENT,
        Permission.WRITE_PLAN,
        Permission.MOVE_REFERRAL,
        Permission.CANCEL_REFERRAL,
        Permission.TAKE_STEP,
        Permission.SHARE,
        Permission.KEEP_SHORTLISTS,
        Permission.ASSIGN,
        Permission.READ_REPORT,
    }
)
_CLINICIAN = _PEER | {
    Permission.PRINT_HANDOUT,
    Permission.PRESCRIBE_STEP,
    Permission.GIVE_CONSENT,
    Permission.END_CONSENT,
}
_ADMIN = frozenset(
    {
        Permission.CANCEL_REFERRAL,
        Permission.END_CONSENT,
        Permission.ASSIGN,
        Permission.OVERSEE,
        Permission.MANAGE_MEMBERS,
        Permission.CHANGE_SETTINGS,
        Permission.MANAGE_TOKENS,
        Permission.READ_AUDIT,
        Permission.READ_REPORT,
        Permission.EXPORT_REFERRALS,
    }
)

ROLES: Mapping[Role, Allowance] = {
    Role.CLINICIAN: Allowance(_("Refers the patients they added or are assigned to."), _CLINICIAN),
    Role.PEER: Allowance(_("Walks with the patients they are assigned to; gives no paper."), _PEER),
    Role.ADMIN: Allowance(_("Runs the organization; sees referrals, never what they say."), _ADMIN),
    Role.LEAD: Allowance(_("Refers patients and runs the organization."), _CLINICIAN | _ADMIN),
}
# Superusers keep the site running: members and the record, never a patient.
SUPERUSER = Allowance(
    _("Sets up organizations; sees no patient."),
    frozenset(
        {
            Permission.CREATE_ORGANIZATION,
            Permission.CHANGE_SETTINGS,
            Permission.MANAGE_MEMBERS,
            Permission.READ_AUDIT,
            Permission.READ_REPORT,
            Permission.BREAK_GLASS,
        }
    ),
)


def membership_of(user: User) -> Membership | None:
    """Return the one organization a person works for today, or none. One query."""
    memberships = Membership.objects.active().select_related("organization", "user")
    return memberships.filter(user=user).first()


def waits_for_agreement(user: User) -> bool:
    """Say whether a person's organization has no agreement on file, which keeps them out."""
    waiting = Membership.objects.filter(user=user, is_active=True)
    return waiting.filter(organization__agreement_on=None).exists()


def allows(user: User, permission: Permission, *, organization: Organization | None) -> bool:
    """Say whether a person may do this in an organization (None: on the site itself)."""
    if user.is_active and user.is_superuser and permission in SUPERUSER.permissions:
        return True
    membership = membership_of(user)
    if membership is None or organization is None or membership.organization_id != organization.pk:
        return False
    return permission in ROLES[Role(membership.role)].permissions


def demand(user: User, permission: Permission, *, organization: Organization | None) -> None:
    """Raise PermissionDenied unless the person may do this there."""
    if not allows(user, permission, organization=organization):
        raise PermissionDenied(permission)
