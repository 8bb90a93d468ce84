"""Nonsense from outside: every refusal is a sentence, and none is a failure of the server."""

import base64
import re
from urllib.parse import quote

import pytest

from finder.search import index
from finder.search.parameters import FILTERS
from tests.factories import make_group, make_meeting
from tests.finder.api.asking import get

MALFORMED = [
    "q=%00",
    "q=" + "a" * 65536,
    "near=NaN,1e308",
    "near=inf,inf",
    "near=91,0",
    "near=1e308,1",
    "near=%00",
    "near=" + "9" * 5000,
    "near=12",
    "near=Nowhere,+ZZ",
    "near=39.8",
    "near=62701&near=62702",
    "near=62701&within=-1",
    "near=62701&within=0",
    "near=62701&within=NaN",
    "near=62701&within=1e-999999999",
    "near=62701&within=501",
    "within=5",
    "day=funday",
    "day=1",
    "day=" + ",".join(["mon"] * 10000),
    "from=25:00",
    "from=7pm",
    "to=" + "1" * 4000,
    "starts_within=14400000",
    "starts_within=-5",
    "starts_within=1e9",
    "starts_within=%D9%A3",
    "tz=Mars/Olympus",
    "tz=../../etc/passwd",
    "tz=" + "A" * 3000,
    "format=hybrid",
    "format=json",
    "program=nope",
    "model=nope",
    "focus=nope",
    "language=<script>",
    "access=nope",
    "medication=aspirin",
    "medication=methadone&medication=naltrexone",
    "acceptance=positive",
    "medication=methadone&acceptance=lovely",
    "sort=random",
    "sort=distance",
    "sort=acceptance",
    "sort=relevance",
    "page_size=-1",
    "page_size=0",
    "page_size=101",
    "page_size=1e30",
    "page_size=" + "9" * 400,
    "cursor=garbage",
    "cursor=%00",
    "cursor=" + "A" * 4000,
    "cursor=bnVsbA",
    "unknown=1",
    "Near=62701",
    "page=2",
    "limit=1%27%20OR%201=1",
    "%00=1",
]


@pytest.mark.parametrize("query", MALFORMED, ids=lambda text: text[:30])
def test_a_malformed_parameter_is_refused_in_a_sentence(client, listed, query):
    data = get(client, f"/api/v1/meetings/?{query}", status=400)

    assert set(data) == {"detail", "errors"}
    assert re.fullmatch(r"[A-Z“].{8,300}[.?]", data["detail"])
    assert data["errors"]
    assert all(sentence for sentences in data["errors"].values() for sentence in sentences)


@pytest.mark.parametrize(
    "query",
    [
        "q=%ED%A0%80",
        "q=%FF%FE",
        "q=" + quote("'; DROP TABLE finder_listing; --"),
        "q=" + quote('((("&|!:*'),
        "q=the",
        "q=%25s%25(x)s",
        "near=%C2%A0",
        "day=&from=&near=&within=25",
        "language=xx",
        "day=mon&day=tue,wed",
        "page_size=%20%205",
    ],
)
def test_odd_but_sound_parameters_are_answered(client, listed, query):
    assert "results" in get(client, f"/api/v1/meetings/?{query}")


@pytest.mark.parametrize("name", FILTERS)
@pytest.mark.parametrize(
    "value", ["\x00", "-1", "1e308", "NaN", "%", "'", '"', "💥", "\ud800", "[]"]
)
def test_no_value_of_any_parameter_breaks_the_server(client, listed, name, value):
    encoded = quote(value, errors="surrogatepass")

    response = client.get(f"/api/v1/meetings/?{name}={encoded}")

    assert response.status_code in (200, 400)


def test_thousands_of_parameters_are_refused(client, db):
    query = "&".join(f"day={number}" for number in range(3000))

    assert get(client, f"/api/v1/meetings/?{query}", status=400)["detail"]


@pytest.mark.parametrize("keys", ["[NaN]", '["a"]', "[1,2]", "[]", "[true]", "{}", "[1e400]"])
def test_a_forged_cursor_is_refused(client, listed, keys):
    forged = _forge(client, keys)

    data = get(client, f"/api/v1/meetings/?sort=next_start&cursor={forged}", status=400)

    assert "cursor" in data["errors"]


def _forge(client, keys: str) -> str:
    make_meeting(group=make_group())
    index.rebuild()
    following = get(client, "/api/v1/meetings/?sort=next_start&page_size=1")["next"]
    cursor = re.search(r"cursor=([\w-]+)", following)[1]
    text = _decoded(cursor)
    return _encoded(text[: text.rindex("[")] + keys + "]")


def test_a_cursor_of_another_search_is_refused(client, db):
    group = make_group()
    make_meeting(group=group, focus=["women"])
    make_meeting(group=group, focus=["women"])
    index.rebuild()
    cursor = get(client, "/api/v1/meetings/?page_size=1&focus=women")["next"].split("cursor=")[1]

    get(client, f"/api/v1/meetings/?page_size=1&focus=women&cursor={cursor}")
    get(client, f"/api/v1/meetings/?page_size=1&focus=men&cursor={cursor}", status=400)


def _decoded(cursor: str) -> str:
    return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()


def _encoded(text: str) -> str:
    return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")
