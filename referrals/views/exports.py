"""Referrals of an organization as a file, for those who run it, behind a fresh second step."""

import csv
import io
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from finder.cells import safe
from referrals import exporting, reports, second_step
from referrals.forms.exports import ExportForm
from referrals.guards import member_page
from referrals.models import Organization, Referral
from referrals.permissions import Permission, demand
from referrals.reports import Quarter
from referrals.views.figures import quarter_words

QUARTERS = 12
_COLUMNS = ("id", "program", "group", "state", "state_at", "created_at", "first_meeting_at")


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def referral_export(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask which quarter and what for; a post gives the file."""
    now = timezone.now()
    organization = get_object_or_404(Organization.objects.visible_to(request.user), pk=pk)
    demand(request.user, Permission.EXPORT_REFERRALS, organization=organization)
    second_step.demand_fresh(request, now=now)
    recent = reports.recent_quarters(now, count=QUARTERS)
    form = ExportForm(
        request.POST if request.method == "POST" else None,
        quarters=[(each.code, quarter_words(each)) for each in recent],
    )
    if not form.is_valid():
        context = {"form": form, "organization": organization}
        status = 400 if form.errors else 200
        return render(request, "referrals/export.html", context, status=status)
    quarter = Quarter.from_code(form.cleaned_data["quarter"])
    told = {"basis": form.cleaned_data["basis"], "by": request.user, "now": now}
    rows = exporting.export(organization, quarter, **told)
    headers = {"Content-Disposition": f'attachment; filename="list-{quarter.code}.csv"'}
    return HttpResponse(_written(rows), content_type="text/csv; charset=utf-8", headers=headers)


def _written(rows: list[Referral]) -> str:
    text = io.StringIO()
    out = csv.writer(text)
    out.writerow(_COLUMNS)
    for row in rows:
        first = row.first_meeting_at
        out.writerow(
            [
                row.pk,
                row.group.program.slug,
                safe(row.group.name),
                row.state,
                row.state_at.isoformat(),
                row.created_at.isoformat(),
                first.isoformat() if first else "",
            ]
        )
    return text.getvalue()
