"""Organizations for who runs the site, their settings, and a person's own account."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from referrals import onboarding, second_step
from referrals.forms import OrganizationForm
from referrals.guards import member_page
from referrals.models import Organization, Role
from referrals.permissions import ROLES, Permission, demand
from referrals.views.members import find_organization


@require_safe
@member_page
def account(request: HttpRequest) -> HttpResponse:
    """A person's own account: what it may do, and where it is changed."""
    membership = request.membership
    context = {
        "membership": membership,
        "sentence": ROLES[Role(membership.role)].sentence if membership else "",
        "has_second_step": second_step.has_one(request.user),
        "is_exempt": second_step.is_exempt(request.user),
    }
    return render(request, "referrals/account.html", context)


@require_safe
@member_page
def organization_list(request: HttpRequest) -> HttpResponse:
    """All organizations, for who runs the site; no figure here tells of a patient."""
    if not request.user.is_superuser:
        raise PermissionDenied
    working = Count("memberships", filter=Q(memberships__is_active=True))
    rows = Organization.objects.annotate(people=working).order_by("name")
    return render(request, "referrals/organizations.html", {"organizations": rows})


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def organization_new(request: HttpRequest) -> HttpResponse:
    """Make an organization; its first administrator is invited on the page that follows."""
    demand(request.user, Permission.CREATE_ORGANIZATION, organization=None)
    second_step.demand_fresh(request, now=timezone.now())
    form = OrganizationForm(request.POST or None, is_superuser=True, initial={"is_active": True})
    if form.is_valid():
        made = onboarding.create_organization(
            form.cleaned_data["name"],
            by=request.user,
            agreement_on=form.cleaned_data["agreement_on"],
        )
        messages.success(request, _("The organization was made. Invite its administrator."))
        return redirect("referrals:members", made.pk)
    context = {"form": form, "heading": _("New organization")}
    status = 400 if form.errors else 200
    return render(request, "referrals/organization_form.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def organization_settings(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Change an organization's name; its agreement and state only by who runs the site."""
    organization = find_organization(request, pk)
    demand(request.user, Permission.CHANGE_SETTINGS, organization=organization)
    second_step.demand_fresh(request, now=timezone.now())
    form = OrganizationForm(
        request.POST or None, instance=organization, is_superuser=request.user.is_superuser
    )
    if form.is_valid():
        onboarding.change_settings(form.instance, by=request.user)
        messages.success(request, _("Saved."))
        return redirect("referrals:organization-settings", organization.pk)
    context = {"form": form, "heading": _("Settings"), "organization": organization}
    status = 400 if form.errors else 200
    return render(request, "referrals/organization_form.html", context, status=status)
