"""A member's patients, from the first label to the colleague who helps."""

import pytest
from django.urls import reverse

from referrals.models import Assignment, AuditEvent, Kind, Patient
from referrals.tenancy import organization
from tests.referrals.conftest import LABEL, make_member, make_patient


@pytest.fixture(autouse=True)
def signed_in(client, clinician):
    client.force_login(clinician)


def kinds(clinic):
    with organization(clinic.pk):
        return set(AuditEvent.objects.values_list("kind", flat=True))


def page(name, *args):
    return reverse(f"referrals:{name}", args=args)


def test_new_patient_leads_to_their_needs(client, clinic, clinician):
    answer = client.post(page("patient-new"), {"label": " Chart 12 "})

    with organization(clinic.pk):
        patient = Patient.objects.get()
    assert (patient.label, patient.created_by) == ("Chart 12", clinician)
    assert answer["Location"] == page("needs", patient.pk)
    assert Kind.PATIENT_CREATED in kinds(clinic)


def test_same_label_leads_to_the_patient_there_is(client, clinic, patient):
    answer = client.post(page("patient-new"), {"label": LABEL.upper()})

    assert answer["Location"] == page("patient", patient.pk)
    with organization(clinic.pk):
        assert Patient.objects.count() == 1


def test_same_label_of_a_colleague_is_another_patient(client, clinic, patient, colleague):
    client.force_login(colleague)

    client.post(page("patient-new"), {"label": LABEL})

    with organization(clinic.pk):
        assert Patient.objects.count() == 2


@pytest.mark.parametrize("label", ["", "   ", "x" * 81, "a\x00b"])
def test_label_that_is_none_is_said_on_the_page(label, client, clinic):
    answer = client.post(page("patient-new"), {"label": label})

    assert answer.status_code == 400
    assert "Please look at this again" in answer.content.decode()
    with organization(clinic.pk):
        assert not Patient.objects.exists()


def test_label_is_shown_as_text(client, clinic, clinician):
    with organization(clinic.pk):
        patient = make_patient(clinic, clinician, label="<script>alert(1)</script>")

    assert "<script>alert" not in client.get(page("patient", patient.pk)).content.decode()


def test_reading_is_recorded(client, clinic, patient):
    client.get(page("patients"))
    client.get(page("patient", patient.pk))

    assert {Kind.PATIENT_LISTED, Kind.PATIENT_READ} <= kinds(clinic)


def test_titles_are_neutral_and_pages_are_not_kept(client, clinic, referral):
    for url in (
        page("dashboard"),
        page("patients"),
        page("patient", referral.patient_id),
        page("needs", referral.patient_id),
        page("referral", referral.pk),
    ):
        answer = client.get(url)
        assert "<title>Referral</title>" in answer.content.decode()
        assert "no-store" in answer["Cache-Control"]


def test_list_asks_the_same_number_of_queries_for_many(
    client, clinic, clinician, patient, django_assert_num_queries
):
    def count():
        with django_assert_num_queries(14) as captured:
            client.get(page("patients"))
        return len(captured)

    # The first line of the record begins its chain.
    client.get(page("patients"))
    count()
    with organization(clinic.pk):
        for number in range(20):
            make_patient(clinic, clinician, label=f"p{number}")

    assert count() == 14


def test_find_opens_the_patient_by_any_spelling(client, patient):
    answer = client.post(page("patient-find"), {"label": f"  {LABEL.upper()} "})

    assert answer["Location"] == page("patient", patient.pk)


def test_assigned_colleague_sees_the_patient_from_then_on(client, clinic, patient, colleague):
    member = colleague.memberships.get()

    client.post(page("patient-assign", patient.pk), {"member": member.pk})

    client.force_login(colleague)
    assert client.get(page("patient", patient.pk)).status_code == 200
    assert Kind.PATIENT_ASSIGNED in kinds(clinic)


@pytest.mark.parametrize("who", ["administrator", "stranger", "clinician"])
def test_only_clinical_colleagues_are_assigned(who, request, client, clinic, patient):
    member = request.getfixturevalue(who).memberships.get()

    answer = client.post(page("patient-assign", patient.pk), {"member": member.pk})

    assert answer.status_code == 400
    with organization(clinic.pk):
        assert not Assignment.objects.exists()


def test_ended_assignment_closes_the_page_for_the_colleague(client, clinic, patient, assigned_peer):
    with organization(clinic.pk):
        assignment = Assignment.objects.get()

    client.post(page("assignment-end", assignment.pk))

    client.force_login(assigned_peer)
    assert client.get(page("patient", patient.pk)).status_code == 404
    assert Kind.PATIENT_UNASSIGNED in kinds(clinic)


def test_peer_who_ends_their_own_assignment_is_led_to_their_list(client, clinic, assigned_peer):
    with organization(clinic.pk):
        assignment = Assignment.objects.get()
    client.force_login(assigned_peer)

    answer = client.post(page("assignment-end", assignment.pk))

    assert answer["Location"] == page("patients")


def test_no_log_line_tells_of_a_patient(client, patient, caplog):
    client.get(page("patient", patient.pk))
    client.post(page("patient-find"), {"label": LABEL})

    said = caplog.text
    assert "referrals/patients" in said
    assert LABEL not in said
    assert str(patient.pk) not in said


def test_session_holds_nothing_of_a_patient(client, patient):
    client.get(page("patient", patient.pk))
    client.post(page("patient-find"), {"label": "nobody"})

    held = str(dict(client.session))
    assert LABEL not in held
    assert str(patient.pk) not in held


def test_get_changes_nothing_but_the_record(client, clinic, referral, clinician):
    make_member(clinic, "peer")
    with organization(clinic.pk):
        before = list(Patient.objects.values()), list(Assignment.objects.values())

    for name in ("patient", "needs", "suggestions", "handout"):
        client.get(page(name, referral.patient_id))

    with organization(clinic.pk):
        assert (list(Patient.objects.values()), list(Assignment.objects.values())) == before
