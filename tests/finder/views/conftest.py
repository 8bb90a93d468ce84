"""What the tests of pages share."""

from datetime import time

import pytest

from finder.search import index
from tests.factories import (
    make_assessment,
    make_group,
    make_locality,
    make_meeting,
    make_program,
)


@pytest.fixture
def springfield(now):
    """An NA, an AA and a SMART group in one town, an accepting phone meeting; Tuesday noon."""
    make_locality()
    programs = {
        slug: make_program(slug=slug, name=name, position_sentence=f"{slug} leaves it open.")
        for slug, name in {
            "na": "Narcotics Anonymous",
            "aa": "Alcoholics Anonymous",
            "smart": "SMART Recovery",
            "mara": "Medication-Assisted Recovery Anonymous",
        }.items()
    }
    groups = {
        slug: make_group(program=programs[slug], name=f"The {slug} group") for slug in programs
    }
    for slug in ("na", "aa", "smart"):
        make_meeting(group=groups[slug], weekday=1, start=time(19))
    make_meeting(group=groups["mara"], format="phone", weekday=3, start=time(12))
    make_assessment(group=groups["smart"], label="likely_accepting", basis="program", lower=0.65)
    make_assessment(group=groups["mara"], label="affirming", basis="program", lower=0.9)
    index.rebuild()
    return groups
