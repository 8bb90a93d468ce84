"""Saving a plan that a program sends for a member: as the page of suggestions does it."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import Http404
from django.utils import timezone
from django.utils.translation import gettext as _

from finder.api.errors import BadParameters
from referrals import caseload, lifecycle, suggested
from referrals.api import reading
from referrals.api.base import Asker, Changed
from referrals.forms import NeedsForm, PatientForm, PlanForm
from referrals.matching import Needs, suggest
from referrals.models import Patient, Plan
from referrals.permissions import Permission, demand

_OF_PLAN = ("meetings", "step", "involvement", "replaces", "key")
NAMES = ("patient", "needs", *_OF_PLAN)


def save(told: dict[str, Any], asker: Asker) -> Plan:
    """Save the plan; the same key again is the same plan."""
    demand(asker.user, Permission.WRITE_PLAN, organization=asker.organization)
    patient = _patient(told.get("patient"), asker)
    key = reading.key_of(told)
    if key and (same := patient.plans.filter(key=key).first()):
        return same
    now = timezone.now()
    typed = reading.as_form_data(
        reading.known(told.get("needs"), allowed=NeedsForm.base_fields, name="needs")
    )
    asked = NeedsForm(typed)
    reading.cleaned(asked)
    poor = patient.referrals.poor_fits().values_list("group", flat=True)
    needs = asked.needs(vetoed_groups=poor)
    try:
        return _save(patient, told, typed=dict(typed.lists()), needs=needs, asker=asker, now=now)
    except lifecycle.Conflict as conflict:
        raise Changed(str(conflict)) from None
    except lifecycle.Refused as refusal:
        raise BadParameters({"meetings": [str(refusal)]}) from None


def _save(
    patient: Patient,
    told: dict[str, Any],
    *,
    typed: dict[str, list[str]],
    needs: Needs,
    asker: Asker,
    now: datetime,
) -> Plan:
    found = suggest(needs, now=now, clinic=patient.organization_id)
    shown = suggested.cards([*found.chosen, *found.rest], needs=needs, now=now)
    data = reading.as_form_data({name: told[name] for name in _OF_PLAN if name in told})
    # A plan is one meeting this week unless something else was said, as on the page.
    data.setdefault("step", PlanForm.base_fields["step"].initial)
    form = PlanForm(data, meetings=suggested.meeting_ids(shown))
    said = reading.cleaned(form)
    return lifecycle.save_plan(
        patient,
        needs={"form": typed, "needs": needs.document()},
        suggestions=suggested.document(found, now=now),
        chosen=suggested.choices(shown, form.chosen),
        medication=needs.medication,
        ladder={"step": said["step"], "involvement": said["involvement"]},
        replaces=said["replaces"],
        key=said["key"],
        by=asker.user,
        now=now,
    )


def _patient(told: Any, asker: Asker) -> Patient:
    """Find a patient by id, or find or add the one with a label."""
    told = reading.known(told, allowed=("id", "label"), name="patient")
    if len(told) != 1:
        raise BadParameters({"patient": [_("Give an id or a label.")]})
    if "label" in told:
        form = PatientForm(reading.as_form_data(told))
        label = reading.cleaned(form)["label"]
        return caseload.add_patient(label, organization=asker.organization, by=asker.user)[0]
    try:
        pk = UUID(str(told["id"]))
    except ValueError:
        raise BadParameters({"patient": [_("Give a UUID.")]}) from None
    found = Patient.objects.visible_to(asker.user).select_related("organization").filter(pk=pk)
    if patient := found.first():
        return patient
    raise Http404
