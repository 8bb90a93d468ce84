"""The page of background jobs: only what was given up can be tried again."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from finder.models import Job
from tests.factories import make_user

pytestmark = pytest.mark.django_db

LIST = reverse("admin:finder_job_changelist")
NOW = datetime(2026, 11, 10, 17, tzinfo=UTC)


@pytest.fixture
def desk(client):
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="finder"))
    client.force_login(user)
    return client


def test_given_up_job_shows_why_and_is_tried_again(desk):
    job = Job.objects.create(kind="a", run_at=NOW, failed_at=NOW, last_error="No route.")

    assert "No route." in desk.get(LIST).content.decode()
    told = {"action": "try_again", "_selected_action": [job.pk]}
    page = desk.post(LIST, told, follow=True).content.decode()

    assert "1 job is tried again." in page
    assert Job.objects.live().count() == 1


def test_job_is_only_shown(desk):
    job = Job.objects.create(kind="a", run_at=NOW)
    address = reverse("admin:finder_job_change", args=[job.pk])

    assert desk.get(address).status_code == 200
    assert desk.post(address, {"kind": "b"}).status_code == 403
    assert desk.get(reverse("admin:finder_job_add")).status_code == 403
    assert desk.post(reverse("admin:finder_job_delete", args=[job.pk])).status_code == 403
