"""The page of sources: how old each one's data are, how reading goes, and reading it now."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from finder.models import ImportRun, Job, Source, Worker
from tests.factories import make_program, make_source, make_user

pytestmark = pytest.mark.django_db

LIST = reverse("admin:finder_source_changelist")
URL = "https://feeds.example.org/meetings.json"


@pytest.fixture
def desk(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def curator(client):
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="finder"))
    client.force_login(user)
    return client


def change(source):
    return reverse("admin:finder_source_change", args=[source.pk])


def read_now(source):
    return reverse("admin:finder_source_pull", args=[source.pk])


def told(source, **fields):
    values = {
        name: getattr(source, name)
        for name in ("name", "slug", "format", "url", "interval_hours", "timezone")
    }
    return values | {"program": source.program_id, "is_active": "on"} | fields


def test_list_says_age_health_and_next_reading(desk, now):
    day = timedelta(days=1)
    make_source(
        name="Failing",
        url=URL,
        interval_hours=24,
        last_seen_at=now - 3 * day,
        last_pulled_at=now,
        failures=2,
        health="The server had an error of its own (500).",
        next_pull_at=now + timedelta(hours=2),
    )

    page = desk.get(LIST).content.decode().replace("\xa0", " ")

    assert "3 days ago" in page
    assert "The server had an error of its own (500). Tried 2 times in a row." in page
    assert "in 2 hours" in page


def test_list_asks_as_much_for_many_sources_as_for_one(desk, django_assert_max_num_queries):
    for _ in range(20):
        make_source(url=URL, interval_hours=24)

    with django_assert_max_num_queries(10):
        desk.get(LIST)


@pytest.mark.parametrize(
    ("state", "name"),
    [("failing", "A failing"), ("told", "A parked"), ("well", "A good"), ("by_hand", "A file")],
)
def test_list_is_narrowed_by_health(desk, state, name):
    make_source(name="A failing", url=URL, interval_hours=1, failures=1, health="No.")
    make_source(name="A parked", url=URL, interval_hours=1, health="Parked.")
    make_source(name="A good", url=URL, interval_hours=1)
    make_source(name="A file")

    page = desk.get(LIST, {"health": state})

    assert [source.name for source in page.context["cl"].queryset] == [name]


def test_reading_now_is_asked_for_once(desk):
    source = make_source(url=URL)
    Worker.objects.create(name="a", started_at=datetime.now(UTC), seen_at=datetime.now(UTC))

    page = desk.post(read_now(source), follow=True).content.decode()
    desk.post(read_now(source))

    assert "It is read within moments." in page
    job = Job.objects.get()
    assert (job.kind, job.args) == ("pull_source", {"source": source.pk})


def test_reading_now_says_when_no_worker_runs(desk):
    page = desk.post(read_now(make_source(url=URL)), follow=True).content.decode()

    assert "no worker is running" in page
    assert Job.objects.exists()


@pytest.mark.parametrize("fields", [{"url": ""}, {"url": URL, "is_active": False}])
def test_source_that_cannot_be_read_is_refused(desk, fields):
    source = make_source(**fields)

    page = desk.post(read_now(source), follow=True).content.decode()

    assert "cannot be read" in page
    assert "Read now</button>" not in desk.get(change(source)).content.decode()
    assert not Job.objects.exists()


def test_several_are_read_from_the_list(desk):
    sources = [make_source(url=URL), make_source(url=URL), make_source()]
    chosen = [source.pk for source in sources]

    page = desk.post(LIST, {"action": "pull_now", "_selected_action": chosen}, follow=True)

    assert "cannot be read" in page.content.decode()
    assert Job.objects.count() == 2


def test_reading_is_for_those_who_may_change_sources(client):
    source = make_source(url=URL)
    stranger = make_user(is_staff=True)
    stranger.user_permissions.set(Permission.objects.filter(codename="view_source"))
    client.force_login(stranger)

    assert client.post(read_now(source)).status_code == 403
    assert "Read now</button>" not in client.get(change(source)).content.decode()
    assert not Job.objects.exists()


def test_reading_is_never_asked_for_by_a_link(desk):
    source = make_source(url=URL)

    assert desk.get(read_now(source)).status_code == 405
    assert not Job.objects.exists()


def test_page_of_a_source_shows_its_latest_runs(desk):
    source = make_source(url=URL)
    moment = datetime(2026, 11, 10, 17, tzinfo=UTC)
    ImportRun.objects.create(
        source=source,
        started_at=moment,
        finished_at=moment,
        status="parked",
        reason="40 of 100 meetings are no longer in the feed.",
        content_hash="0",
        format="meeting_guide",
    )

    page = desk.get(change(source)).content.decode()

    assert "40 of 100 meetings are no longer in the feed." in page
    assert "Read now</button>" in page


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://someone:secret@feeds.example.org/", "user name or password"),
        ("https://feeds.example.org:8443/", "ports 80 and 443"),
        ("ftp://feeds.example.org/", "https://"),
        ("not an address", "valid URL"),
    ],
)
def test_address_that_may_not_be_read_is_refused_when_entered(desk, url, words):
    source = make_source()

    page = desk.post(change(source), told(source, url=url))

    assert page.status_code == 200
    assert words in str(page.context["adminform"].form.errors["url"])


def test_unknown_format_is_refused_when_entered(desk):
    source = make_source()

    page = desk.post(change(source), told(source, format="telegram"))

    assert "meeting_guide" in str(page.context["adminform"].form.errors["format"])


@pytest.mark.parametrize(
    ("fields", "is_new"), [({"url": URL + "?v=2"}, True), ({"name": "B"}, False)]
)
def test_new_address_starts_over(desk, fields, is_new):
    state = {"etag": '"1"', "validated_hash": "a", "failures": 3, "health": "No."}
    source = make_source(url=URL, interval_hours=24, **state)

    desk.post(change(source), told(source, **fields))

    source.refresh_from_db()
    kept = {name: getattr(source, name) for name in state}
    cleared = {"etag": "", "validated_hash": "", "failures": 0, "health": ""}
    assert kept == (cleared if is_new else state)


def test_curator_changes_all_of_a_source_but_its_address(curator):
    source = make_source(url=URL)

    curator.post(change(source), told(source, url=URL + "?v=2", name="B"))

    source.refresh_from_db()
    assert (source.url, source.name) == (URL, "B")
    assert curator.get(reverse("admin:finder_source_add")).status_code == 403


def test_source_is_added_with_its_interval(desk):
    fields = {
        "name": "A",
        "slug": "a",
        "program": make_program().pk,
        "url": URL,
        "interval_hours": 12,
        "is_active": "on",
    }

    assert desk.post(reverse("admin:finder_source_add"), fields).status_code == 302
    assert Source.objects.get().is_pulled
