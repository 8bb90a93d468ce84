"""Needs as values: stored and read back, and refused where they make no sense."""

import pytest

from referrals.matching import Needs, Window
from tests.referrals.matching.cast import needs


def test_needs_are_stored_as_plain_values_and_read_back():
    told = needs(
        times=(Window(2, 17 * 60),),
        formats=("phone",),
        focus=("women",),
        vetoed_groups=(3,),
        access=("asl",),
    )

    assert Needs.from_document(told.document()) == told


def test_needs_refuse_names_they_do_not_know():
    with pytest.raises(ValueError, match="shoe_size"):
        Needs.from_document(needs().document() | {"shoe_size": 9})


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"lat": 91}, "latitude"),
        ({"lng": 1e308}, "longitude"),
        ({"lat": float("nan")}, "latitude"),
        ({"miles": 0}, "Miles"),
        ({"miles": float("inf")}, "Miles"),
        ({"wanted_per_week": 0}, "At least one"),
        ({"medication": "aspirin"}, "Unknown medication: aspirin"),
        ({"travel": "plane"}, "Unknown travel: plane"),
        ({"access": ("step-free", "wings")}, "Unknown access: wings"),
        ({"does_not_fit": ("giants",)}, "Unknown does_not_fit: giants"),
        ({"zone": "Mars/Olympus"}, "not a time zone"),
        ({"zone": "/etc/passwd"}, "not a time zone"),
    ],
)
def test_needs_refuse_nonsense(wrong, sentence):
    with pytest.raises(ValueError, match=sentence):
        needs(**wrong)


@pytest.mark.parametrize(("start", "end"), [(60, 60), (-1, 5), (0, 1441)])
def test_window_refuses_minutes_outside_the_day(start, end):
    with pytest.raises(ValueError, match="window"):
        Window(0, start, end)
