"""How referrals went: a member's own figures, and those of an organization that tell of nobody."""

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from referrals import reports
from referrals.guards import member_page
from referrals.models import Organization
from referrals.permissions import Permission, allows, demand
from referrals.reports import Quarter, Report
from referrals.tenancy import organization as rows_of
from referrals.views import figures


def _read_quarter(code: str) -> Quarter:
    try:
        return Quarter.from_code(code)
    except ValueError as error:
        raise Http404 from error


def _named(quarters: list[Quarter]) -> list[tuple[Quarter, str]]:
    return [(quarter, figures.quarter_words(quarter)) for quarter in quarters]


@require_safe
@member_page
def own_figures(request: HttpRequest, quarter: str = "") -> HttpResponse:
    """Exact figures over the referrals that this person may read."""
    own = request.membership and request.membership.organization
    recent = reports.recent_quarters(timezone.now())
    chosen = _read_quarter(quarter) if quarter else recent[0]
    report = reports.own_figures(chosen, organization=own, by=request.user)
    context = {
        "quarter": chosen,
        "words": figures.quarter_words(chosen),
        "quarters": _named(recent),
        "people": report.people,
        "sections": list(figures.sections(report)),
        "runs_it": allows(request.user, Permission.OVERSEE, organization=own),
        "organization": own,
    }
    return render(request, "referrals/figures.html", context)


@require_safe
@member_page
def report(request: HttpRequest, pk: UUID, quarter: str = "") -> HttpResponse:
    """De-identified figures of an organization: of a quarter, else of the newest there is."""
    organization = _organization(request, pk)
    with rows_of(organization.pk):
        quarters = list(reports.released_quarters(organization, now=timezone.now()))
        chosen = _read_quarter(quarter) if quarter else next(iter(quarters), None)
        told = _told(request, organization, chosen)
    context = {
        "organization": organization,
        "quarter": chosen,
        "words": chosen and figures.quarter_words(chosen),
        "quarters": _named(quarters),
        "people": told and told.people,
        "sections": list(figures.sections(told)) if told else [],
        "least": reports.LEAST,
        "may_export": allows(request.user, Permission.EXPORT_REFERRALS, organization=organization),
    }
    return render(request, "referrals/report.html", context)


@require_safe
@member_page
def report_file(request: HttpRequest, pk: UUID, quarter: str) -> HttpResponse:
    """The same figures as a table for spreadsheets, which may be handed on."""
    organization = _organization(request, pk)
    chosen = _read_quarter(quarter)
    with rows_of(organization.pk):
        content = figures.as_file(_told(request, organization, chosen), chosen)
    headers = {"Content-Disposition": f'attachment; filename="figures-{chosen.code}.csv"'}
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _organization(request: HttpRequest, pk: UUID) -> Organization:
    found = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    demand(request.user, Permission.READ_REPORT, organization=found)
    return found


def _told(
    request: HttpRequest, organization: Organization, quarter: Quarter | None
) -> Report | None:
    if quarter is None:
        return None
    try:
        return reports.released(
            quarter, organization=organization, by=request.user, now=timezone.now()
        )
    except reports.NotWhole as error:
        raise Http404 from error
