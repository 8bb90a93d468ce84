"""The short way of reads of the API: the same answers, and what goes the long one."""

import pytest
from django.db import OperationalError
from django.test import override_settings
from django.utils import translation

from finder.api.views import FacetList

pytestmark = pytest.mark.django_db
LONG = [
    "finder.middleware.PublicPages",
    "finder.middleware.PlainErrors",
    "django.middleware.common.CommonMiddleware",
]


@pytest.mark.parametrize(
    "path", ["/api/v1/meetings/", "/api/v1/facets/", "/api/v1/programs/", "/api/v1/meetings/0/"]
)
def test_short_way_answers_as_the_long_one(client, path):
    short = client.get(path)
    with override_settings(MIDDLEWARE=LONG):
        long = type(client)().get(path)

    assert (short.status_code, short.content) == (long.status_code, long.content)


def test_answer_lets_a_browser_do_nothing_with_it(client):
    headers = client.get("/api/v1/programs/").headers

    assert headers["Content-Security-Policy"] == "default-src 'none'; frame-ancestors 'none'"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert "Set-Cookie" not in headers


def test_answer_is_english_whatever_was_read_before(client):
    translation.activate("es")
    answered = client.get("/api/v1/facets/", HTTP_ACCEPT_LANGUAGE="es").json()

    assert {"code": "mon", "label": "Monday"}.items() <= answered["day"][0].items()


def test_docs_and_other_methods_go_the_long_way(client):
    assert "swagger" in client.get("/api/v1/docs/").content.decode().lower()
    assert client.post("/api/v1/meetings/", {}).status_code == 405


def failing(monkeypatch, error):
    def fail(self, request):
        raise error

    monkeypatch.setattr(FacetList, "get", fail)


def test_failure_is_logged_as_on_the_long_way(client, monkeypatch, caplog):
    failing(monkeypatch, ValueError("CANARY what somebody typed"))
    client.raise_request_exception = False

    assert client.get("/api/v1/facets/").status_code == 500
    noted = [str(record.msg) for record in caplog.records if record.name == "finder.requests"]
    assert any("ValueError" in line and "'exception'" in line for line in noted)
    assert "CANARY" not in " ".join(noted)


def test_database_that_is_away_closes_the_api_for_a_moment(client, monkeypatch):
    failing(monkeypatch, OperationalError())
    response = client.get("/api/v1/facets/")

    assert (response.status_code, response["Retry-After"]) == (503, "60")
    assert response.json() == {"detail": "The directory is closed for a moment. Try again soon."}
