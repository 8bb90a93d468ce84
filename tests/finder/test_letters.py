"""Letters: sealed while they wait, mailed once, and gone."""

import threading
from datetime import timedelta

import pytest
from django.core import mail

from finder import letter_jobs, letters, outbox
from finder.models import Job, Letter
from tests.conftest import NOON

pytestmark = pytest.mark.django_db


def write():
    letters.post(to="me@example.org", subject="Your message", body="Hello", now=NOON)


def test_letter_waits_sealed_and_its_job_names_a_number_alone():
    write()

    assert b"example.org" not in bytes(Letter.objects.get().sealed)
    assert Job.objects.get().args == {"letter": Letter.objects.get().pk}
    assert mail.outbox == []


@pytest.mark.django_db(transaction=True)
def test_worker_mails_a_letter_once_and_deletes_it():
    write()

    outbox.work(letter_jobs.TASKS, name="test", stop=threading.Event(), is_once=True)

    assert [message.to for message in mail.outbox] == [["me@example.org"]]
    assert not Letter.objects.exists()
    letters.send(letter=0, now=NOON)
    assert len(mail.outbox) == 1


def test_letter_sealed_with_a_lost_key_is_let_go(settings):
    write()
    settings.SECRET_KEY = "another secret " * 5

    letters.send(letter=Letter.objects.get().pk, now=NOON)

    assert not Letter.objects.exists()
    assert mail.outbox == []


def test_letters_nobody_could_mail_are_forgotten():
    write()

    assert letters.forget(now=NOON + timedelta(days=2)) == 0
    assert letters.forget(now=NOON + timedelta(days=4)) == 1
