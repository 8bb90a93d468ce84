"""The record says who did what to which row, and nothing of what the row says."""

from referrals import audit
from referrals.models import AuditEvent, Kind
from referrals.tenancy import organization


def test_record_names_the_row_and_the_person(in_clinic, clinician, patient):
    event = audit.record(Kind.PATIENT_READ, target=patient, by=clinician, organization=in_clinic)

    stored = AuditEvent.objects.get(pk=event.pk)
    assert (stored.kind, stored.target_kind) == (Kind.PATIENT_READ, "patient")
    assert (stored.target_id, stored.actor_id) == (str(patient.pk), clinician.pk)
    assert stored.organization_id == in_clinic.pk
    assert stored.at is not None


def test_record_holds_no_relation_that_could_take_it_along():
    assert not [field for field in AuditEvent._meta.get_fields() if field.is_relation]


def test_trail_is_newest_first_and_of_one_row(in_clinic, clinician, patient):
    audit.record(Kind.PATIENT_CREATED, target=patient, by=clinician, organization=in_clinic)
    audit.record(Kind.PATIENT_READ, target=patient, by=clinician, organization=in_clinic)
    audit.record(Kind.PATIENT_LISTED, target=("patient", ""), by=clinician, organization=in_clinic)

    kinds = [event.kind for event in audit.trail(patient)]

    assert kinds == [Kind.PATIENT_READ, Kind.PATIENT_CREATED]


def test_event_of_nobodys_organization_is_kept(curator, other_clinic):
    audit.record(Kind.REFUSED, target=("patient", "x"), by=curator, organization=None)

    with organization(other_clinic.pk):
        assert AuditEvent.objects.get().organization_id is None
