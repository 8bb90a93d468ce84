"""Tokens of an organization's programs, for who runs it; how the API reads them lives elsewhere."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from referrals import audit, second_step, tokens
from referrals.forms import TokenForm
from referrals.guards import member_page
from referrals.models import ApiToken, Kind, Organization, Scope
from referrals.permissions import Permission, demand
from referrals.tenancy import organization as rows_of
from referrals.views.members import find_organization

PAGE_SIZE = 100


def _demand(request: HttpRequest, organization: Organization) -> None:
    demand(request.user, Permission.MANAGE_TOKENS, organization=organization)
    second_step.demand_fresh(request, now=timezone.now())


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def token_list(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The tokens of an organization; a post makes one, whose secret this answer alone shows."""
    organization = find_organization(request, pk)
    _demand(request, organization)
    form, made = TokenForm(request.POST or None), None
    if form.is_valid():
        told = {name: form.cleaned_data[name] for name in ("name", "days")}
        scopes = [Scope(scope) for scope in form.cleaned_data["scopes"]]
        made = tokens.make(organization, scopes=scopes, by=request.user, now=timezone.now(), **told)
        form = TokenForm()
    with rows_of(organization.pk):
        audit.record(
            Kind.TOKEN_LISTED, target=organization, by=request.user, organization=organization
        )
    context = {
        "organization": organization,
        "lines": _lines(organization),
        "form": form,
        "made": made,
    }
    return render(request, "referrals/tokens.html", context, status=400 if form.errors else 200)


def _lines(organization: Organization) -> list[tuple[ApiToken, list[str], bool]]:
    """Give each token with what it may do in words, and whether it works now."""
    now = timezone.now()
    rows = ApiToken.objects.filter(organization=organization).order_by("-made_at", "id")
    return [
        (row, [Scope(scope).label for scope in row.scopes], row.is_live(now))
        for row in rows.select_related("made_by")[:PAGE_SIZE]
    ]


@require_POST
@member_page
def token_revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a token at once."""
    token = get_object_or_404(ApiToken.objects.select_related("organization"), pk=pk)
    find_organization(request, token.organization_id)
    _demand(request, token.organization)
    tokens.revoke(token, by=request.user, now=timezone.now())
    messages.success(request, _("The token was revoked."))
    return redirect("referrals:tokens", token.organization_id)
