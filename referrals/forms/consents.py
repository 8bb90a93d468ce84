"""What is filled in for a consent, its end, an emergency and what is to be held back."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from referrals.consent import Element, missing, wording
from referrals.models import (
    CONSENTABLE,
    OFFERED,
    Consent,
    Ending,
    Expiry,
    Method,
    Organization,
    Patient,
    RecipientKind,
    Referral,
    Signer,
)

LONGEST = timedelta(days=3660)
# Beside which field each missing element is told, and how.
_SAID = {
    Element.PATIENT_NAME: ("patient_name", _("Write the person's name.")),
    Element.CATEGORIES: ("categories", _("Choose what may be told.")),
    Element.RECIPIENT: (
        "recipient_name",
        _("Choose an organization or write one name; a kind of people names nobody."),
    ),
    Element.PURPOSE: ("purpose", _("Choose what it is for.")),
    Element.REVOCATION: ("tells_how_to_revoke", _("The person has to know this.")),
    Element.EXPIRY: ("expiry", _("Choose when it ends, with a day where it is a day.")),
    Element.SIGNATURE: ("signature", _("It has to be signed: a typed name, or the scan's number.")),
    Element.SIGNED_AT: ("signed_on", _("Write the day on the paper.")),
    Element.STATEMENTS: ("tells_of_passing_on", _("The person has to know both of these.")),
    Element.AUTHORITY: ("authority", _("Write who else signs, and by what right.")),
}


def _choices(label, choices, widget=forms.RadioSelect, **more) -> forms.ChoiceField:
    kind = forms.MultipleChoiceField if "initial_all" in more else forms.ChoiceField
    more.pop("initial_all", None)
    return kind(label=label, choices=choices, widget=widget, required=False, **more)


def _line(label, length: int = 160, **more) -> forms.CharField:
    widget = forms.TextInput(attrs={"autocomplete": "off"})
    return forms.CharField(label=label, max_length=length, required=False, widget=widget, **more)


def _tick(label) -> forms.BooleanField:
    return forms.BooleanField(label=label, required=False)


class ConsentForm(forms.Form):
    """Every element of a consent; which of them are missing is decided where it is decided."""

    use_required_attribute = False

    patient_name = _line(_("The person's name, as they sign it"))
    referrals = _choices(
        _("Which referrals it is about"), [], forms.CheckboxSelectMultiple, initial_all=True
    )
    recipient = forms.ModelChoiceField(
        label=_("Who may be told: an organization on this site"),
        queryset=Organization.objects.none(),
        required=False,
        empty_label=_("Somebody else, by name"),
    )
    recipient_name = _line(
        _("Or one person or place by name"),
        help_text=_("One name. Nothing is ever told to a group."),
    )
    categories = _choices(
        _("What may be told"),
        [(kind.value, kind.label) for kind in OFFERED],
        forms.CheckboxSelectMultiple,
        initial_all=True,
    )
    purpose = _choices(_("What for"), [(kind.value, kind.label) for kind in CONSENTABLE])
    expiry = _choices(
        _("When it ends"),
        Expiry.choices,
        help_text=_("The last is for treatment, payment and operations alone."),
    )
    expires_on = forms.DateField(
        label=_("Last day"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    signer = _choices(_("Who signs"), Signer.choices, initial=Signer.PATIENT)
    state = _line(_("For someone under 18: the state"), 2, help_text=_("Two letters, such as NE"))
    guardian_signature = _line(_("Name of the guardian who signs too"))
    authority = _line(_("By what right somebody else signs"), help_text=_("Such as: parent"))
    method = _choices(_("How it is signed"), Method.choices, initial=Method.TYPED)
    signature = _line(_("Typed name"))
    scan_number = _line(_("Number of the scanned paper"), 60)
    signed_on = forms.DateField(
        label=_("Day on the paper"), required=False, widget=forms.DateInput(attrs={"type": "date"})
    )
    tells_how_to_revoke = _tick(_("They know that they can take it back, and how"))
    tells_of_passing_on = _tick(_("They know that it may be passed on"))
    tells_of_refusing = _tick(_("They know what happens if they say no"))
    language = forms.CharField(widget=forms.HiddenInput, required=False, max_length=12)
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)

    def __init__(
        self, *args, patient: Patient, referrals: Iterable[Referral], now: datetime, **kwargs
    ) -> None:
        words = wording.current()
        initial = {"language": words.language, "referrals": [str(row.pk) for row in referrals]}
        super().__init__(*args, initial=initial | kwargs.pop("initial", {}), **kwargs)
        self.patient, self.now = patient, now
        self.by_id = {str(row.pk): row for row in referrals}
        self.fields["referrals"].choices = [(pk, row.group.name) for pk, row in self.by_id.items()]
        others = Organization.objects.filter(is_active=True).exclude(pk=patient.organization_id)
        self.fields["recipient"].queryset = others.order_by("name")

    def clean(self) -> dict:
        """Read the whole as one consent, and name each element that it lacks."""
        data = super().clean()
        self.consent = self._consent(data)
        lacking = missing(self.consent)
        for element in (each for each in _SAID if each in lacking):
            field, sentence = _SAID[element]
            if field not in self.errors:
                self.add_error(field, sentence)
        if not data.get("referrals"):
            self.add_error("referrals", _("Choose at least one."))
        return data

    def clean_expires_on(self):
        day = self.cleaned_data["expires_on"]
        today = self.now.astimezone(_zone()).date()
        if day and not today <= day <= today + LONGEST:
            raise forms.ValidationError(_("Choose a day from today on, within ten years."))
        return day

    def clean_signed_on(self):
        day = self.cleaned_data["signed_on"]
        if day and (day > self.now.astimezone(_zone()).date() or day.year < 2000):
            raise forms.ValidationError(_("Write a day that has come already."))
        return day

    @property
    def chosen(self) -> list[Referral]:
        """The referrals of a valid form."""
        return [self.by_id[pk] for pk in self.cleaned_data["referrals"]]

    def _consent(self, data: dict) -> Consent:
        words = wording.current(data.get("language"))
        recipient = data.get("recipient")
        is_paper = data.get("method") == Method.PAPER
        plain = (
            *("patient_name", "categories", "purpose", "expiry", "signer", "method", "state"),
            *("signature", "scan_number", "guardian_signature", "authority"),
            *("tells_how_to_revoke", "tells_of_passing_on", "tells_of_refusing"),
        )
        return Consent(
            patient=self.patient,
            organization=self.patient.organization,
            wording_version=words.version,
            wording_language=words.language,
            wording_hash=words.hash,
            discloser=self.patient.organization.name,
            recipient_kind=RecipientKind.ORGANIZATION if recipient else RecipientKind.NAMED,
            recipient_organization=recipient,
            recipient_name="" if recipient else data.get("recipient_name", ""),
            expires_at=_end_of(data.get("expires_on"), data.get("expiry")),
            signed_at=_midnight(data.get("signed_on")) if is_paper else self.now,
            key=data.get("key"),
            **{name: data.get(name) or self.fields[name].to_python("") for name in plain},
        )


def _zone() -> ZoneInfo:
    return ZoneInfo(settings.DEFAULT_VIEWER_ZONE)


def _midnight(day) -> datetime | None:
    return datetime.combine(day, time(), tzinfo=_zone()) if day else None


def _end_of(day, expiry: str | None) -> datetime | None:
    """A consent until a day ends with that day: at the midnight after it."""
    if not day or expiry != Expiry.DATE:
        return None
    return _midnight(day + timedelta(days=1))


class EndConsentForm(forms.Form):
    """Why a consent ends, and where the letter lies if there is one."""

    use_required_attribute = False

    ending = forms.ChoiceField(
        label=_("What happened"),
        choices=[
            (Ending.REVOKED, _("The person took it back")),
            (Ending.FALSE, _("It was found to be false")),
        ],
        initial=Ending.REVOKED,
        widget=forms.RadioSelect,
    )
    note = _line(_("Where it was noted, such as a letter's number"))


class EmergencyForm(forms.Form):
    """The facts of 42 CFR 2.51(c); who tells and when is known."""

    use_required_attribute = False

    to = forms.CharField(label=_("Who is told: name of the medical person"), max_length=160)
    affiliation = forms.CharField(label=_("Where they work"), max_length=160)
    nature = forms.CharField(
        label=_("What the emergency is"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    is_restriction_checked = forms.BooleanField(
        label=_("I looked at what the person asked to hold back"), required=False
    )


class HoldBackForm(forms.Form):
    """What a person wants held back, in their words; or what a clinic answers."""

    use_required_attribute = False

    words = forms.CharField(
        label=_("What should not be told, or to whom"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3, "autocomplete": "off"}),
    )
    key = forms.UUIDField(widget=forms.HiddenInput, initial=uuid4)


class AnswerForm(forms.Form):
    """What the clinic answers to what is to be held back."""

    use_required_attribute = False

    answer = forms.CharField(
        label=_("Your answer"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2, "autocomplete": "off"}),
    )


class HandForm(forms.Form):
    """Which member reads a referral that another organization shared."""

    use_required_attribute = False

    member = forms.ModelChoiceField(label=_("Who reads it"), queryset=None)

    def __init__(self, *args, members, **kwargs) -> None:
        super().__init__(*args, **kwargs)
        self.fields["member"].queryset = members
