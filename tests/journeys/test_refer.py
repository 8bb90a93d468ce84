"""Two people who refer someone: a prescriber with 90 seconds, and a provider who signs in."""

import re
from datetime import time

import pytest
from django.core import mail
from django.db import connection

from finder.curation import reassess
from finder.search.index import rebuild
from finder.vocab import Format, Model, PriorClass
from referrals.models import Patient, Plan, Referral, Role, State
from referrals.onboarding import add_member
from referrals.tenancy import organization
from tests.conftest import NOON
from tests.factories import make_group, make_locality, make_meeting, make_program
from tests.journeys.keyboard import Keyboard
from tests.journeys.watching import assert_accessible, assert_fits, open_page
from tests.referrals.conftest import make_clinic
from tests.signing_in import code_of, set_up_app, sign_in_on

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

PASSWORD = "walnut tree by the river 7"
# Words that must not stand on a discreet paper.
TELLING = (
    *("narcotics", "anonymous", "smart recovery", "mara", "buprenorphine", "injection"),
    *("medication", "accept", "asked", "not known", "clinic", "referral"),
)


@pytest.fixture
def town(transactional_db):
    """Springfield: near NA and AA groups nobody asked, SMART online, MARA by phone."""
    make_locality()
    programs = {
        "na": make_program(slug="na", name="Narcotics Anonymous", short_name="NA"),
        "aa": make_program(slug="aa", name="Alcoholics Anonymous", short_name="AA"),
        "smart": make_program(
            slug="smart",
            name="SMART Recovery",
            short_name="SMART",
            model=Model.SMART,
            is_secular=True,
            prior_class=PriorClass.EXPLICIT,
        ),
        "mara": make_program(
            slug="mara",
            name="Medication-Assisted Recovery Anonymous",
            short_name="MARA",
            model=Model.MEDICATION,
            prior_class=PriorClass.BUILT_FOR,
        ),
    }
    rows = [
        ("na", "Walnut NA Evening", Format.IN_PERSON),
        ("aa", "Harbor Light", Format.IN_PERSON),
        ("smart", "Blue Kettle", Format.ONLINE),
        ("mara", "Copper Bell", Format.PHONE),
    ]
    for program, name, format_ in rows:
        group = make_group(program=programs[program], name=name)
        for weekday in range(7):
            make_meeting(
                group=group, name=name, format=format_, weekday=weekday, start=time(18, 30)
            )
    reassess(today=NOON.date())
    rebuild()


def rows():
    """Count the rows of every table there is."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def test_a_prescriber_with_ninety_seconds(page, live_server, town):
    before = rows()
    cookies_set, addresses, foreign, screens = [], [], [], []
    page.on("response", lambda r: cookies_set.extend([r.url] if "set-cookie" in r.headers else []))
    page.on("request", lambda r: addresses.append(r.url))
    page.on("request", lambda r: screens.append(r) if r.is_navigation_request() else None)
    page.on(
        "request",
        lambda r: foreign.append(r.url) if not r.url.startswith(live_server.url) else None,
    )
    keys = Keyboard(page)

    # Screen 1: the questions.
    page.goto(f"{live_server.url}/refer/")
    assert_accessible(page)
    keys.skip_to_content()
    keys.to("place")
    keys.type("62701")
    keys.to("medication")
    keys.type("bup")
    keys.to("medication_form")
    keys.type("inj")
    keys.to("when")
    keys.type("after")
    keys.to("travel")
    keys.type("by bus")
    keys.to("with_children")
    keys.press("Space")
    with page.expect_navigation():
        keys.press("Enter")

    # Screen 2: three explained meetings.
    cards = page.locator("form > .cards > li")
    assert cards.count() == 3
    for index in range(3):
        assert cards.nth(index).locator("[data-list=reasons] li").count() >= 1
        assert cards.nth(index).locator("[data-list=not-known] li").count() >= 1
    shown = page.locator("main").inner_text()
    assert "Blue Kettle" in shown and "Secular" in shown
    assert "May I bring a child?" in shown
    assert_accessible(page)
    keys.skip_to_content()
    keys.to("Make the handout")
    with page.expect_navigation():
        keys.press("Enter")

    # Screen 3: the paper, and the print button.
    page.evaluate("window.print = () => { window.wasPrinted = true; }")
    assert_accessible(page)
    keys.skip_to_content()
    keys.to("Print")
    keys.press("Enter")
    assert page.evaluate("window.wasPrinted")
    page.emulate_media(media="print")
    paper = page.locator("body").inner_text().casefold()
    assert "6:30 pm" in paper
    assert "do not stop or change any medicine" in paper
    assert "walnut evening" in paper or "harbor light" in paper
    # The site's own sentence on safety is the one place that may speak of medicine.
    rest = paper.replace("do not stop or change any medicine", "")
    assert [word for word in TELLING if word in rest] == []
    assert page.title() == "Meetings"

    assert len(screens) <= 4
    assert keys.actions <= 25, keys.actions
    assert cookies_set == []
    assert foreign == []
    assert not [url for url in addresses if "bup" in url.casefold() or "62701" in url]
    assert page.context.cookies() == []
    assert page.evaluate("localStorage.length + sessionStorage.length") == 0
    assert rows() == before


def test_code_on_the_paper_opens_without_a_sign_in(page, live_server, town):
    page.goto(f"{live_server.url}/refer/")
    page.fill("[name=place]", "62701")
    page.get_by_role("button", name="Suggest meetings").click()
    page.get_by_role("button", name="Make the handout").first.click()

    address = page.locator(".handout__page p").inner_text().splitlines()[-1]
    page.goto(address)

    assert "Copper Bell" in page.locator("main").inner_text()


def test_a_provider_signs_in_and_saves_a_plan(page, live_server, town):
    clinic = make_clinic("Walnut Street Clinic")
    provider = add_member(
        clinic, "provider@example.org", role=Role.CLINICIAN, by=None, password=PASSWORD
    ).user

    page.goto(f"{live_server.url}/referrals/")
    assert_accessible(page)
    secret, told = set_up_app(provider), {"email": provider.email, "password": PASSWORD}
    sign_in_on(page, page.url, secret=secret, **told)

    page.get_by_role("link", name="Add a patient").click()
    page.get_by_label("Label").fill("Chart 12")
    assert_accessible(page)
    page.get_by_role("button", name="Add, then ask what they need").click()

    page.get_by_label("Where they start from").fill("62701")
    page.get_by_label("Medication", exact=True).select_option("methadone")
    page.get_by_text("More questions").click()
    assert_accessible(page)
    page.get_by_role("button", name="Suggest meetings").click()

    assert page.locator("form > .cards > li").count() == 3
    assert_accessible(page)
    page.get_by_role("button", name="Save the plan").click()

    assert page.get_by_role("link", name="Chart 12").is_visible()
    assert_accessible(page)
    page.get_by_role("link", name="Make the handout").click()
    assert_accessible(page)
    page.get_by_role("button", name="I gave this handout").click()

    page.locator(".card__name a").first.click()
    assert_accessible(page)
    page.get_by_label("What happened").select_option("agree")
    page.get_by_role("button", name="Save").click()
    assert "Agreed" in page.locator(".lede").inner_text()
    assert "methadone" not in page.url + page.title()

    page.get_by_role("button", name="Sign out").click()
    page.goto(f"{live_server.url}/referrals/patients/")
    assert "/accounts/login/" in page.url
    with organization(clinic.pk):
        assert Patient.objects.get().created_by == provider
        assert Plan.objects.get().needs["needs"]["medication"] == "methadone"
        assert sorted(Referral.objects.values_list("state", flat=True)) == [
            State.AGREED,
            State.OFFERED,
            State.OFFERED,
        ]


def test_an_administrator_invites_and_reads_the_record(page, live_server, town):
    clinic = make_clinic("Walnut Street Clinic")
    admin = add_member(
        clinic, "admin@example.org", role=Role.ADMIN, by=None, password=PASSWORD
    ).user
    secret, told = set_up_app(admin), {"email": admin.email, "password": PASSWORD}
    sign_in_on(page, f"{live_server.url}/referrals/", secret=secret, **told)
    assert_accessible(page)

    page.get_by_role("link", name="Members").click()
    page.get_by_label("E-mail address").fill("peer@example.org")
    page.get_by_label("Role").select_option("peer")
    page.get_by_role("button", name="Send the invitation").click()

    assert "peer@example.org" in page.locator("table").inner_text()
    assert_accessible(page)
    page.set_viewport_size({"width": 320, "height": 700})
    assert_fits(page)
    page.goto(f"{live_server.url}/referrals/")
    page.get_by_role("link", name="Record").click()
    assert "Member invited" in page.locator("table").inner_text()
    assert_accessible(page)
    link = re.search(r"http\S+/accounts/password/reset/key/\S+", mail.outbox[0].body)[0]
    page.get_by_role("button", name="Sign out").click()
    page.goto(link)
    assert_accessible(page)
    for label in ("New Password", "New Password (again)"):
        page.get_by_label(label, exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Save the password").click()
    page.goto(f"{live_server.url}/accounts/login/")
    page.get_by_label("Email").fill("peer@example.org")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    assert_accessible(page)
    page.get_by_role("link", name="Set up an app").click()
    assert_accessible(page)
    page.get_by_label("Authenticator code").fill(
        code_of(page.locator(".step-letters").inner_text())
    )
    page.get_by_role("button", name="Set up").click()
    assert_accessible(page)
    assert page.locator(".step-codes li").count() == 10
    page.get_by_role("link", name="I have them. Go on").click()
    assert "Peer linkage worker" in page.locator("main").inner_text()


def test_quick_referral_fits_a_narrow_screen_without_scripts(chromium, live_server, town):
    page = open_page(chromium, java_script_enabled=False)
    page.goto(f"{live_server.url}/refer/")
    assert_fits(page)
    page.fill("[name=place]", "62701")
    page.get_by_role("button", name="Suggest meetings").click()
    assert page.locator("form > .cards > li").count() == 3
    assert_fits(page)
    page.get_by_role("button", name="Make the handout").first.click()

    assert page.locator(".handout").is_visible()
    assert_fits(page)
    assert not page.get_by_role("button", name="Print").is_visible()
    page.context.close()
