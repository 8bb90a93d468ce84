"""The accounting is what was told in three years, no more and no less; and its arithmetic."""

import doctest
import random
from datetime import datetime, timedelta

from referrals.consent import accounting, deciding
from referrals.models import Basis, Disclosure, Medium, Purpose
from referrals.tenancy import organization

LINES = 1_000


def test_examples_in_the_rules_hold():
    for module in (accounting, deciding):
        assert doctest.testmod(module).failed == 0


def test_a_thousand_lines_are_shown_as_an_oracle_says(referral, clinician, now):
    chance = random.Random(7)
    told = []
    for number in range(LINES):
        line = Disclosure(
            organization=referral.organization,
            patient=referral.patient,
            exit="handout",
            basis=Basis.OWN,
            purpose=Purpose.OWN,
            medium=chance.choice([Medium.PAPER, Medium.LINK, Medium.FILE]),
            categories=["groups"],
            recipient=f"somebody {number}",
            by=clinician,
            at=now - timedelta(days=chance.uniform(0, 6 * 365)),
        )
        told.append(line)
    with organization(referral.organization_id):
        Disclosure.objects.bulk_create(told)
        shown = [
            (row.at, row.recipient, row.medium, row.purpose, row.consent_id)
            for row in accounting.shown(referral.patient, now=now)
        ]

    three_years_ago = datetime(now.year - 3, now.month, now.day, now.hour, tzinfo=now.tzinfo)
    expected = sorted(
        (row for row in told if row.at > three_years_ago), key=lambda row: row.at, reverse=True
    )
    assert shown == [(row.at, row.recipient, row.medium, row.purpose, None) for row in expected]
    assert 0 < len(shown) < LINES
