"""A check-in acts at once on its patient, and reaches others only as the method allows."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from finder.curation import ask_for_reply, reassess, record_reply, review
from finder.models import Assessment, Evidence
from finder.search.index import rebuild
from referrals import sharing
from referrals.checkins import Told, carry, record
from referrals.lifecycle import Choice, Outsider, save_plan
from referrals.models import CheckIn, Contribution, Hand, Referral, State, Task, TaskKind
from referrals.tenancy import organization
from tests.factories import make_user
from tests.referrals.conftest import make_patient

PRESSED = Told(went="went", felt="bad", spoke="yes", pushed="several", knew="yes", may_help=True)
FINE = Told(went="went", felt="good", spoke="yes", pushed="no", knew="yes", again="yes")


def check_in(referral, told, *, by=Outsider.PATIENT, now, key=None):
    return record(referral, told, by=by, now=now, key=key or uuid4())


# --- At once, for that patient --------------------------------------------------------


@pytest.fixture
def live(in_clinic, referral):
    return referral


@pytest.mark.parametrize(
    ("told", "state"),
    [
        (FINE, State.ATTENDED),
        (PRESSED, State.POOR_FIT),
        (Told(went="sent_away"), State.POOR_FIT),
        (Told(went="went", again="no"), State.POOR_FIT),
        (Told(went="went", felt="bad"), State.POOR_FIT),
        (Told(went="missed"), State.MISSED),
        (Told(went="not_yet"), State.DRAFT),
        (Told(went="decided_not"), State.DECLINED),
        # Who was not there cannot have been pushed there.
        (Told(went="not_yet", pushed="room", felt="bad"), State.DRAFT),
    ],
)
def test_check_in_moves_the_referral(told, state, live, now):
    check_in(live, told, now=now)

    live.refresh_from_db()
    assert live.state == state
    assert Task.objects.filter(kind=TaskKind.BAD_EXPERIENCE).exists() == (state == State.POOR_FIT)


def test_bad_experience_is_the_peer_workers_task_of_the_same_day(live, now):
    check_in(live, PRESSED, now=now)

    task = Task.objects.get(kind=TaskKind.BAD_EXPERIENCE)
    assert (task.due_on, task.is_urgent, task.hand) == (now.date(), True, Hand.PEER)
    assert "pushed about their health care" in task.note


def test_same_filling_in_sent_twice_is_one_check_in(live, now):
    key = uuid4()

    first = check_in(live, PRESSED, now=now, key=key)
    again = check_in(live, PRESSED, now=now, key=key)

    assert first == again
    assert Task.objects.filter(kind=TaskKind.BAD_EXPERIENCE).count() == 1
    assert Contribution.objects.count() == 1


def test_member_checks_in_for_patients_they_see(live, clinician, colleague, now):
    with pytest.raises(PermissionDenied):
        check_in(live, FINE, by=colleague, now=now)

    row = check_in(live, PRESSED, by=clinician, now=now)

    assert (row.by, row.role) == (clinician, "clinician")
    # Only the patient's own tick lets answers go any further.
    assert not Contribution.objects.exists()


@pytest.mark.parametrize(
    ("told", "medication", "taking", "waits"),
    [
        (PRESSED, "methadone", "", True),
        (PRESSED, "", "takes", True),
        (PRESSED, "", "none", False),
        (PRESSED, "", "", False),
        (FINE, "methadone", "", False),
        (Told(went="not_yet", may_help=True), "methadone", "", False),
    ],
)
def test_only_what_the_patient_allows_waits_to_be_passed_on(
    told, medication, taking, waits, live, now
):
    live.medication = medication
    live.plan.needs = {"needs": {"taking": taking}}

    check_in(live, told, now=now)

    assert Contribution.objects.exists() == waits


def test_answers_are_sealed(live, now):
    row = check_in(live, PRESSED, now=now)

    stored = bytes(CheckIn.objects.get(pk=row.pk).__dict__["answers"])
    assert b"several" not in stored and stored.startswith(b"k0.")


# --- Passed on ------------------------------------------------------------------------


def test_batch_leaves_no_way_back(live, clinic, now):
    row = check_in(live, PRESSED, now=now)

    assert carry(now=now + timedelta(hours=14)) == 1
    assert carry(now=now + timedelta(hours=15)) == 0

    piece = Evidence.objects.get()
    assert (piece.on.day, piece.entered_by, piece.clinic) == (1, None, clinic.pk)
    assert (piece.no_pressure, piece.pressure_from, piece.disclosed) == ("no", "several", "yes")
    assert len(piece.reporter) == 32
    with organization(clinic.pk):
        assert not Contribution.objects.exists()
        assert str(row.pk.hex) not in piece.reporter + piece.source_note


def test_one_patient_and_group_and_medication_is_one_reporter(live, clinic, now):
    for _time in range(2):
        check_in(live, PRESSED, now=now)
    carry(now=now)

    assert len(set(Evidence.objects.values_list("reporter", flat=True))) == 1


def test_report_follows_a_merge(live, now):
    kept = live.group.__class__.objects.exclude(pk=live.group_id).first()
    kept = kept or live.group.__class__.objects.create(program=live.group.program, name="Kept")
    check_in(live, PRESSED, now=now)
    live.group.merged_into = kept
    live.group.save()

    carry(now=now)

    assert Evidence.objects.get().group == kept


# --- A patient told to stop -----------------------------------------------------------


class Clinic:
    """A clinic with patients on methadone who all try one group, and the public page of it."""

    def __init__(self, clinic, clinician, meeting, client):
        self.clinic, self.clinician, self.meeting = clinic, clinician, meeting
        self.client, self.count = client, 0

    def patient_tells(self, answers, *, now):
        """A new patient gets a link, presses the button and checks in; returns the reply."""
        self.count += 1
        with organization(self.clinic.pk):
            patient = make_patient(self.clinic, self.clinician, label=f"chart {self.count}")
            save_plan(
                patient,
                needs={"form": {}, "needs": {}},
                suggestions={},
                chosen=[Choice(self.meeting.group_id, (self.meeting.pk,))],
                medication="methadone",
                by=self.clinician,
                now=now,
            )
            made = sharing.make(patient, by=self.clinician, now=now)
        address = reverse("referrals:share", args=[made.token])
        page = self.client.post(address, {"do": "open"})
        form = page.context["form"]
        posted = {
            "do": "check-in",
            "key": str(uuid4()),
            "which": form.fields["which"].choices[0][0],
        }
        return patient, self.client.post(address, posted | answers)

    def page(self):
        answer = self.client.get(reverse("group", args=[self.meeting.group_id]))
        return answer.content

    def label(self):
        rows = Assessment.objects.filter(group=self.meeting.group_id, medication="methadone")
        return rows.get().label

    def nightly(self, moment):
        carry(now=moment)
        reassess(today=moment.date())


TOLD_TO_STOP = {
    "went": "went",
    "felt": "bad",
    "spoke": "yes",
    "pushed": "several",
    "knew": "yes",
    "again": "no",
    "may_help": "on",
}
NOBODY_KNEW = TOLD_TO_STOP | {"felt": "good", "pushed": "no", "knew": "no", "again": "yes"}
START = datetime(2026, 9, 1, 17, tzinfo=UTC)


@pytest.fixture
def story(clinic, clinician, directory, client):
    return Clinic(clinic, clinician, directory["near"], client)


def test_a_patient_told_to_stop(story, clinic):
    rebuild()
    with time_machine.travel(START, tick=False):
        before = story.page()
        patient, answer = story.patient_tells(TOLD_TO_STOP, now=START)

        # At once: the patient, the peer worker, the next match.
        body = answer.content.decode()
        assert "Do not stop what you take" in body
        assert "Call the person who prescribes it" in body
        with organization(clinic.pk):
            task = Task.objects.get(kind=TaskKind.BAD_EXPERIENCE)
            assert (task.patient, task.due_on) == (patient, START.date())
            assert Referral.objects.get(patient=patient).state == State.POOR_FIT
        story.nightly(START + timedelta(hours=14))
        assert story.page() == before

    later = START + timedelta(days=1)
    with time_machine.travel(later, tick=False):
        story.patient_tells(TOLD_TO_STOP, now=later)
        story.nightly(later + timedelta(hours=14))
    # Twenty days on, and long after the month is out: two people change nothing.
    with time_machine.travel(START + timedelta(days=20), tick=False):
        story.nightly(START + timedelta(days=20))
        assert story.page() == before
    late = START + timedelta(days=50)
    with time_machine.travel(late, tick=False):
        story.nightly(late)
        two = story.label()
        assert two == "not_known"

    # A third person; reviewed by two, and the group asked: nothing yet.
    with time_machine.travel(late, tick=False):
        story.patient_tells(TOLD_TO_STOP, now=late)
        story.nightly(late + timedelta(hours=14))
        pieces = list(Evidence.objects.all())
        assert len({piece.reporter for piece in pieces}) == 3
        for curator in (make_user(), make_user()):
            review(pieces, by=curator, now=late)
        ask_for_reply(pieces, by=make_user(), now=late)
        record_reply(pieces, text="We have talked about it.", by=make_user(), now=late)
        assert story.label() == "not_known"

    # The month of the third is out, two weeks and the 21 days have passed.
    out = datetime(2026, 11, 16, 17, tzinfo=UTC)
    with time_machine.travel(out, tick=False):
        story.nightly(out)
        assert story.label() == "reported_limits"
        shown = story.page().decode()
        assert "in the last 6 months" in shown
        assert "We have talked about it." in shown

    # A fourth whom nobody knew about changes nothing that is said.
    end = datetime(2026, 11, 17, 17, tzinfo=UTC)
    with time_machine.travel(end, tick=False):
        story.patient_tells(NOBODY_KNEW, now=end)
        story.nightly(end + timedelta(hours=14))
    over = datetime(2026, 12, 16, 17, tzinfo=UTC)
    with time_machine.travel(over, tick=False):
        story.nightly(over)
        row = Assessment.objects.get(group=story.meeting.group_id, medication="methadone")
        assert row.label == "reported_limits"
        assert row.facts["pressure"] == "reported"
