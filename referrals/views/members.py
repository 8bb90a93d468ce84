"""An organization's members and its record, for those who run it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from finder.models import User
from referrals import audit, onboarding, second_step
from referrals.forms import InviteForm, RoleForm
from referrals.guards import member_page
from referrals.models import AuditEvent, Kind, Membership, Organization, Role
from referrals.permissions import ROLES, Permission, allows, demand
from referrals.tenancy import organization as rows_of

PAGE_SIZE = 100


def find_organization(request: HttpRequest, pk: UUID) -> Organization:
    """Return an organization; to a member of another one it does not exist."""
    rows = Organization.objects.all()
    if not request.user.is_staff:
        own = request.membership
        rows = rows.filter(pk=own.organization_id) if own else rows.none()
    return get_object_or_404(rows, pk=pk)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def member_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who works here; a post invites one more."""
    organization = find_organization(request, pk)
    demand(request.user, Permission.MANAGE_MEMBERS, organization=organization)
    form = InviteForm(request.POST if request.method == "POST" else None)
    if form.is_valid() and _invite(request, organization, form):
        messages.success(request, _("The invitation was sent."))
        return redirect("referrals:members", organization.pk)
    with rows_of(organization.pk):
        audit.record(
            Kind.MEMBER_LISTED, target=organization, by=request.user, organization=organization
        )
    members = Membership.objects.filter(organization=organization, is_active=True)
    context = {
        "organization": organization,
        "members": members.select_related("user").order_by("user__email"),
        "form": form,
    }
    return render(request, "referrals/members.html", context, status=400 if form.errors else 200)


def _invite(request: HttpRequest, organization: Organization, form: InviteForm) -> bool:
    try:
        onboarding.invite(
            organization,
            form.cleaned_data["email"],
            role=Role(form.cleaned_data["role"]),
            by=request.user,
            site=f"{request.scheme}://{request.get_host()}",
        )
    except onboarding.CannotInvite as refusal:
        form.add_error("email", str(refusal))
        return False
    return True


def _find_member(request: HttpRequest, pk: UUID) -> Membership:
    rows = Membership.objects.filter(is_active=True).select_related("organization", "user")
    membership = get_object_or_404(rows, pk=pk)
    # A member of another organization gets the same answer as for an id never given.
    find_organization(request, membership.organization_id)
    return membership


def _demand(request: HttpRequest, membership: Membership) -> None:
    demand(request.user, Permission.MANAGE_MEMBERS, organization=membership.organization)


@require_safe
@member_page
def member_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One member: what they do here, and what may be changed about it."""
    membership = _find_member(request, pk)
    if not allows(request.user, Permission.MANAGE_MEMBERS, organization=membership.organization):
        raise Http404
    with rows_of(membership.organization_id):
        audit.record(
            Kind.MEMBER_READ,
            target=membership,
            by=request.user,
            organization=membership.organization,
        )
    context = {
        "member": membership,
        "has_second_step": second_step.has_one(membership.user),
        "form": RoleForm(initial={"role": membership.role}),
        "is_self": membership.user_id == request.user.pk,
        "roles": [(role.label, ROLES[role].sentence) for role in Role],
    }
    return render(request, "referrals/member.html", context)


@require_POST
@member_page
def member_role(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change what a member does here."""
    membership = _find_member(request, pk)
    _demand(request, membership)
    second_step.demand_fresh(request, now=timezone.now())
    form = RoleForm(request.POST)
    if form.is_valid():
        role = Role(form.cleaned_data["role"])
        onboarding.change_role(membership, role, by=request.user, now=timezone.now())
        messages.success(request, _("Saved. They sign in again."))
    else:
        messages.error(request, _("Choose a role from the list."))
    return redirect("referrals:member", membership.pk)


@require_POST
@member_page
def member_invite_again(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mail the invitation once more."""
    membership = _find_member(request, pk)
    site = f"{request.scheme}://{request.get_host()}"
    try:
        onboarding.invite_again(membership, by=request.user, site=site)
    except onboarding.CannotInvite as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("The invitation was sent."))
    return redirect("referrals:member", membership.pk)


@require_POST
@member_page
def member_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a person's work here."""
    membership = _find_member(request, pk)
    onboarding.remove_member(membership, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("referrals:members", membership.organization_id)


@require_safe
@member_page
def audit_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The record of an organization: who, when, which row."""
    organization = find_organization(request, pk)
    demand(request.user, Permission.READ_AUDIT, organization=organization)
    with rows_of(organization.pk):
        audit.record(
            Kind.AUDIT_READ, target=organization, by=request.user, organization=organization
        )
        rows = AuditEvent.objects.filter(organization_id=organization.pk).order_by("-at", "id")
        page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("page"))
        people = User.objects.in_bulk({event.actor_id for event in page if event.actor_id})
        lines = [(event, people.get(event.actor_id)) for event in page]
        context = {"organization": organization, "page": page, "lines": lines}
        return render(request, "referrals/audit.html", context)
