"""Suggestions in words for the page, and as plain values for the plan."""

import json

import pytest

from referrals import suggested
from referrals.matching import Needs, Taking, Travel, suggest


@pytest.fixture
def needs():
    return Needs(
        lat=39.8,
        lng=-89.65,
        zone="America/Chicago",
        travel=Travel.BUS,
        taking=Taking.TAKES,
        medication="methadone",
    )


@pytest.fixture
def found(directory, needs, now):
    return suggest(needs, now=now)


def card_of(found, needs, now, name):
    shown = suggested.cards([*found.chosen, *found.rest], needs=needs, now=now)
    return next(card for card in shown if card.name == name)


def test_card_says_when_where_and_how(found, needs, now, directory):
    card = card_of(found, needs, now, "Walnut NA Evening")

    assert card.best.id == directory["near"].pk
    assert card.best.when == "Tonight, 7:00 PM to 8:00 PM"
    assert card.best.where == "Walnut Hall, 100 Walnut Street, Springfield, IL"
    assert (card.best.way, card.program) == ("In person", "Narcotics Anonymous")


def test_card_lists_each_other_meeting_once(found, needs, now, directory):
    card = card_of(found, needs, now, "Walnut NA Evening")

    assert [meeting.id for meeting in card.others] == [directory["later"].pk]


def test_card_of_a_meeting_from_home_has_no_place(found, needs, now):
    card = card_of(found, needs, now, "Copper Bell")

    assert (card.best.way, card.best.where, card.best.distance) == ("By phone", "", "")


def test_ticked_meetings_become_one_choice_for_each_group(found, needs, now, directory):
    shown = suggested.cards(found.chosen, needs=needs, now=now)
    ticked = [directory[name].pk for name in ("near", "later", "phone")]

    made = {choice.group_id: choice for choice in suggested.choices(shown, ticked)}

    near = made[directory["near"].group_id]
    assert set(near.meeting_ids) == {directory["near"].pk, directory["later"].pk}
    assert near.reason
    assert set(made) == {directory["near"].group_id, directory["phone"].group_id}


def test_every_meeting_that_can_be_ticked_is_known(found, needs, now, directory):
    shown = suggested.cards(found.chosen, needs=needs, now=now)

    assert set(suggested.meeting_ids(shown)) == {meeting.pk for meeting in directory.values()}


def test_document_keeps_scores_and_words_as_plain_values(found, needs, now):
    kept = suggested.document(found, now=now)

    assert json.loads(json.dumps(kept)) == kept
    assert len(kept["three"]) == 3
    for item in kept["three"]:
        assert 0 < item["score"] <= 1
        assert set(item["terms"]) == {
            *("moud", "schedule", "travel", "model", "identity", "substance", "format"),
            "newcomer",
        }
        assert item["reasons"][0]["words"]
        assert item["not_known"][0]["words"]
