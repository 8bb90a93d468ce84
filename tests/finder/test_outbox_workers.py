"""Several workers share the jobs, though some are killed, cut off or told to end."""

import os
import signal
import subprocess
import sys
import threading
import time

import pytest
from django.core.management import CommandError, call_command
from django.db import connection, transaction

from finder import jobs, outbox
from finder.models import Job, Program, Worker
from tests.databases import test_database_url
from tests.finder.working import in_threads, note, until

# --- Several workers ------------------------------------------------------------------

WORKER = """
import sys, threading, time
import django
django.setup()
from datetime import timedelta
from finder import outbox
from finder.models import Program
from finder.vocab import Model

def note(*, now, name):
    Program.objects.create(slug=name, name=name, sort_key=name, model=Model.SMART)
    time.sleep(0.002)

def hang(*, now):
    print("hanging", flush=True)
    time.sleep(60)

tasks = {"note": outbox.Task(note), "hang": outbox.Task(hang)}
outbox.work(
    tasks, name=sys.argv[1], stop=threading.Event(), is_once="once" in sys.argv,
    lease=timedelta(seconds=2),
)
"""


@pytest.fixture
def start_worker():
    """Start workers as processes of their own, and end them with the test."""
    started = []

    def start(*options, program=("-c", WORKER)):
        environment = os.environ | {
            "DATABASE_URL": test_database_url(),
            "DATABASE_OWNER_URL": "",
            "DJANGO_SETTINGS_MODULE": "finder.settings",
            "DEBUG": "1",
            "LOG_LEVEL": "ERROR",
        }
        process = subprocess.Popen(
            [sys.executable, *program, *options],
            env=environment,
            stdout=subprocess.PIPE,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


@pytest.mark.django_db(transaction=True)
def test_two_workers_do_everything_once_though_one_is_killed(start_worker):
    with transaction.atomic():
        for number in range(300):
            outbox.enqueue("note", {"name": f"n{number}"}, dedupe=f"n{number}")
            outbox.enqueue("note", {"name": f"n{number}"}, dedupe=f"n{number}")

    victim, other = start_worker("victim"), start_worker("other")
    until(lambda: Job.objects.filter(leased_by="victim").exists())
    os.kill(victim.pid, signal.SIGKILL)
    until(lambda: not Job.objects.live().exists())

    assert other.poll() is None
    assert Job.objects.exclude(finished_at=None).count() == 300
    assert Program.objects.count() == 300


@pytest.mark.django_db(transaction=True)
def test_job_of_a_killed_worker_goes_to_another(start_worker):
    outbox.enqueue("hang")
    victim = start_worker("victim")
    assert victim.stdout.readline() == "hanging\n"
    os.kill(victim.pid, signal.SIGKILL)

    other = start_worker("other")

    assert other.stdout.readline() == "hanging\n"
    job = Job.objects.get()
    assert (job.leased_by, job.attempts) == ("other", 2)


@pytest.mark.django_db(transaction=True)
def test_new_job_wakes_a_sleeping_worker_at_once():
    stop, done_at = threading.Event(), []

    def mark(*, now):
        done_at.append(time.monotonic())

    def run(_):
        outbox.work({"mark": outbox.Task(mark)}, name="sleeper", stop=stop)

    def wake(_):
        until(lambda: Worker.objects.exists())
        time.sleep(0.5)
        asked_at.append(time.monotonic())
        outbox.enqueue("mark")
        until(lambda: done_at)
        stop.set()

    asked_at = []
    in_threads(2, lambda number: [run, wake][number](number))

    assert done_at[0] - asked_at[0] < 0.4


@pytest.mark.django_db(transaction=True)
def test_worker_survives_a_lost_connection():
    stop = threading.Event()
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        here = cursor.fetchone()[0]

    def run(number):
        outbox.work({"note": outbox.Task(note)}, name="survivor", stop=stop)

    def disturb(number):
        until(lambda: Worker.objects.exists())
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid NOT IN (%s, pg_backend_pid())",
                [here],
            )
        outbox.enqueue("note", {"name": "after"})
        until(lambda: Program.objects.filter(slug="after").exists())
        stop.set()

    in_threads(2, lambda number: [run, disturb][number](number))

    assert Job.objects.get().finished_at


# --- The command ----------------------------------------------------------------------


@pytest.fixture
def start_command(start_worker):
    """Start ``manage.py worker`` as a process of its own."""
    return lambda *options: start_worker(*options, program=["manage.py", "worker"])


@pytest.mark.django_db(transaction=True)
def test_command_does_what_is_due_and_ends(start_command):
    enqueued = outbox.enqueue("forget_jobs")

    process = start_command("--once", "--threads", "1")

    assert process.wait(30) == 0
    enqueued.refresh_from_db()
    assert enqueued.finished_at
    assert not Worker.objects.exists()


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_command_ends_in_order_when_told_to(number, start_command):
    process = start_command("--threads", "3")
    until(lambda: Worker.objects.count() == 3)

    process.send_signal(number)

    assert process.wait(10) == 0
    assert not Worker.objects.exists()
    assert not Job.objects.exclude(lease_until=None).exists()


@pytest.mark.parametrize("threads", ["0", "33", "-1"])
def test_command_refuses_a_senseless_number_of_threads(threads):
    with pytest.raises(CommandError):
        call_command("worker", "--threads", threads)


def test_every_recurring_job_has_its_task():
    assert {job.kind for job in jobs.RECURRING} <= set(jobs.TASKS)
