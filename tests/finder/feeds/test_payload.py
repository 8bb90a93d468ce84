import json

import pytest

from finder.feeds import payload
from finder.feeds.record import FeedError

ROWS = [{"name": "Café", "day": 1}]
TEXT = json.dumps(ROWS, ensure_ascii=False)


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (TEXT.encode(), ""),
        (TEXT.encode("utf-8-sig"), ""),
        (TEXT.encode("utf-16"), "encoding"),
        (TEXT.encode("utf-16-le"), "encoding"),
        (TEXT.encode("utf-16-be"), "encoding"),
        (TEXT.encode("utf-32"), "encoding"),
        (TEXT.encode("cp1252"), "encoding"),
    ],
)
def test_encodings_are_read(data, problem):
    text, code = payload.decode(data)

    assert (json.loads(text), code) == (ROWS, problem)


def test_bytes_that_mean_nothing_are_read_all_the_same():
    assert payload.decode(b"[\x81\xff]")[1] == "encoding"


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        ('[{"a": 1,},]', [{"a": 1}]),
        ('[{"a": ",]"},]', [{"a": ",]"}]),
        ('callback([{"a": 1}]);', [{"a": 1}]),
        ('[{"a": NaN, "b": Infinity}]', [{"a": None, "b": None}]),
        ('[{"a": "line\nbreak\x00"}]', [{"a": "line\nbreak\x00"}]),
    ],
)
def test_loose_json_is_read(text, parsed):
    assert payload.parse(text)[0] == parsed


def test_an_endless_integer_is_kept_as_text():
    found = payload.parse(f'[{{"a": {"9" * 5000}}}]')[0]

    assert found[0]["a"].startswith("999")


def test_a_name_given_twice_is_remembered():
    found = payload.parse('[{"a": 1, "a": 2}]')[0][0]

    assert (found["a"], found.has_duplicates) == (2, True)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "empty"),
        ("   ", "empty"),
        ("<!doctype html><html>", "web page"),
        ('[{"a": 1', "cut off"),
        ("name,day,time", "not JSON"),
        ("[" * 200_000, "nested too deeply"),
    ],
)
def test_what_is_no_feed_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(FeedError, match=sentence):
        payload.parse(text)


@pytest.mark.parametrize(
    ("parsed", "sentence"),
    [
        ({"code": "feed_restricted"}, "feed_restricted"),
        ({"a": 1}, "no list"),
        ("text", "no list"),
        (None, "no list"),
        (3, "no list"),
    ],
)
def test_json_without_rows_is_refused_with_a_sentence(parsed, sentence):
    with pytest.raises(FeedError, match=sentence):
        payload.rows_of(parsed)
