"""Jobs are done once by any number of workers, put off when they fail, and given up in the end."""

import time
from collections import Counter
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from django.db import IntegrityError, transaction

from finder import outbox
from finder.models import Job, Program, Worker
from finder.outbox.queue import SILENT, enqueue_recurring
from finder.outbox.work import MAX_ATTEMPTS
from tests.factories import make_program
from tests.finder.working import START, Clock, in_threads, note, work_off

# --- Adding ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_job_of_a_rolled_back_transaction_is_never_there():
    with pytest.raises(IntegrityError), transaction.atomic():
        outbox.enqueue("note", {"name": "a"})
        make_program(slug="twice")
        make_program(slug="twice")

    assert not Job.objects.exists()


@pytest.mark.django_db
def test_second_job_with_a_live_key_is_the_first():
    first = outbox.enqueue("pull", {"source": 1}, dedupe="pull:1")
    second = outbox.enqueue("pull", {"source": 1}, dedupe="pull:1")

    assert second.pk == first.pk
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_key_is_free_again_when_its_job_has_ended():
    first = outbox.enqueue("pull", dedupe="pull:1")
    Job.objects.update(finished_at=START)
    second = outbox.enqueue("pull", dedupe="pull:1")
    Job.objects.filter(pk=second.pk).update(failed_at=START)
    third = outbox.enqueue("pull", dedupe="pull:1")

    assert len({first.pk, second.pk, third.pk}) == 3


@pytest.mark.django_db
def test_jobs_without_a_key_are_all_kept():
    outbox.enqueue("note", {"name": "a"})
    outbox.enqueue("note", {"name": "a"})

    assert Job.objects.count() == 2


@pytest.mark.django_db
def test_job_that_waits_is_brought_forward_and_never_put_back():
    outbox.enqueue("pull", run_at=START + timedelta(hours=2), dedupe="pull:1")

    sooner = outbox.enqueue("pull", run_at=START, dedupe="pull:1")
    later = outbox.enqueue("pull", run_at=START + timedelta(hours=1), dedupe="pull:1")

    assert sooner.run_at == later.run_at == START


@pytest.mark.django_db
def test_job_in_work_keeps_its_time_when_asked_for_again():
    job = outbox.enqueue("pull", run_at=START, dedupe="pull:1")
    lease = {"leased_by": "there", "lease_until": START + timedelta(minutes=1)}
    Job.objects.update(run_at=START + timedelta(hours=1), **lease)

    again = outbox.enqueue("pull", run_at=START, dedupe="pull:1")

    assert (again.pk, again.run_at) == (job.pk, START + timedelta(hours=1))


@pytest.mark.django_db
@pytest.mark.parametrize(
    "values",
    [
        {"leased_by": "somebody"},
        {"lease_until": START},
        {"finished_at": START, "failed_at": START},
    ],
)
def test_job_refuses_facts_that_do_not_go_together(values):
    with pytest.raises(IntegrityError):
        Job.objects.create(kind="note", run_at=START, **values)


def test_role_of_the_site_may_add_and_do_jobs(as_the_site):
    job = outbox.enqueue("note", {"name": "a"}, dedupe="a")
    Job.objects.filter(pk=job.pk).update(finished_at=START)
    Worker.objects.create(name="here", started_at=START, seen_at=START).delete()

    assert outbox.forget(now=START + timedelta(days=365)) == 1


# --- Coming around --------------------------------------------------------------------

NIGHTLY = outbox.Recurring("age", timedelta(days=1), offset=timedelta(hours=8))


@pytest.mark.parametrize(
    ("now", "slot"),
    [
        (datetime(2026, 11, 10, 7, 59, tzinfo=UTC), datetime(2026, 11, 9, 8, tzinfo=UTC)),
        (datetime(2026, 11, 10, 8, 0, tzinfo=UTC), datetime(2026, 11, 10, 8, tzinfo=UTC)),
        (datetime(2026, 11, 11, 7, 59, tzinfo=UTC), datetime(2026, 11, 10, 8, tzinfo=UTC)),
    ],
)
def test_nightly_job_belongs_to_the_night_that_began_last(now, slot):
    assert NIGHTLY.slot(now) == slot


@pytest.mark.django_db
def test_recurring_job_is_made_once_in_its_stretch_even_when_it_is_done():
    enqueue_recurring([NIGHTLY], now=START)
    Job.objects.update(finished_at=START)

    assert enqueue_recurring([NIGHTLY], now=START + timedelta(hours=5)) == 0
    assert enqueue_recurring([NIGHTLY], now=START + timedelta(days=1)) == 1
    assert Job.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_recurring_job_is_made_once_by_eight_workers_at_once():
    hourly = [outbox.Recurring(f"kind-{number}", timedelta(hours=1)) for number in range(20)]

    in_threads(8, lambda _: enqueue_recurring(hourly, now=START))

    assert Counter(Job.objects.values_list("kind", flat=True)) == {job.kind: 1 for job in hourly}


# --- Doing ----------------------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_worker_does_what_is_due_and_leaves_what_is_not():
    outbox.enqueue("note", {"name": "now"})
    outbox.enqueue("note", {"name": "tomorrow"}, run_at=outbox.clock() + timedelta(days=1))

    done = work_off({"note": outbox.Task(note)})

    assert done == 1
    assert list(Program.objects.values_list("slug", flat=True)) == ["now"]
    assert Job.objects.get(args={"name": "now"}).finished_at
    assert not Worker.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_worker_leaves_kinds_it_does_not_know():
    outbox.enqueue("of a newer version")

    assert work_off({"note": outbox.Task(note)}) == 0
    assert Job.objects.live().count() == 1


@pytest.mark.django_db(transaction=True)
def test_failing_job_waits_longer_each_time_and_is_given_up():
    clock, tried = Clock(), []

    def fail(*, now):
        tried.append(now)
        raise outbox.JobError("The mail server refused the letter.")

    job = outbox.enqueue("fail", run_at=START)
    while not job.failed_at:
        clock.at = job.run_at - timedelta(seconds=1)
        work_off({"fail": outbox.Task(fail)}, now=clock)
        clock.at = job.run_at
        work_off({"fail": outbox.Task(fail)}, now=clock)
        job.refresh_from_db()

    waits = [later - sooner for sooner, later in pairwise(tried)]
    assert len(tried) == job.attempts == MAX_ATTEMPTS
    assert waits == sorted(waits) and waits[0] < timedelta(minutes=1) < waits[-1]
    assert timedelta(hours=12) < sum(waits, timedelta()) < timedelta(days=1)
    assert job.last_error == "The mail server refused the letter."
    assert job.failed_at and not job.lease_until
    assert list(Job.objects.given_up()) == [job]


@pytest.mark.django_db(transaction=True)
def test_failing_job_leaves_nothing_and_quotes_nothing():
    def break_down(*, now):
        make_program(slug="half-done")
        raise ValueError("Alice, 217-555-0100")

    job = outbox.enqueue("break", run_at=START)
    work_off({"break": outbox.Task(break_down)}, now=Clock())
    job.refresh_from_db()

    assert not Program.objects.exists()
    assert job.last_error == "It stopped on an error of ours (ValueError)."
    assert job.run_at > START and not job.failed_at


@pytest.mark.django_db(transaction=True)
def test_failing_job_holds_up_no_other():
    def fail(*, now):
        raise outbox.JobError("No.")

    for number in range(5):
        outbox.enqueue("fail")
        outbox.enqueue("note", {"name": f"note-{number}"})
    work_off({"note": outbox.Task(note), "fail": outbox.Task(fail)})

    assert Program.objects.count() == 5


@pytest.mark.django_db(transaction=True)
def test_job_of_a_worker_that_vanished_is_done_when_its_lease_ends():
    clock = Clock()
    job = outbox.enqueue("note", {"name": "a"}, run_at=START)
    lease = {"leased_by": "gone", "lease_until": START + timedelta(seconds=60)}
    Job.objects.update(attempts=1, **lease)

    assert work_off({"note": outbox.Task(note)}, now=clock) == 0
    clock.at += timedelta(seconds=61)
    assert work_off({"note": outbox.Task(note)}, now=clock) == 1
    job.refresh_from_db()
    assert job.finished_at and job.attempts == 2


@pytest.mark.django_db(transaction=True)
def test_job_that_ends_every_worker_is_given_up():
    job = outbox.enqueue("note", {"name": "a"}, run_at=START)
    lease = {"leased_by": "gone", "lease_until": START}
    Job.objects.update(attempts=MAX_ATTEMPTS, **lease)

    work_off({"note": outbox.Task(note)}, now=Clock())
    job.refresh_from_db()

    assert job.failed_at and "stopped" in job.last_error
    assert not Program.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_worker_that_lost_its_lease_leaves_nothing():
    def lose(*, now):
        make_program(slug="late")
        in_threads(1, lambda _: Job.objects.update(leased_by="another", attempts=2))

    outbox.enqueue("lose", run_at=START)
    work_off({"lose": outbox.Task(lose)}, now=Clock())

    assert not Program.objects.exists()
    assert Job.objects.get().leased_by == "another"


@pytest.mark.django_db(transaction=True)
def test_lease_of_a_long_job_is_kept():
    def take_long(*, now):
        time.sleep(1.5)
        seen.append(Job.objects.due(outbox.clock()).count())

    seen = []
    outbox.enqueue("long")
    work_off({"long": outbox.Task(take_long, is_atomic=False)}, lease=timedelta(seconds=0.6))

    assert seen == [0]
    assert Job.objects.get().attempts == 1


# --- Health ---------------------------------------------------------------------------


@pytest.mark.django_db
def test_state_counts_workers_seen_lately_and_jobs_that_wait(django_assert_num_queries):
    for name, seen in (("well", timedelta(0)), ("killed", SILENT)):
        Worker.objects.create(name=name, started_at=START - SILENT, seen_at=START - seen)
    Job.objects.create(kind="a", run_at=START - timedelta(minutes=5))
    Job.objects.create(kind="b", run_at=START + timedelta(minutes=5))
    Job.objects.create(kind="c", run_at=START, failed_at=START)

    with django_assert_num_queries(4):
        state = outbox.state(now=START)

    assert state == outbox.QueueState(workers=1, due=1, oldest_seconds=300, given_up=1)


@pytest.mark.django_db
def test_given_up_jobs_are_tried_again_as_new_ones():
    Job.objects.create(kind="a", args={"n": 1}, dedupe="a:1", run_at=START, failed_at=START)
    Job.objects.create(kind="b", run_at=START, finished_at=START)
    Job.objects.create(kind="c", run_at=START)

    assert outbox.try_again(Job.objects.all(), now=START) == 1
    assert outbox.try_again(Job.objects.all(), now=START) == 1

    new = Job.objects.get(kind="a", failed_at=None)
    assert (new.args, new.dedupe, new.attempts, new.run_at) == ({"n": 1}, "a:1", 0, START)


@pytest.mark.django_db
def test_forget_keeps_what_is_live_or_recent():
    old = START - timedelta(days=200)
    Job.objects.create(kind="live", run_at=old)
    Job.objects.create(kind="recent", run_at=old, finished_at=START - timedelta(days=1))
    Job.objects.create(kind="failed", run_at=old, failed_at=START - timedelta(days=100))
    Job.objects.create(kind="old", run_at=old, finished_at=old)
    Job.objects.create(kind="long failed", run_at=old, failed_at=old)

    assert outbox.forget(now=START) == 2
    assert set(Job.objects.values_list("kind", flat=True)) == {"live", "recent", "failed"}
