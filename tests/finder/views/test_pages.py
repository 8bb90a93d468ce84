"""Pages of words: the same bytes for everyone, no cookie, with the lines that must be there."""

import pytest
from django.db import OperationalError
from django.test import Client
from django.urls import path

from finder.urls import urlpatterns as site

pytestmark = pytest.mark.django_db

PAGES = [
    "/",
    "/programs/",
    "/about/",
    "/about/acceptance/",
    "/safety/",
    "/privacy/",
    "/accessibility/",
    "/no-such-page/",
]
CRISIS = (
    "In an emergency call",
    "988 Suicide &amp; Crisis Lifeline",
    "(Veterans press 1; Spanish press 2)",
    "SAMHSA National Helpline",
    "1-800-662-4357",
    "1-800-487-4889",
    "FindTreatment.gov",
)


@pytest.mark.parametrize("address", PAGES)
def test_footer_has_the_crisis_lines(client, address):
    html = client.get(address).text

    assert [words for words in CRISIS if words not in html] == []
    assert "not run by or endorsed by any program" in html


@pytest.mark.parametrize("address", [*PAGES, "/blank/", "/robots.txt", "/.well-known/security.txt"])
def test_page_is_the_same_for_everyone(client, admin_client, address):
    stranger = client.get(address)
    member = admin_client.get(address)

    assert stranger.content == member.content
    assert not stranger.cookies and not member.cookies
    assert "cookie" not in member.headers.get("Vary", "").lower()


@pytest.mark.parametrize("address", PAGES)
def test_page_sends_its_headers(client, address):
    headers = client.get(address).headers

    assert headers["Referrer-Policy"] == "same-origin"
    assert "script-src 'self'" in headers["Content-Security-Policy"]
    assert "unsafe" not in headers["Content-Security-Policy"]
    assert headers["X-Content-Type-Options"] == "nosniff"


def test_demo_notice_is_shown_with_demo_data_only(client, settings):
    settings.DEMO = False
    plain = client.get("/about/").text
    settings.DEMO = True

    assert "Demonstration data" not in plain
    assert "Demonstration data" in client.get("/about/").text


def test_safety_page_covers_what_a_person_may_meet(client):
    html = client.get("/safety/").text

    for place in ("medication", "meeting", "overdose", "home", "device", "report"):
        assert f'id="{place}"' in html and f'href="#{place}"' in html
    for words in (
        "11.3</td><td>36.1",
        "Give naloxone",
        "1-800-799-7233",
        "press the Shift key three times",
        "You may leave at any time.",
        "Keep your phone number until you trust someone.",
    ):
        assert words in html


def test_blank_page_does_not_name_the_site(client):
    html = client.get("/blank/").text

    assert "MHG" not in html and "meeting" not in html.lower()
    assert "history" in html


@pytest.mark.parametrize("address", ["/about/", "/programs/", "/plan/?m=1"])
def test_wrong_method_gets_a_plain_page(client, address):
    response = client.put(address)

    assert response.status_code == 405
    assert "cannot be used that way" in response.text


@pytest.mark.parametrize(
    "address",
    [
        "/%00",
        "/static/%00",
        "/static/%2e%2e/%2e%2e/etc/passwd",
        "/meetings/-1/",
        "/meetings/1e5/",
        "/" + "a" * 60_000,
    ],
)
def test_nonsense_is_not_found(client, address):
    assert client.get(address).status_code == 404


@pytest.mark.parametrize(
    "kind, body",
    [
        ("multipart/form-data", b"x"),
        ("multipart/form-data; boundary=x", b"--x\r\nContent-Disposition: form-data; name="),
        ("application/x-www-form-urlencoded", b"near=%00&q=%ff"),
        ("application/x-www-form-urlencoded", b"&".join([b"day=mon"] * 5_000)),
        ("application/x-www-form-urlencoded", b"q=" + b"a" * 3_000_000),
    ],
)
def test_broken_post_is_refused_in_words(client, kind, body):
    response = client.generic("POST", "/", body, content_type=kind)

    assert response.status_code in (303, 400)
    assert response.status_code == 303 or "988" in response.text


def test_ten_thousand_days_are_refused_in_words(client):
    response = client.get("/?" + "&".join(["day=mon"] * 10_000))

    assert response.status_code == 400
    assert "We could not read that request" in response.text


def fail(request):
    raise RuntimeError("no words of this reach the page")


def lose_the_database(request):
    raise OperationalError("no words of this reach the page")


urlpatterns = [
    path("fail/", fail),
    path("lost/", lose_the_database),
    path("api/lost/", lose_the_database),
    *site,
]


@pytest.mark.urls(__name__)
@pytest.mark.parametrize(
    "address, status, words",
    [("/fail/", 500, "on our side"), ("/lost/", 503, "closed for a moment")],
)
def test_failure_gets_a_plain_page(client, address, status, words):
    client.raise_request_exception = False

    response = client.get(address)

    assert response.status_code == status
    assert words in response.text
    assert "no words of this" not in response.text
    assert "988" in response.text


@pytest.mark.urls(__name__)
def test_api_without_its_database_answers_in_json(client):
    response = client.get("/api/lost/")

    assert response.status_code == 503
    assert response.json() == {"detail": "The directory is closed for a moment. Try again soon."}


def test_foreign_post_gets_a_plain_refusal():
    client = Client(enforce_csrf_checks=True)

    response = client.post("/", {"near": "62701"}, headers={"Origin": "https://bad.example"})

    assert response.status_code == 403
    assert "sent from another site" in response.text


def test_method_page_shows_the_numbers_in_use(client):
    html = client.get("/about/acceptance/").text

    assert "Written statement by the group" in html
    assert "The program supports medication. This group has not been asked." in html
    assert "What would change it" in html
    words = " ".join(html.split())
    assert "still weighs 1.50 or more; and the lower bound is 0.70 or more" in words
    assert "the upper bound is below 0.55" in words
    assert "each side weighs 1 or more" in words


def test_robots_stay_out_of_what_is_handed_out(client):
    text = client.get("/robots.txt").text

    for closed in ("/plan/", "/s/", "/referrals/", "/refer/"):
        assert f"Disallow: {closed}" in text


def test_security_contact_is_not_out_of_date(client, now):
    text = client.get("/.well-known/security.txt").text

    assert "Contact: mailto:" in text
    assert "Expires: 2027-11-01T00:00:00Z" in text
