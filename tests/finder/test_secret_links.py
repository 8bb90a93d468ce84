"""Tokens and stamps: long enough, known by their hash alone, and of this day."""

from datetime import timedelta

import pytest
import time_machine

from finder.secret_links import FormStamp, StampError, new_token, token_for, token_hash
from tests.conftest import NOON


def stamp_read_after(seconds):
    with time_machine.travel(NOON, tick=False):
        stamp = FormStamp.make()
    with time_machine.travel(NOON + timedelta(seconds=seconds), tick=False):
        return FormStamp.read(stamp)


def test_tokens_have_192_bits_and_differ():
    tokens = {new_token() for _turn in range(50)}

    assert len(tokens) == 50
    assert {len(token) for token in tokens} == {32}


def test_token_of_one_filling_in_is_always_the_same():
    assert token_for("a") == token_for("a") != token_for("b")
    assert token_hash(token_for("a"))


@pytest.mark.parametrize("token", ["", "short", "x" * 33, "é" * 32, "../" * 10 + "ab"])
def test_what_cannot_be_a_token_has_no_hash(token):
    assert token_hash(token) == ""


@pytest.mark.parametrize("seconds", [4, 24 * 60 * 60 - 1])
def test_stamp_of_today_gives_its_nonce(seconds):
    assert stamp_read_after(seconds)


@pytest.mark.parametrize(("seconds", "reason"), [(0, "quick"), (2, "quick"), (86_401, "old")])
def test_stamp_too_new_or_too_old_is_refused(seconds, reason):
    with pytest.raises(StampError) as error:
        stamp_read_after(seconds)

    assert error.value.reason == reason


@pytest.mark.parametrize("stamp", ["", "made up", "a:b:c"])
def test_stamp_nobody_made_is_refused(stamp):
    with pytest.raises(StampError):
        FormStamp.read(stamp)
