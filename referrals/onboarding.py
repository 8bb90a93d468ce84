"""How organizations and their members come to be: by invitation, never by sign-up."""

from datetime import date, datetime
from uuid import uuid4

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import filter_users_by_email, user_pk_to_url_str
from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.core.mail import send_mail
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from finder.models import User
from referrals import audit
from referrals.accounts import end_sessions
from referrals.models import CLINICAL_ROLES, Assignment, Kind, Membership, Organization, Role
from referrals.permissions import Permission, demand
from referrals.tenancy import organization as as_organization


class CannotInvite(Exception):
    """This person cannot be added; the text is a sentence for whoever asked."""


def create_organization(
    name: str, *, by: User | None, agreement_on: date | None = None
) -> Organization:
    """Make an organization; ``by`` is None for a command run on the server.

    Until the day its agreement was signed is noted, its members find the tool shut.
    """
    if by is not None:
        demand(by, Permission.CREATE_ORGANIZATION, organization=None)
    organization = Organization(name=name, agreement_on=agreement_on)
    with as_organization(organization.pk):
        organization.save(force_insert=True)
        audit.record(
            Kind.ORGANIZATION_CREATED, target=organization, by=by, organization=organization
        )
    return organization


def add_member(
    organization: Organization,
    email: str,
    *,
    role: Role,
    by: User | None,
    password: str | None = None,
) -> Membership:
    """Add a person, with an account if they have none; without a password they set one by link."""
    if by is not None:
        demand(by, Permission.MANAGE_MEMBERS, organization=organization)
    with as_organization(organization.pk):
        user = _find_or_create_user(email.strip().lower(), password)
        if Membership.objects.filter(user=user, is_active=True).exists():
            raise CannotInvite(_("This address already belongs to a member."))
        membership = Membership.objects.create(user=user, organization=organization, role=role)
        audit.record(Kind.MEMBER_INVITED, target=membership, by=by, organization=organization)
    return membership


def _find_or_create_user(email: str, password: str | None) -> User:
    found = filter_users_by_email(email)
    if found:
        if not found[0].is_active:
            raise CannotInvite(_("This address belongs to an account that is switched off."))
        return found[0]
    user = User(username=f"member-{uuid4().hex}", email=email)
    user.set_password(password)
    user.save()
    EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
    return user


def invite(
    organization: Organization, email: str, *, role: Role, by: User | None, site: str
) -> Membership:
    """Add a person and mail them a link to set their password; ``site`` is scheme and host."""
    membership = add_member(organization, email, role=role, by=by)
    transaction.on_commit(lambda: _send_invitation(membership, site=site))
    return membership


def _send_invitation(membership: Membership, *, site: str) -> None:
    user = membership.user
    key = f"{user_pk_to_url_str(user)}-{default_token_generator.make_token(user)}"
    # allauth's address takes the two parts separately; its own mail builds it in the same way.
    path = reverse(
        "account_reset_password_from_key",
        kwargs=dict(zip(("uidb36", "key"), key.split("-", 1), strict=True)),
    )
    facts = {
        "has_password": user.has_usable_password(),
        "set_password_url": site + path,
        "sign_in_url": site + reverse("account_login"),
        "forgotten_url": site + reverse("account_reset_password"),
        "minutes": settings.PASSWORD_RESET_TIMEOUT // 60,
    }
    send_mail(
        render_to_string("emails/invitation_subject.txt", facts).strip(),
        render_to_string("emails/invitation_body.txt", facts),
        None,
        [user.email],
    )


def invite_again(membership: Membership, *, by: User, site: str) -> None:
    """Mail the link once more to a person who never signed in."""
    demand(by, Permission.MANAGE_MEMBERS, organization=membership.organization)
    if membership.user.last_login is not None:
        raise CannotInvite(_("This person has signed in already."))
    with as_organization(membership.organization_id):
        audit.record(
            Kind.MEMBER_INVITED, target=membership, by=by, organization=membership.organization
        )
        transaction.on_commit(lambda: _send_invitation(membership, site=site))


@transaction.atomic
def change_role(membership: Membership, role: Role, *, by: User, now: datetime) -> None:
    """Let a member do something else from now on; their sessions end.

    Nobody changes their own: an organization could lose its last administrator by one click.
    Who no longer works with patients is assigned to none.
    """
    demand(by, Permission.MANAGE_MEMBERS, organization=membership.organization)
    if membership.user_id == by.pk:
        raise PermissionDenied
    changed = Membership.objects.filter(pk=membership.pk, is_active=True).exclude(role=role)
    if not changed.update(role=role):
        return
    end_sessions(membership.user)
    with as_organization(membership.organization_id):
        if role not in CLINICAL_ROLES:
            ended = Assignment.objects.current().filter(member=membership)
            ended.update(ended_by=by, ended_at=now)
        audit.record(
            Kind.MEMBER_CHANGED, target=membership, by=by, organization=membership.organization
        )


@transaction.atomic
def change_settings(organization: Organization, *, by: User) -> None:
    """Keep the changed name, agreement and state of an organization.

    The agreement and whether it is switched on are for who runs the site.
    """
    demand(by, Permission.CHANGE_SETTINGS, organization=organization)
    kept = ["name"]
    if by.is_superuser:
        kept += ["agreement_on", "is_active"]
    organization.save(update_fields=kept)
    with as_organization(organization.pk):
        audit.record(
            Kind.ORGANIZATION_CHANGED, target=organization, by=by, organization=organization
        )


@transaction.atomic
def remove_member(membership: Membership, *, by: User) -> None:
    """End a person's work for an organization, and their assignments with it."""
    demand(by, Permission.MANAGE_MEMBERS, organization=membership.organization)
    if membership.user_id == by.pk:
        # Otherwise an organization could lose its last administrator by one click.
        raise PermissionDenied
    now = timezone.now()
    Membership.objects.filter(pk=membership.pk, is_active=True).update(
        is_active=False, ended_by=by, ended_at=now
    )
    with as_organization(membership.organization_id):
        ended = Assignment.objects.current().filter(member=membership)
        ended.update(ended_by=by, ended_at=now)
        audit.record(
            Kind.MEMBER_REMOVED, target=membership, by=by, organization=membership.organization
        )
