"""Opening an organization in an emergency, by a superuser, and ending it before its time."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referrals import emergency, second_step
from referrals.forms import EmergencyForm
from referrals.guards import member_page
from referrals.models import BreakGlass, Organization
from referrals.permissions import Permission, demand


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def emergency_open(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say why, and open an organization for an hour at the most."""
    # That organizations can be opened is no secret, so everyone else is refused alike.
    demand(request.user, Permission.BREAK_GLASS, organization=None)
    second_step.demand_fresh(request, now=timezone.now())
    organization = get_object_or_404(Organization, pk=pk)
    form = EmergencyForm(request.POST or None)
    if form.is_valid():
        emergency.open_for(request, organization, **form.cleaned_data, now=timezone.now())
        return redirect("referrals:dashboard")
    context = {"organization": organization, "form": form}
    status = 400 if form.errors else 200
    return render(request, "referrals/emergency_open.html", context, status=status)


@require_POST
@member_page
def emergency_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End an opening now."""
    opening = get_object_or_404(BreakGlass.objects.select_related("organization"), pk=pk)
    emergency.end(opening, by=request.user, now=timezone.now())
    messages.success(request, _("The opening was ended."))
    return redirect("referrals:dashboard")
