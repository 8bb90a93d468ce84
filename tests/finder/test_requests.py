"""Only pages of this site may post without a token, and tracking marks are ignored."""

from pathlib import Path

import pytest
from django.core.exceptions import PermissionDenied
from django.http import HttpResponse, QueryDict
from django.test import RequestFactory

from finder.requests import same_origin_post, without_tracking


@same_origin_post
def view(request):
    return HttpResponse("done")


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Origin": "http://testserver"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "same-origin"},
    ],
)
def test_own_pages_may_post(headers):
    request = RequestFactory(enforce_csrf_checks=True).post("/", headers=headers)

    assert view(request).content == b"done"


@pytest.mark.parametrize(
    "headers",
    [
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver:81"},
        {"Origin": "https://testserver"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Origin": "http://testserver", "Sec-Fetch-Site": "cross-site"},
    ],
)
def test_foreign_pages_may_not_post(headers):
    request = RequestFactory().post("/", headers=headers)

    with pytest.raises(PermissionDenied):
        view(request)


def test_foreign_pages_may_link_here():
    request = RequestFactory().get("/", headers={"Sec-Fetch-Site": "cross-site"})

    assert view(request).content == b"done"


def test_trusted_origin_may_post_behind_a_proxy(settings):
    settings.CSRF_TRUSTED_ORIGINS = ["https://find.example.org"]
    request = RequestFactory().post("/", headers={"Origin": "https://find.example.org"})

    assert view(request).content == b"done"


def test_tracking_marks_are_dropped_and_the_rest_kept():
    query = QueryDict("q=a&q=b&utm_source=x&utm_campaign=y&fbclid=z&utmost=1")

    assert without_tracking(query).urlencode() == "q=a&q=b&utmost=1"


def test_there_is_no_other_exemption_from_tokens():
    root = Path(__file__).resolve().parents[2]
    files = [*root.joinpath("finder").rglob("*.py"), *root.joinpath("referrals").rglob("*.py")]

    exempt = [path.name for path in files if "csrf_exempt" in path.read_text(encoding="utf-8")]

    assert exempt == ["requests.py"]
