"""Searches that cannot be read: a sentence on the page, whatever was sent."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "query",
    [
        "q=%00",
        "near=NaN,1e308",
        "near=1e308,1e308",
        "near=Nowhere,ZZ",
        "near=99999",
        "day=mon,funday",
        "day=" + ",".join(f"day{n}" for n in range(10_000)),
        "within=-1&near=62701",
        "within=1e999&near=62701",
        "when=sometime",
        "medicine=methadone",
        "page_size=-1",
        "page_size=1000000000000000000000",
        "cursor=garbage",
        "sort=distance",
        "from=25:00",
        "tz=Mars/Olympus",
        "near=62701&near=62702",
        "q=" + "a" * 20_000,
        "q=%ED%A0%80%00",
        "program=nosuch",
        "format=telepathy",
    ],
)
def test_malformed_search_is_a_sentence_on_the_page(client, springfield, query):
    response = client.get(f"/?{query}")

    assert response.status_code == 400
    assert "Please look at this again" in response.text
    assert 'name="near"' in response.text


def test_error_is_said_beside_its_field(client, springfield):
    html = client.post("/", {"near": "00000", "medication": "methadone"}).text

    assert "We do not know the ZIP code 00000." in html
    assert 'href="#id_near"' in html
    assert 'aria-invalid="true"' in html


def test_acceptance_without_a_medication_is_explained(client, springfield):
    response = client.post("/", {"near": "62701", "acceptance": "positive"})

    assert response.status_code == 400
    assert "no-store" in response["Cache-Control"]


def test_error_does_not_echo_markup(client, springfield):
    html = client.get("/?near=<script>alert(1)</script>").text

    assert "<script>alert" not in html


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    pairs=st.lists(
        st.tuples(
            st.sampled_from(
                [
                    "near",
                    "within",
                    "when",
                    "day",
                    "from",
                    "to",
                    "starts_within",
                    "tz",
                    "format",
                    "program",
                    "model",
                    "focus",
                    "language",
                    "access",
                    "medication",
                    "acceptance",
                    "q",
                    "sort",
                    "page_size",
                    "cursor",
                    "x",
                ]
            ),
            st.text(max_size=30) | st.sampled_from(["62701", "mon", "1e309", "-0", "٣", "07:00"]),
        ),
        max_size=6,
    ),
    is_post=st.booleans(),
)
def test_no_request_whatever_makes_the_page_fail(client, springfield, pairs, is_post):
    data = {}
    for name, value in pairs:
        data.setdefault(name, []).append(value)

    response = client.post("/", data) if is_post else client.get("/", data)

    assert response.status_code in (200, 303, 400)
    assert not response.cookies
