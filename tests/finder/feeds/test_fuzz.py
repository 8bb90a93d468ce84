"""The proof of the hundred thousands, a few hundred rows of it."""

import pytest

from benchmarks import fuzz
from tests.factories import make_program

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("name", fuzz.FORMATS)
def test_every_broken_row_has_one_fate(name):
    make_program(slug="na")

    fates = fuzz.prove(name, rows=400, batch=200)

    assert 390 <= fates["read"] <= 400
    assert fates["rejected"] and fates["updated"] and fates["unchanged"]
    assert sum(count for fate, count in fates.items() if fate != "read") == fates["read"]
