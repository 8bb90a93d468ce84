"""Cells that a spreadsheet might run come out as text, and come back as they were."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from finder.cells import plain, safe


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1",
        "-1",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "\u00a0=1",
        "\uff1d1",
        "\uff0b1",
    ],
)
def test_risky_cells_begin_with_an_apostrophe(text):
    assert safe(text) == f"'{text}"


def test_null_is_taken_out_and_what_follows_is_seen():
    assert safe("\0=1") == "'=1"


@pytest.mark.parametrize("value", ["Noon", "7:00 PM", "", None, 3, -3.5, True])
def test_other_cells_stay(value):
    assert safe(value) == value


@given(st.text().filter(lambda text: "\0" not in text))
def test_cells_come_back_as_they_went_out(text):
    assert plain(safe(text)) == text
    assert not str(safe(text)).lstrip(" \u00a0\u3000").startswith(tuple("=+-@\t\r\n"))
