"""An organization's members and its record, for those who run it."""

from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from finder.models import User
from referrals import audit, onboarding
from referrals.forms import InviteForm
from referrals.guards import member_page
from referrals.models import AuditEvent, Kind, Membership, Organization, Role
from referrals.permissions import Permission, demand
from referrals.tenancy import organization as rows_of

PAGE_SIZE = 100


def _organization(request: HttpRequest, pk: UUID) -> Organization:
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
    organization = _organization(request, pk)
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


@require_POST
@member_page
def member_remove(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a person's work here."""
    rows = Membership.objects.filter(is_active=True).select_related("organization")
    membership = get_object_or_404(rows, pk=pk)
    # A member of another organization gets the same answer as for an id never given.
    _organization(request, membership.organization_id)
    onboarding.remove_member(membership, by=request.user)
    messages.success(request, _("Removed."))
    return redirect("referrals:members", membership.organization_id)


@require_safe
@member_page
def audit_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The record of an organization: who, when, which row."""
    organization = _organization(request, pk)
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
