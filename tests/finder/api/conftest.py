"""What the tests of the API share."""

import pytest

from finder.search import index
from finder.vocab import Format, Label
from tests.factories import make_assessment, make_group, make_locality, make_meeting, make_program


@pytest.fixture
def listed(db):
    """One hybrid meeting near Springfield, found by its ZIP code."""
    make_locality()
    group = make_group(name="Night light", program=make_program(slug="na", name="Narcotics"))
    make_assessment(group=group, label=Label.ACCEPTING, basis="group", lower=0.6309571)
    meeting = make_meeting(
        group=group,
        format=Format.HYBRID,
        focus=["women"],
        languages=["en"],
        join_url_secret="https://example.org/join?pwd=hush",
        join_password="hush",
        phone="217-555-0100",
        phone_code="123456#",
    )
    index.rebuild()
    return meeting
