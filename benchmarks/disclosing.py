"""Reading under a consent while it is taken back, and readers that are killed half way.

Requests go through the whole site on connections of their own, as the role that serves pages.
"""

import contextlib
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import connection, connections
from django.test.utils import override_settings
from django.urls import reverse
from django.utils import timezone

from benchmarks.outcomes import Outcome
from finder.models import User
from referrals import consent, lifecycle
from referrals.caseload import add_patient
from referrals.consent import receiving, wording
from referrals.models import (
    AuditEvent,
    Category,
    Consent,
    Disclosure,
    Expiry,
    Kind,
    Method,
    Organization,
    Purpose,
    RecipientKind,
    Referral,
    Role,
    SharedReferral,
    Signer,
)
from referrals.onboarding import add_member, create_organization
from referrals.tenancy import organization
from tests.factories import make_group, make_meeting, make_program
from tests.signing_in import ProvedClient

READERS, KILLS = 50, 50
# Each reader reads this often after the consent ended.
AFTERWARDS = 3
HOST = "localhost"


@dataclass(frozen=True)
class World:
    """A referral of one clinic, the consent for another, and the member there who reads it."""

    clinic: Organization
    other: Organization
    clinician: User
    reader: User
    referral: Referral
    consent: Consent

    @property
    def address(self) -> str:
        return reverse("referrals:referral", args=[self.referral.pk])


def make_world() -> World:
    """Make all of it through the tool's own functions, under names of its own."""
    mark, now = uuid4().hex[:12], timezone.now()
    today = timezone.localdate()
    clinic = create_organization(f"Giver {mark}", by=None, agreement_on=today)
    other = create_organization(f"Reader {mark}", by=None, agreement_on=today)
    clinician = add_member(clinic, f"a{mark}@example.org", role=Role.CLINICIAN, by=None).user
    head = add_member(other, f"b{mark}@example.org", role=Role.LEAD, by=None)
    # Names of its own, so that the proof can run twice in one database.
    group = make_group(program=make_program(slug=mark, name=mark), name=f"Group {mark}")
    meeting = make_meeting(group=group, name=f"Group {mark}")
    with organization(clinic.pk):
        patient, _is_new = add_patient(mark, organization=clinic, by=clinician)
        chosen = [lifecycle.Choice(meeting.group_id, (meeting.pk,))]
        lifecycle.save_plan(patient, needs={"form": {}, "needs": {}}, suggestions={},
                            chosen=chosen, medication="", by=clinician, now=now)  # fmt: skip
        referral = Referral.objects.select_related("organization", "patient").get(patient=patient)
        row = _signed(patient, other, now)
        given = consent.give(row, [referral], by=clinician, now=now)
    with organization(other.pk):
        shared = SharedReferral.objects.select_related("recipient").get(consent=given)
        receiving.hand_to(shared, head, by=head.user, now=now)
    return World(clinic, other, clinician, head.user, referral, given)


def _signed(patient, other: Organization, now) -> Consent:
    words = wording.current("en")
    return Consent(
        patient=patient,
        organization=patient.organization,
        wording_version=words.version,
        wording_language=words.language,
        wording_hash=words.hash,
        patient_name="A name",
        discloser=patient.organization.name,
        categories=[Category.GROUPS],
        recipient_kind=RecipientKind.ORGANIZATION,
        recipient_organization=other,
        purpose=Purpose.COORDINATION,
        tells_how_to_revoke=True,
        expiry=Expiry.DATE,
        expires_at=now + timedelta(days=90),
        signer=Signer.PATIENT,
        method=Method.TYPED,
        signature="A name",
        signed_at=now,
        key=uuid4(),
    )


def _client(user: User) -> ProvedClient:
    client = ProvedClient(headers={"host": HOST})
    client.force_login(user, "referrals.backends.SiteBackend")
    return client


def _as_the_site() -> None:
    """Go on as the role that serves pages, on this thread's connection."""
    with connection.cursor() as cursor:
        cursor.execute("SET ROLE mhg_app")


# --- Taken back under their eyes --------------------------------------------------------


@dataclass(frozen=True)
class Raced:
    """What came of one race: reads that were let through, and those begun after the end."""

    let_through: int
    begun_after: int
    late: int
    accounted: int


def race(*, readers: int) -> Raced:
    """Let many read one referral, take the consent back meanwhile, and let each read on."""
    world = make_world()
    told: list[tuple[float, int]] = []
    has_read, is_over = threading.Semaphore(0), threading.Event()
    clients = [_client(world.reader) for _reader in range(readers)]

    def read(client: ProvedClient) -> None:
        try:
            _as_the_site()
            left = AFTERWARDS
            while left:
                left -= is_over.is_set()
                began = time.monotonic()
                told.append((began, client.get(world.address).status_code))
                has_read.release()
        finally:
            connections.close_all()
            has_read.release()

    threads = [threading.Thread(target=read, args=[client]) for client in clients]
    ending = _client(world.clinician)
    for thread in threads:
        thread.start()
    for _reader in range(2 * readers):
        has_read.acquire()
    answer = ending.post(reverse("referrals:consent-end", args=[world.consent.pk]),
                         {"ending": "revoked"})  # fmt: skip
    ended = time.monotonic()
    is_over.set()
    for thread in threads:
        thread.join()
    assert answer.status_code == 302, "The consent was not ended."
    with organization(world.clinic.pk):
        accounted = Disclosure.objects.filter(consent=world.consent).count()
    return Raced(
        let_through=sum(status == 200 for _began, status in told),
        begun_after=sum(began > ended for began, _status in told),
        late=sum(began > ended and status == 200 for began, status in told),
        accounted=accounted,
    )


# --- Killed half way --------------------------------------------------------------------


def killed(*, points: int) -> dict[str, int]:
    """Kill readers with -9 between the decision and the answer; count what each left behind."""
    world = make_world()
    marks, rest = _marks(world)
    counts = {"both": 0, "neither": 0, "one": 0, "answered without": 0}
    for point in range(points):
        before = _rows(world)
        # One half at the statements, the other in the time from the last one to the answer,
        # where the commit is.
        is_late = point % 2
        at, wait = (marks - 2, 2 * rest * point / points) if is_late else (point // 2 % marks, 0)
        has_answered = _kill(world, at=at, wait=wait)
        lines, events = (now - was for now, was in zip(_rows(world), before, strict=True))
        what = {(1, 1): "both", (0, 0): "neither"}.get((lines, events), "one")
        counts[what] += 1
        counts["answered without"] += has_answered and what != "both"
    return counts


def _rows(world: World) -> tuple[int, int]:
    """Count the lines of the accounting, and the record's lines that tell of them."""
    with organization(world.clinic.pk):
        lines = Disclosure.objects.filter(consent=world.consent)
        ids = [str(pk) for pk in lines.values_list("pk", flat=True)]
        told = AuditEvent.objects.filter(kind=Kind.DISCLOSED, target_id__in=ids)
        orphans = AuditEvent.objects.filter(
            kind=Kind.DISCLOSED, organization_id=world.clinic.pk
        ).exclude(target_id__in=ids)
        return len(ids), told.count() + orphans.count()


def _marks(world: World) -> tuple[int, float]:
    """Read once in a fork; count its marks from the decision to the answer, and time the last."""
    child, out = _fork(world)
    found, moments = b"", []
    with open(out, "rb", buffering=0) as pipe:
        while mark := pipe.read(1):
            found += mark
            moments.append(time.monotonic())
    os.waitpid(child, 0)
    assert found.endswith(b"!"), "The uninterrupted read failed."
    _wait_for(world)
    return len(found), moments[-1] - moments[-2]


def _kill(world: World, *, at: int, wait: float) -> bool:
    """Kill a reader at one of its marks, or so long after it; return whether it had answered."""
    child, out = _fork(world)
    with open(out, "rb", buffering=0) as pipe:
        seen = b"".join(pipe.read(1) for _mark in range(at + 1))
        time.sleep(wait)
        os.kill(child, signal.SIGKILL)
        seen += b"".join(iter(lambda: pipe.read(1), b""))
    os.waitpid(child, 0)
    _wait_for(world)
    return seen.endswith(b"!")


def _fork(world: World) -> tuple[int, int]:
    """Read in a fork that marks each statement from the decision on, and the answer by '!'."""
    client = _client(world.reader)
    connections.close_all()
    out, into = os.pipe()
    child = os.fork()
    if child:
        os.close(into)
        return child, out
    with contextlib.suppress(BaseException):
        is_decided = False

        def mark(execute, sql, *told):
            nonlocal is_decided
            is_decided = is_decided or sql.startswith('INSERT INTO "referrals_disclosure"')
            if is_decided:
                os.write(into, b".")
            try:
                return execute(sql, *told)
            finally:
                if is_decided:
                    os.write(into, b".")

        _as_the_site()
        with connection.execute_wrapper(mark):
            answer = client.get(world.address)
        os.write(into, b"!" if answer.status_code == 200 else b"?")
    os._exit(0)


def _wait_for(world: World) -> None:
    """Wait until a killed reader's session is gone: its rollback is the server's work."""
    ask = (
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    until = time.monotonic() + 60
    with connection.cursor() as cursor:
        while time.monotonic() < until:
            cursor.execute(ask)
            if cursor.fetchone()[0] == 0:
                return


def whole() -> Iterator[Outcome]:
    """Run both, whole."""
    with override_settings(ALLOWED_HOSTS=[HOST]):
        found = race(readers=READERS)
        yield Outcome(
            f"{READERS} clients read while the consent is taken back",
            f"{found.let_through} let through, {found.accounted} accounted for; "
            f"{found.begun_after} begun after the end, {found.late} of them let through",
            is_met=not found.late
            and found.begun_after >= READERS * AFTERWARDS
            and found.let_through == found.accounted,
        )
        counts = killed(points=KILLS)
        yield Outcome(
            f"kill -9 at {KILLS} points between decision and answer",
            ", ".join(f"{count} {what}" for what, count in counts.items()),
            is_met=not counts["one"] and not counts["answered without"] and counts["both"] > 0
            and counts["neither"] > 0,
        )  # fmt: skip
