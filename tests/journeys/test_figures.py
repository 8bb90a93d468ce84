"""Reports as they are seen: the charts, the tables and the file, on a desk and on a phone."""

import pytest
from django.conf import settings

from finder.vocab import Model
from referrals.models import Role, State
from referrals.onboarding import add_member
from referrals.tenancy import organization
from tests.factories import make_group, make_program
from tests.journeys.watching import assert_accessible, assert_fits, shot
from tests.referrals.conftest import make_clinic, make_patient
from tests.referrals.reports.conftest import make_referral

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def session(transactional_db, now, client):
    """A provider who has signed in, of a clinic that referred sixty people in the spring."""
    clinic = make_clinic("Walnut Street Clinic")
    provider = add_member(clinic, "provider@example.org", role=Role.CLINICIAN, by=None).user
    sizes = {Model.TWELVE_STEP: 30, Model.SMART: 24, Model.BUDDHIST: 4, Model.SECULAR: 2}
    with organization(clinic.pk):
        for model, size in sizes.items():
            group = make_group(program=make_program(model=model))
            for number in range(size):
                patient = make_patient(clinic, provider, label=f"{model} {number}")
                came = [(State.LINKED, 3), (State.ATTENDED, 9)] if number % 2 else []
                make_referral(patient, group, by=provider, came=came, medication="methadone")
    client.force_login(provider)
    return client.cookies[settings.SESSION_COOKIE_NAME].value


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("prefix", ["", "/es"])
def test_report_is_read_on_a_desk_and_on_a_phone(visit, live_server, session, width, prefix):
    page = visit(width=width, height=800)
    cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session, "url": live_server.url}
    page.context.add_cookies([cookie])

    page.goto(f"{live_server.url}{prefix}/referrals/")
    page.locator(f"a[href='{prefix}/referrals/figures/']").click()
    assert_accessible(page)
    assert_fits(page)
    page.locator("main a[href*='/report/']").click()
    assert "60" in page.locator("main").inner_text()
    assert_accessible(page)
    assert_fits(page)
    shot(page, f"report-{width}{prefix.replace('/', '-')}")
    words = page.locator("svg text").all_inner_texts()
    assert len(words) >= 10
    with page.expect_download() as download:
        page.locator("a[href$='/file/']").click()
    assert download.value.suggested_filename == "figures-2026-q2.csv"
    assert page.complaints == []
