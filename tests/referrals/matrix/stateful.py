"""Three organizations at work in any order, against a model in memory of who may see what.

After every answer: the status is what the model says, and no byte of it belongs to another
organization, or to a patient whom the asker does not work with.
"""

from collections import Counter
from dataclasses import dataclass, field
from uuid import uuid4

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, settings
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    precondition,
    rule,
    run_state_machine_as_test,
)
from hypothesis.strategies import integers

from finder.search.index import rebuild
from referrals.lifecycle import Choice, save_plan
from referrals.models import Membership, Patient, Referral, Role
from referrals.tenancy import organization
from tests.factories import make_group, make_meeting
from tests.referrals.conftest import make_clinic, make_member
from tests.signing_in import ProvedClient

CLINICS, NAMES = 3, ("author", "colleague", "peer", "admin")
ROLES = (Role.CLINICIAN, Role.CLINICIAN, Role.PEER, Role.ADMIN)
MARK = "ZQ7"
pick = integers(min_value=0, max_value=10_000)


@dataclass
class Someone:
    """A patient as the model knows them."""

    clinic: int
    label: str
    pk: str
    seen_by: set[int]
    referral: str = ""
    plan: str = ""
    link: str = ""
    is_over: bool = False


@dataclass
class Seen:
    """How much was tried; the same for all runs."""

    answers: int = 0
    by_status: Counter = field(default_factory=Counter)
    rules: Counter = field(default_factory=Counter)


class _Undone(Exception):
    """Takes a whole run back."""


class Clinics(RuleBasedStateMachine):
    """Every verb of the tool, by anyone, on anything, in any order."""

    seen = Seen()

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.patients: list[Someone] = []

    def teardown(self) -> None:
        self.atomic.__exit__(_Undone, _Undone(), None)

    @initialize()
    def open_clinics(self) -> None:
        self.clinics = [make_clinic(f"{MARK}-c{number}-name") for number in range(CLINICS)]
        self.members = [
            make_member(clinic, role, email=f"{name}{number}@example.org")
            for number, clinic in enumerate(self.clinics)
            for name, role in zip(NAMES, ROLES, strict=True)
        ]
        self.clients = []
        for member in self.members:
            client = ProvedClient(SERVER_NAME="localhost")
            client.force_login(member.user)
            self.clients.append(client)
        self.anonymous = ProvedClient(SERVER_NAME="localhost")

    # --- What is asked, and what must hold of every answer ---------------------------

    def ask(self, who: int, method: str, url: str, data=None, **more):
        answer = getattr(self.clients[who], method)(url, data, **more)
        self.look(answer, home=who // len(NAMES), who=who)
        return answer

    def look(self, answer, *, home: int, who: int | None) -> None:
        self.seen.answers += 1
        self.seen.by_status[answer.status_code] += 1
        text = answer.content.decode(errors="replace") + str(answer.headers)
        assert answer.status_code < 500
        for other in range(CLINICS):
            assert other == home or f"{MARK}-c{other}-" not in text, "another organization's"
        for patient in self.patients:
            is_mine = who is None or who in patient.seen_by
            assert is_mine or patient.label not in text, "a patient of colleagues"

    def any_patient(self, number: int) -> Someone:
        return self.patients[number % len(self.patients)]

    def expect(self, answer, who: int, patient: Someone, *, overseen: bool = False) -> None:
        """Ask that a page of a patient exists for those of the model, and for nobody else."""
        may = who in patient.seen_by or (overseen and self.runs(who, patient))
        wanted = {200, 302, 400, 403, 409} if may else {404}
        assert answer.status_code in wanted, (answer.status_code, who, patient)

    def runs(self, who: int, patient: Someone) -> bool:
        return self.members[who].role == Role.ADMIN and who // len(NAMES) == patient.clinic

    def page(self, name: str, *args: object) -> str:
        return reverse(f"referrals:{name}", args=args)

    # --- Rules ------------------------------------------------------------------------

    @rule(who=pick)
    def add_patient(self, who):
        who %= len(self.members)
        clinic = who // len(NAMES)
        label = f"{MARK}-c{clinic}-p{len(self.patients)}-{uuid4().hex[:6]}"
        answer = self.ask(who, "post", self.page("patient-new"), {"label": label})
        if self.members[who].role == Role.ADMIN:
            assert answer.status_code == 403
            return
        with organization(self.clinics[clinic].pk):
            patient = Patient.objects.order_by("-created_at", "pk").get(
                pk=answer["Location"].split("/")[3]
            )
        self.patients.append(Someone(clinic, label, str(patient.pk), {who}))

    @rule(who=pick)
    def read_lists(self, who):
        who %= len(self.members)
        for url in (
            self.page("dashboard"),
            self.page("patients"),
            self.page("newcomers"),
            self.page("figures"),
            "/api/v1/referrals/",
        ):
            self.ask(who, "get", url)

    @precondition(lambda self: self.patients)
    @rule(who=pick, number=pick)
    def read_patient(self, who, number):
        who, patient = who % len(self.members), self.any_patient(number)
        for name in ("patient", "needs", "suggestions"):
            self.expect(self.ask(who, "get", self.page(name, patient.pk)), who, patient)

    @precondition(lambda self: self.patients)
    @rule(who=pick, number=pick)
    def find_by_label(self, who, number):
        who, patient = who % len(self.members), self.any_patient(number)
        answer = self.ask(who, "post", self.page("patient-find"), {"label": patient.label})
        is_found = answer["Location"] == self.page("patient", patient.pk)
        assert is_found == (who in patient.seen_by)

    @precondition(lambda self: self.patients)
    @rule(who=pick, number=pick, whom=pick)
    def assign(self, who, number, whom):
        who, patient = who % len(self.members), self.any_patient(number)
        whom %= len(self.members)
        data = {"member": self.members[whom].pk}
        answer = self.ask(who, "post", self.page("patient-assign", patient.pk), data)
        self.expect(answer, who, patient)
        if answer.status_code == 302:
            assert whom // len(NAMES) == patient.clinic
            assert self.members[whom].role != Role.ADMIN
            patient.seen_by.add(whom)

    @precondition(lambda self: self.patients)
    @rule(who=pick, number=pick)
    def write_plan(self, who, number):
        """Save a plan as the form does; the choice of groups is matching's and not tried here."""
        who, patient = who % len(self.members), self.any_patient(number)
        needs = {"place": f"{MARK}-c{patient.clinic}-place"}
        self.expect(self.ask(who, "post", self.page("needs", patient.pk), needs), who, patient)
        if who in patient.seen_by and not patient.referral:
            self._save(who, patient, needs)

    def _save(self, who: int, patient: Someone, needs: dict) -> None:
        meeting = make_meeting(group=make_group(name="Open group"))
        clinic = self.clinics[patient.clinic]
        with organization(clinic.pk):
            row = Patient.objects.select_related("organization").get(pk=patient.pk)
            save_plan(
                row,
                needs={"form": {"place": [needs["place"]]}, "needs": {}},
                suggestions={},
                chosen=[
                    Choice(
                        meeting.group_id,
                        (meeting.pk,),
                        reason=f"{MARK}-c{patient.clinic}-reason",
                    )
                ],
                medication="methadone",
                by=self.members[who].user,
                now=timezone.now(),
            )
            referral = Referral.objects.get(patient=row)
        patient.referral, patient.plan = str(referral.pk), str(referral.plan_id)

    @precondition(lambda self: any(patient.referral for patient in self.patients))
    @rule(who=pick, number=pick)
    def read_referral(self, who, number):
        who, patient = who % len(self.members), self.with_referral(number)
        for url in (
            self.page("referral", patient.referral),
            f"/api/v1/referrals/{patient.referral}/",
        ):
            self.expect(self.ask(who, "get", url), who, patient, overseen=True)
        self.expect(self.ask(who, "get", self.page("plan", patient.plan)), who, patient)

    def with_referral(self, number: int) -> Someone:
        known = [patient for patient in self.patients if patient.referral]
        return known[number % len(known)]

    @precondition(lambda self: any(patient.referral for patient in self.patients))
    @rule(who=pick, number=pick, step=pick)
    def move_referral(self, who, number, step):
        who, patient = who % len(self.members), self.with_referral(number)
        steps = ("offer", "agree", "decline", "withdraw", "miss", "pause")
        data = {"step": steps[step % len(steps)], "reason": f"{MARK}-c{patient.clinic}-said"}
        url = self.page("referral-move", patient.referral)
        self.expect(self.ask(who, "post", url, data), who, patient, overseen=True)

    @precondition(lambda self: any(patient.referral for patient in self.patients))
    @rule(who=pick, number=pick, whom=pick)
    def reassign(self, who, number, whom):
        who, patient = who % len(self.members), self.with_referral(number)
        whom %= len(self.members)
        data = {"member": self.members[whom].pk}
        answer = self.ask(who, "post", self.page("referral-assign", patient.referral), data)
        self.expect(answer, who, patient, overseen=True)
        is_colleague = whom // len(NAMES) == patient.clinic
        if answer.status_code == 302 and is_colleague and self.members[whom].role != Role.ADMIN:
            patient.seen_by.add(whom)

    @precondition(lambda self: any(patient.referral for patient in self.patients))
    @rule(who=pick, number=pick)
    def make_link(self, who, number):
        who, patient = who % len(self.members), self.with_referral(number)
        answer = self.ask(who, "post", self.page("share-make", patient.plan))
        self.expect(answer, who, patient)
        if answer.status_code == 200:
            patient.link = answer.context["address"].rstrip("/").rsplit("/", 1)[1]

    @precondition(lambda self: any(patient.link for patient in self.patients))
    @rule(number=pick)
    def open_link(self, number):
        known = [patient for patient in self.patients if patient.link]
        patient = known[number % len(known)]
        answer = self.anonymous.post(self.page("share", patient.link))
        assert answer.status_code == 200
        self.look(answer, home=patient.clinic, who=None)
        # Before the code it tells neither the label nor what the clinic wrote.
        assert MARK not in answer.content.decode()

    @rule(who=pick, clinic=pick)
    def read_organization(self, who, clinic):
        who, clinic = who % len(self.members), clinic % CLINICS
        is_home = who // len(NAMES) == clinic
        runs_it = is_home and self.members[who].role == Role.ADMIN
        wanted = 200 if runs_it else 403 if is_home else 404
        for name in ("members", "audit"):
            url = self.page(name, self.clinics[clinic].pk)
            assert self.ask(who, "get", url).status_code == wanted

    @rule(who=pick, whom=pick)
    def remove_member(self, who, whom):
        """Nobody of another organization can; those of one's own are left for the other rules."""
        who, whom = who % len(self.members), whom % len(self.members)
        if who // len(NAMES) != whom // len(NAMES):
            url = self.page("member-remove", self.members[whom].pk)
            assert self.ask(who, "post", url).status_code == 404
            assert Membership.objects.get(pk=self.members[whom].pk).is_active


def run(*, runs: int, steps: int) -> Seen:
    """Run the machine so often, each run with so many steps; return how much was tried."""
    Clinics.seen = Seen()
    rebuild()
    run_state_machine_as_test(
        Clinics,
        settings=settings(
            max_examples=runs,
            stateful_step_count=steps,
            deadline=None,
            database=None,
            suppress_health_check=list(HealthCheck),
            print_blob=False,
        ),
    )
    return Clinics.seen
