"""The curators' own screens: nothing for axe to find, nothing wider than a small screen."""

import json

import pytest
from django.conf import settings
from django.urls import reverse

from finder import curation
from finder.feeds import ingest
from finder.models import DuplicatePair, ImportRun, ImportStatus
from tests.conftest import NOON
from tests.factories import make_evidence, make_program, make_user
from tests.finder.feeds.town import TEN, row
from tests.journeys.watching import assert_accessible, assert_fits, open_page

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def screens():
    """Pages that decide: a parked run, an applied one, a possible duplicate, evidence."""
    program = make_program(slug="aa")
    again = [*TEN[:5], row(5, notes="Side door")]
    for source, rows in (("town", TEN), ("town", again), ("other", TEN[:3])):
        data = json.dumps(rows).encode()
        ingest.apply(ingest.Request(data=data, source=source, program=program), now=NOON)
    curation.find_duplicates(now=NOON)
    evidence = make_evidence(is_reviewed=False)
    runs = [ImportRun.objects.filter(status=status).first() for status in ImportStatus]
    return [
        reverse("admin:index"),
        *[reverse("admin:finder_importrun_change", args=[run.pk]) for run in runs if run],
        reverse("admin:finder_duplicatepair_change", args=[DuplicatePair.objects.first().pk]),
        reverse("admin:finder_evidence_change", args=[evidence.pk]),
        reverse("admin:finder_inquiry_plan"),
        reverse("admin:finder_inquiry_ask", args=[evidence.group_id]),
        reverse("admin:finder_cardsheet_add"),
    ]


def test_own_screens_of_the_desk_are_good_at_two_widths(chromium, live_server, client, screens):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    page = open_page(chromium, width=768, height=900)
    cookie = client.cookies[settings.SESSION_COOKIE_NAME]
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": live_server.url}])

    for path in screens:
        assert page.goto(live_server.url + path).status == 200, path
        page.wait_for_load_state("load")
        assert_fits(page)
        # Before axe, whose own style the policy stops.
        assert page.complaints == [], path
        assert_accessible(page)
        page.complaints.clear()
        page.set_viewport_size({"width": 1280, "height": 900})
        assert_fits(page)
        page.set_viewport_size({"width": 768, "height": 900})
    page.context.close()
