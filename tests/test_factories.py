"""Factories make rows that the database accepts, whatever the format."""

import pytest

from finder.vocab import Format
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "make",
    [
        factories.make_user,
        factories.make_program,
        factories.make_source,
        factories.make_group,
        factories.make_place,
        factories.make_evidence,
        factories.make_assessment,
        factories.make_locality,
    ],
)
def test_factory_makes_a_valid_row(make):
    row = make()

    row.validate_constraints()


@pytest.mark.parametrize("format_", Format)
def test_make_meeting_gives_each_format_its_way_in(format_):
    meeting = factories.make_meeting(format=format_)

    meeting.validate_constraints()
    assert (meeting.place is not None) == meeting.is_in_person
    assert bool(meeting.join_url) == meeting.is_online
    assert bool(meeting.phone) == (format_ == Format.PHONE)
