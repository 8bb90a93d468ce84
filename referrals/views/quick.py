"""The quick referral: needs, three meetings, a handout; anonymous, and nothing is kept."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from finder.requests import same_origin_post
from referrals import suggested
from referrals.forms import NeedsForm
from referrals.matching import suggest
from referrals.views.sheets import chosen_meetings, read_ids, sheet

# Browsers keep nothing either, so that "back" on a shared computer shows nothing.
keep_nothing = cache_control(no_store=True, private=True)


@same_origin_post
@keep_nothing
@require_http_methods(["GET", "HEAD", "POST"])
def quick(request: HttpRequest) -> HttpResponse:
    """Ask for the needs, and answer them on the same address."""
    form = NeedsForm(request.POST if request.method == "POST" else None)
    if not form.is_valid() or "change" in request.POST:
        status = 400 if form.errors else 200
        return render(request, "referrals/quick.html", {"form": form}, status=status)
    needs, now = form.needs(), timezone.now()
    found = suggest(needs, now=now)
    three = suggested.cards(found.chosen, needs=needs, now=now)
    context = {
        "found": found,
        "needs": needs,
        "three": three,
        "rest": suggested.cards(found.rest, needs=needs, now=now),
        "ticked": [card.best.id for card in three],
        "answers": _answers(request, form),
    }
    return render(request, "referrals/quick_results.html", context)


def _answers(request: HttpRequest, form: NeedsForm) -> list[tuple[str, str]]:
    return [(name, value) for name in form.fields for value in request.POST.getlist(name)]


@same_origin_post
@keep_nothing
@require_http_methods(["GET", "HEAD", "POST"])
def quick_handout(request: HttpRequest) -> HttpResponse:
    """Put the ticked meetings on paper; opened without any, go back to the questions."""
    meetings = chosen_meetings(read_ids(request.POST.getlist("meetings")))
    if not meetings:
        return redirect("referrals:quick")
    carried = {name: request.POST.get(name, "") for name in ("medication", "zone", "spoken")}
    handout, form = sheet(request, meetings, **carried)
    context = {
        "handout": handout,
        "form": form,
        "hidden": [*carried.items(), *(("meetings", row.pk) for row in meetings)],
    }
    return render(request, "referrals/quick_handout.html", context)
