"""Service bodies are asked again from time to time, and never longer than they wish."""

import threading
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail

from finder import lane, letter_jobs, letters, outbox
from finder.models import BodyLink, Job, Letter, ServiceBody
from tests.conftest import NOON
from tests.factories import make_group, make_meeting, make_user

pytestmark = pytest.mark.django_db
SITE = "https://example.org"
LATER = NOON + timedelta(days=180)


@pytest.fixture
def body(settings):
    settings.SITE_URL = SITE
    meeting = make_meeting(group=make_group(entity="River Area"))
    body = ServiceBody(program=meeting.group.program, entity="River Area", entered_by=make_user())
    lane.keep_email(body, "area@example.org")
    body.save()
    lane.make_link(body, by=make_user(), now=NOON, site=SITE)
    Letter.objects.all().delete()
    Job.objects.all().delete()
    return body


def test_body_is_asked_again_when_its_time_has_come(body):
    assert not lane.due(now=LATER - timedelta(days=1)).exists()

    assert lane.remind(body.pk, now=LATER, site=SITE)

    assert not lane.due(now=LATER).exists()
    assert not lane.remind(body.pk, now=LATER, site=SITE)
    assert lane.due(now=LATER + timedelta(days=180)).get() == body
    assert Letter.objects.count() == 1
    assert BodyLink.objects.latest("pk").made_by == BodyLink.objects.earliest("pk").made_by


def test_jobs_name_a_number_alone(body):
    letter_jobs.queue_reminders(now=LATER)
    letter_jobs.queue_reminders(now=LATER)

    assert [(job.kind, job.args) for job in Job.objects.all()] == [
        ("remind_service_body", {"body": body.pk})
    ]


def test_nothing_is_written_by_a_site_that_does_not_know_its_address(body, settings):
    settings.SITE_URL = ""

    letter_jobs.queue_reminders(now=LATER)

    assert not Job.objects.exists()


@pytest.mark.parametrize("why", ["stopped", "bounced", "revoked", "never", "no groups"])
def test_letters_end(body, why):
    if why == "stopped":
        lane.stop_asking(body.links.get())
    elif why == "bounced":
        ServiceBody.objects.update(bounced_on=NOON.date())
    elif why == "revoked":
        lane.revoke(body.links.get(), now=NOON)
    elif why == "never":
        ServiceBody.objects.update(ask_every_days=None)
    else:
        lane.take_out(body.links.get(), lane.groups_of(body).get(), now=NOON)

    assert not lane.remind(body.pk, now=LATER, site=SITE)
    assert not Letter.objects.exists()


@pytest.mark.parametrize(("code", "came_back"), [(550, True), (450, False)])
def test_address_refused_for_good_is_not_written_to_again(body, monkeypatch, code, came_back):
    def refuse(*_args, **_kwargs):
        raise SMTPRecipientsRefused({"area@example.org": (code, b"no")})

    monkeypatch.setattr("finder.letters.send_mail", refuse)
    lane.remind(body.pk, now=LATER, site=SITE)
    letter = Letter.objects.get().pk
    if came_back:
        letters.send(letter=letter, now=LATER)
    else:
        with pytest.raises(SMTPRecipientsRefused):
            letters.send(letter=letter, now=LATER)

    body.refresh_from_db()
    assert bool(body.bounced_on) is came_back
    assert Letter.objects.exists() is not came_back
    lane.keep_email(body, "other@example.org")
    assert body.bounced_on is None


@pytest.mark.django_db(transaction=True)
def test_letter_leads_to_the_buttons_that_confirm_and_that_stop(body, client):
    lane.remind(body.pk, now=LATER, site=SITE)
    outbox.work(letter_jobs.TASKS, name="test", stop=threading.Event(), is_once=True)

    (letter,) = mail.outbox
    assert letter.to == ["area@example.org"] and letter.subject == "Your meeting list"
    for medicine in ("methadone", "medic", "recovery", "River"):
        assert medicine not in letter.body.lower()
    confirm, _look, quiet = [
        word.removeprefix(SITE) for word in letter.body.split() if word.startswith(SITE)
    ]
    assert client.get(confirm).status_code == 200
    assert "stop" in client.get(quiet).content.decode().lower()
    assert ServiceBody.objects.get().ask_every_days == 180
    assert client.post(quiet).status_code == 303
    assert ServiceBody.objects.get().ask_every_days is None
    assert client.post(confirm).status_code == 303
    assert lane.groups_of(body).get().verified_by == "River Area"
