"""The form of a paper card, at a neutral address: no account, no phone, no cookie."""

from django.db.models import Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from finder import cards, curation, limits
from finder.models import Group, Meeting
from finder.requests import client_address, same_origin_post
from finder.views.card_forms import CardForm, ReportForm

MOST = 20
_TOO_MANY = _("Many codes were tried from here. Wait an hour, or ask at the desk.")
_NOBODY = _("No group fits that. Try the town, or a part of the name.")
_MANY = _("Many groups fit. Only some are shown: give more of the name, or the ZIP code.")


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
@same_origin_post
def card(request: HttpRequest) -> HttpResponse:
    """Ask for the code and the group, then for the visit; everything stays in place."""
    if request.method != "POST":
        return render(request, "card/find.html", {"form": CardForm()})
    address, now = client_address(request), timezone.now()
    if limits.is_used_up(limits.WRONG_CARDS, address, now=now):
        form = CardForm()
        return render(request, "card/find.html", {"form": form, "note": _TOO_MANY}, status=429)
    first = CardForm(request.POST)
    if not first.is_valid():
        if first.has_error("code", "wrong"):
            limits.allow(limits.WRONG_CARDS, address, now=now)
        return render(request, "card/find.html", {"form": first}, status=400)
    groups = _groups(first.cleaned_data["where"])
    if not groups:
        first.add_error("where", _NOBODY)
        return render(request, "card/find.html", {"form": first}, status=400)
    return _report(request, first, groups)


def _report(request: HttpRequest, first: CardForm, groups: list[Group]) -> HttpResponse:
    is_sent = "send" in request.POST
    data = request.POST if is_sent else None
    form = ReportForm(data, groups=groups[:MOST])
    form.initial |= first.cleaned_data
    context = {"form": form, "note": _MANY if len(groups) > MOST else ""}
    if not is_sent:
        return render(request, "card/report.html", context)
    if form.is_valid():
        try:
            cards.report(first.cleaned_data["code"], form.report(), now=timezone.now())
        except cards.CardRefused:
            # Sent twice: the first one counted.
            return render(request, "card/thanks.html")
        except curation.EvidenceRefused as refusal:
            form.add_error(None, refusal.sentence)
        else:
            return render(request, "card/thanks.html")
    return render(request, "card/report.html", context, status=400)


def _groups(where: str) -> list[Group]:
    """Find groups by name, town or ZIP code, one more than are shown.

    Those whose community has not agreed to be judged are not asked about.
    """
    meets = Q(meetings__place__city__icontains=where) | Q(meetings__place__zip__startswith=where)
    rows = Group.objects.listed().filter(Q(name__icontains=where) | meets).distinct()
    meetings = Prefetch("meetings", Meeting.objects.listed().select_related("place"))
    rows = rows.select_related("program").prefetch_related(meetings).order_by("name", "pk")
    agreed = (group for group in rows[: MOST * 5] if not group.awaits_consent)
    return [group for _number, group in zip(range(MOST + 1), agreed, strict=False)]
