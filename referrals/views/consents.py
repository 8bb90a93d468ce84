"""A patient's consents and the accounting of what was told: taking down, reading, ending."""

from uuid import UUID

from django.contrib import messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from referrals import audit, consent
from referrals.consent import accounting, wording
from referrals.forms.consents import AnswerForm, ConsentForm, EmergencyForm, EndConsentForm
from referrals.guards import member_page, organization_of
from referrals.models import Consent, Kind, Patient, Referral, Restriction
from referrals.permissions import Permission, allows, demand
from referrals.views.patients import visible_patient
from referrals.views.received import show_received_consent

SAFE = ("GET", "HEAD")


@require_safe
@member_page
def patient_consents(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a patient allows, what was told of them, and what they asked to hold back."""
    patient, now = visible_patient(request, pk), timezone.now()
    audit.record(
        Kind.DISCLOSURE_LISTED, target=patient, by=request.user, organization=patient.organization
    )
    rows = patient.consents.select_related("revocation", "recipient_organization")
    context = {
        "patient": patient,
        "consents": consent.standing(rows, now=now),
        "disclosures": accounting.shown(patient, now=now),
        "restrictions": [
            (row, AnswerForm(auto_id=f"held{number}_%s"))
            for number, row in enumerate(patient.restrictions.select_related("checked_by"))
        ],
        "can_give": allows(
            request.user, Permission.GIVE_CONSENT, organization=patient.organization
        ),
    }
    return render(request, "referrals/consents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def consent_new(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a consent down as it is signed."""
    patient, now = visible_patient(request, pk), timezone.now()
    demand(request.user, Permission.GIVE_CONSENT, organization=patient.organization)
    live = list(patient.referrals.live().select_related("group").order_by("created_at"))
    posted = request.POST if request.method == "POST" else None
    form = ConsentForm(posted, patient=patient, referrals=live, now=now)
    if form.is_valid():
        try:
            given = consent.give(form.consent, form.chosen, by=request.user, now=now)
        except consent.NoConsent as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The consent was written down."))
            return redirect("referrals:consent", given.pk)
    words = wording.current(form.data.get("language") if posted else None)
    context = {"patient": patient, "form": form, "words": words, "has_referrals": bool(live)}
    status = 400 if form.errors else 200
    return render(request, "referrals/consent_new.html", context, status=status)


def consents_of(request: HttpRequest) -> QuerySet[Consent]:
    """Those of patients this person may see, or of the organization they run."""
    own = organization_of(request)
    rows = Consent.objects.filter(organization=own) if own else Consent.objects.none()
    if not allows(request.user, Permission.OVERSEE, organization=own):
        seen = Patient.objects.visible_to(request.user).filter(pk=OuterRef("patient"))
        rows = rows.filter(Exists(seen))
    return rows.select_related(
        "revocation", "recipient_organization", "organization", "patient", "taken_by"
    )


@member_page
def consent_detail(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One consent as it was signed; nobody changes it."""
    given = consents_of(request).filter(pk=pk).first()
    if given is None:
        return show_received_consent(request, pk)
    if request.method not in SAFE:
        return HttpResponseNotAllowed(SAFE)
    audit.record(Kind.CONSENT_READ, target=given, by=request.user, organization=given.organization)
    context = {
        "consent": given,
        "holds": consent.holds(given, now=timezone.now()),
        "scope": consent.scope(given),
        "words": wording.load(given.wording_version, given.wording_language),
        "shared": given.shared.select_related("referral__group"),
        "form": EndConsentForm(),
        "can_end": allows(request.user, Permission.END_CONSENT, organization=given.organization),
    }
    return render(request, "referrals/consent.html", context)


@require_POST
@member_page
def consent_end(request: HttpRequest, pk: UUID) -> HttpResponse:
    """End a consent at once."""
    given = get_object_or_404(consents_of(request), pk=pk)
    form = EndConsentForm(request.POST)
    told = form.cleaned_data if form.is_valid() else {}
    consent.revoke(given, by=request.user, now=timezone.now(), **told)
    messages.success(request, _("The consent has ended. Whoever read under it reads no more."))
    return redirect("referrals:consent", given.pk)


@member_page
def disclosures(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Who was told what of the patient of a referral, in the last three years."""
    rows = Referral.objects.visible_to(request.user) | Referral.objects.overseen_by(request.user)
    referral = get_object_or_404(rows.select_related("patient", "organization", "group"), pk=pk)
    if request.method not in SAFE:
        return HttpResponseNotAllowed(SAFE)
    audit.record(
        Kind.DISCLOSURE_LISTED,
        target=referral,
        by=request.user,
        organization=referral.organization,
    )
    found = accounting.shown(referral.patient, now=timezone.now())
    context = {"referral": referral, "disclosures": found}
    return render(request, "referrals/disclosures.html", context)


@require_POST
@member_page
def restriction_answer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Answer what a patient asked to hold back."""
    rows = Restriction.objects.filter(patient__in=Patient.objects.visible_to(request.user))
    asked = get_object_or_404(rows.select_related("patient__organization"), pk=pk)
    form = AnswerForm(request.POST)
    if form.is_valid():
        answer = form.cleaned_data["answer"]
        consent.answer_restriction(asked, answer, by=request.user, now=timezone.now())
        messages.success(request, _("Answered. What consents allow may be told again."))
    else:
        messages.error(request, _("Write an answer: the person reads it."))
    return redirect("referrals:consents", asked.patient_id)


@require_http_methods(["GET", "HEAD", "POST"])
@member_page
def emergency(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell a medical person in an emergency: the facts first, then what may be told."""
    patient, now = visible_patient(request, pk), timezone.now()
    demand(request.user, Permission.GIVE_CONSENT, organization=patient.organization)
    form = EmergencyForm(request.POST if request.method == "POST" else None)
    context = {"patient": patient, "form": form}
    if form.is_valid():
        told = dict(form.cleaned_data)
        is_checked = told.pop("is_restriction_checked")
        facts = consent.Emergency(at=now, by=request.user.email, **told)
        try:
            consent.release(
                patient, "emergency", by=request.user, now=now, emergency=facts,
                is_restriction_checked=is_checked,
            )  # fmt: skip
        except consent.NotReleased as refusal:
            form.add_error(*_why(refusal))
            audit.record(
                Kind.REFUSED,
                target=patient,
                by=request.user,
                organization=patient.organization,
            )
        else:
            referrals = patient.referrals.select_related("group__program").order_by("-created_at")
            return render(
                request, "referrals/emergency_told.html", context | {"referrals": referrals}
            )
    status = 400 if form.errors else 200
    return render(request, "referrals/emergency.html", context, status=status)


def _why(refusal: consent.NotReleased) -> tuple[str | None, str]:
    """Say beside which field an emergency was refused; anything else is refused as such."""
    if refusal.decision.rule == consent.Rule.RESTRICTED:
        return "is_restriction_checked", _("Look at what the person asked to hold back first.")
    if refusal.decision.rule == consent.Rule.EMERGENCY:
        return None, _("Each of the facts has to be written down.")
    raise refusal
