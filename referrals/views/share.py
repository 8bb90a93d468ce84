"""A patient's own page behind a share link: a button, the plan, how it went, and what is kept.

Everything is posted to one address and answered in place, so that nothing stays in a history.
No cookie is read or set; the proof of the code travels with each form.
"""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_http_methods

from finder import limits
from finder.models import Meeting
from finder.requests import client_address, same_origin_post
from referrals import checkins, consent, handouts, sharing, suggested
from referrals.consent import accounting
from referrals.forms import CheckInForm, CodeForm
from referrals.forms.consents import HoldBackForm
from referrals.held import held
from referrals.lifecycle import Outsider
from referrals.models import Basis, Consent, Plan, Referral, ShareLink
from referrals.views.sheets import chosen_meetings
from referrals.views.worksheet import told_words

OTHERS = 3


@same_origin_post
@cache_control(no_store=True, private=True)
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, token: str) -> HttpResponse:
    """Show the button; a press of it, and each form behind it, is a post to the same address."""
    now = timezone.now()
    try:
        with sharing.opened(token, now=now) as link:
            if link is not None:
                answer = _answer(request, link, now=now)
                answer["X-Robots-Tag"] = "noindex, nofollow"
                return answer
    except consent.NotReleased as refusal:
        raise Http404 from refusal
    address = client_address(request)
    if not limits.allow(limits.WRONG_SHARE_LINKS, address, now=now):
        return render(request, "suggest/later.html", status=429)
    raise Http404


def _answer(request: HttpRequest, link: ShareLink, *, now: datetime) -> HttpResponse:
    if request.method != "POST":
        return render(request, "share/button.html")
    do: Callable | None = _DOES.get(request.POST.get("do", ""))
    if do is None:
        return _page(request, link, now=now)
    return do(request, link, now=now)


def _release(link: ShareLink, exit: str, *, now: datetime) -> None:
    """Pass the one door, which writes down that the patient saw it."""
    consent.release(link.patient, exit, by=None, now=now, target=link)


def _live(link: ShareLink) -> list[Referral]:
    live = Referral.objects.live().filter(patient=link.patient)
    return list(live.select_related("plan", "organization", "group").order_by("created_at", "pk"))


def _plan(link: ShareLink) -> Plan | None:
    return link.patient.plans.live().first()


def _page(
    request: HttpRequest,
    link: ShareLink,
    *,
    now: datetime,
    form: CheckInForm | None = None,
    code_form: CodeForm | None = None,
    note: str = "",
) -> HttpResponse:
    _release(link, "own_page", now=now)
    live = _live(link)
    meetings = _meetings(live)
    names = _names(live, meetings)
    context = {
        "lines": _discreet(request, meetings, zone=_zone(link), now=now),
        "form": form or CheckInForm(groups=names) if names else None,
        "code_form": code_form or CodeForm(),
        "is_locked": link.is_code_locked,
        "note": note,
    }
    wrong = (form and form.errors) or (code_form and code_form.errors)
    return render(request, "share/page.html", context, status=400 if wrong else 200)


def _meetings(live: list[Referral]) -> list[Meeting]:
    return chosen_meetings(pk for referral in live for pk in referral.meetings)


def _zone(link: ShareLink) -> str:
    plan = _plan(link)
    return plan.zone if plan else ""


def _discreet(request: HttpRequest, meetings: list[Meeting], *, zone: str, now: datetime):
    """Put meetings into the words of a discreet handout."""
    site = f"{request.scheme}://{request.get_host()}"
    return handouts.build(meetings, site=site, zone=zone, now=now).lines


def _names(live: list[Referral], meetings: list[Meeting]) -> list[tuple[str, str]]:
    """Name each group by its first meeting, in words that tell nothing."""
    by_id = {meeting.pk: handouts.short_name(meeting) for meeting in meetings}
    found = []
    for number, referral in enumerate(live, start=1):
        known = [by_id[pk] for pk in referral.meetings if pk in by_id]
        name = known[0] if known else _("Meeting %(number)s") % {"number": number}
        found.append((str(referral.pk), name))
    return found


def _check_in(request: HttpRequest, link: ShareLink, *, now: datetime) -> HttpResponse:
    live = _live(link)
    form = CheckInForm(request.POST, groups=_names(live, _meetings(live)))
    if not form.is_valid():
        if _was_sent_before(link, form):
            return _thanks(request, link, told=None, now=now)
        return _page(request, link, now=now, form=form)
    referral, told = form.chosen_of(live), form.told()
    key = form.cleaned_data["key"]
    checkins.record(referral, told, by=Outsider.PATIENT, now=now, key=key)
    return _thanks(request, link, told=told, now=now)


def _was_sent_before(link: ShareLink, form: CheckInForm) -> bool:
    """Say whether this filling-in was kept: it closed the group that it is about."""
    key = form.cleaned_data.get("key")
    return bool(key) and link.patient.check_ins.filter(key=key).exists()


def _thanks(
    request: HttpRequest, link: ShareLink, *, told: checkins.Told | None, now: datetime
) -> HttpResponse:
    _release(link, "own_page", now=now)
    is_bad = told is not None and told.is_bad
    context = {
        "is_bad": is_bad,
        "is_pushed": told is not None and told.is_pushed,
        "others": _others(request, link, now=now) if is_bad else (),
    }
    return render(request, "share/thanks.html", context)


def _others(request: HttpRequest, link: ShareLink, *, now: datetime):
    """Match again at once, without the groups that went badly."""
    plan = _plan(link)
    needs = plan.needs.get("needs") if plan else None
    poor = link.patient.referrals.poor_fits().values_list("group", flat=True)
    found = suggested.again(needs or {}, vetoed=poor, clinic=link.organization_id, now=now)
    if found is None:
        return ()
    best = [match.best.meeting.id for match in found.chosen[:OTHERS]]
    return _discreet(request, chosen_meetings(best), zone=plan.zone, now=now)


def _code(request: HttpRequest, link: ShareLink, *, now: datetime) -> HttpResponse:
    form = CodeForm(request.POST)
    proof = sharing.try_code(link, form.cleaned_data["code"], now=now) if form.is_valid() else ""
    if proof:
        return _kept(request, link, proof=proof, now=now)
    if form.is_valid():
        form.add_error("code", _wrong_code(link))
    return _page(request, link, now=now, code_form=form)


def _wrong_code(link: ShareLink) -> str:
    if link.is_code_locked:
        return _("The code is locked. The people who gave you this page can give you a new one.")
    return _("That is not the code. Look at each digit again.")


def _kept(
    request: HttpRequest,
    link: ShareLink,
    *,
    proof: str,
    now: datetime,
    hold_back: HoldBackForm | None = None,
    note: str = "",
) -> HttpResponse:
    _release(link, "own_record", now=now)
    told = link.patient.check_ins.select_related("referral__group").order_by("-at")
    context = {
        "proof": proof,
        "patient": link.patient,
        "referrals": link.patient.referrals.select_related("group").order_by("created_at"),
        "check_ins": [(row, told_words(row)) for row in told],
        "consents": [
            (row, consent.scope(row), consent.holds(row, now=now))
            for row in link.patient.consents.select_related("revocation", "recipient_organization")
        ],
        **_told(link, now=now),
        "restrictions": link.patient.restrictions.all(),
        "hold_back": hold_back or HoldBackForm(),
        "note": note,
    }
    return render(
        request, "share/kept.html", context, status=400 if hold_back and hold_back.errors else 200
    )


def _told(link: ShareLink, *, now: datetime) -> dict:
    """Part what others were told from what the patient looked at themselves."""
    rows = list(accounting.shown(link.patient, now=now))
    own = [row for row in rows if row.basis == Basis.OWN]
    return {"disclosures": [row for row in rows if row.basis != Basis.OWN], "own_views": own}


def _behind_the_code(act: Callable) -> Callable:
    """Ask for the code again where its proof is missing, old or of another link."""

    def asked(request: HttpRequest, link: ShareLink, *, now: datetime) -> HttpResponse:
        proof = request.POST.get("proof", "")
        if sharing.is_proved(link, proof):
            return act(request, link, proof=proof, now=now)
        form = CodeForm({})
        form.add_error("code", _("Fifteen minutes are over. Type the code again."))
        return _page(request, link, now=now, code_form=form)

    return asked


def _end_consent(
    request: HttpRequest, link: ShareLink, *, proof: str, now: datetime
) -> HttpResponse:
    """Take a permission back, at once; one of another patient is not there."""
    rows = link.patient.consents.select_related("organization", "patient__organization")
    try:
        given = rows.get(pk=request.POST.get("which", ""))
    except (Consent.DoesNotExist, ValidationError) as error:
        raise Http404 from error
    consent.revoke(given, by=None, now=now)
    note = _("It has ended. Nobody is told anything under it any more.")
    return _kept(request, link, proof=proof, now=now, note=note)


def _hold_back(request: HttpRequest, link: ShareLink, *, proof: str, now: datetime) -> HttpResponse:
    """Ask to hold something back; nothing is told to others until the clinic answers."""
    form = HoldBackForm(request.POST)
    if not form.is_valid():
        return _kept(request, link, proof=proof, now=now, hold_back=form)
    words, key = form.cleaned_data["words"], form.cleaned_data["key"]
    consent.ask_to_hold_back(link.patient, words, by=None, now=now, key=key)
    note = _("Nothing is told to others until they have answered you.")
    return _kept(request, link, proof=proof, now=now, note=note)


def _copy(request: HttpRequest, link: ShareLink, *, proof: str, now: datetime) -> HttpResponse:
    """Give everything that is held as a file with a name that tells nothing."""
    _release(link, "own_copy", now=now)
    options = {"indent": 2, "ensure_ascii": False}
    answer = JsonResponse(held(link.patient), json_dumps_params=options)
    answer["Content-Disposition"] = 'attachment; filename="copy.json"'
    return answer


def _end(request: HttpRequest, link: ShareLink, *, now: datetime) -> HttpResponse:
    sharing.revoke(link, by=Outsider.PATIENT, now=now)
    return render(request, "share/ended.html")


_DOES: dict[str, Callable] = {
    "check-in": _check_in,
    "code": _code,
    "copy": _behind_the_code(_copy),
    "end": _end,
    "end-consent": _behind_the_code(_end_consent),
    "hold-back": _behind_the_code(_hold_back),
}
