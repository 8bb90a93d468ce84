"""Which passwords are taken: long ones that nobody guesses first, of any kind."""

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError

from tests.factories import make_user
from tests.referrals.conftest import make_member

GOOD = [
    "kettle lantern 7x",
    "canal-violet-tram",
    "ocho faroles en un canal lento",
    "восемь фонарей у реки",
    "八つの灯籠と静かな運河が流れる町の夜",
    "🚋 eleven trams pass 🌧",
    "no digits or capitals at all here",
    "x9$Kq2!vB7&mZ4@",
    "  spaces around are part of it  ",
    "recovery of eleven brass lanterns",
    "kettle lantern " * 4 + "ends",
    "kettle lantern " * 16 + "and so it ends.",
]
BAD = [
    "",
    "short",
    "kettle lanter7",  # 14
    "passwordpassword",
    "Password1234567",
    "methadonemethadone",
    "Methadone!2026!clinic",
    "recoveryrecovery1",
    "mhgfinder2026mhg",
    "mhg finder welcome",
    "suboxone-suboxone",
    "qwertyuiopasdfgh",
    "letmeinletmein123",
    "welcome welcome 22",
    "aaaaaaaaaaaaaaaa",
    "abababababababab",
    "123456789012345",
    "314159265358979",
    "-----------------",
    "adminadminadmin",
    "onedayatatime1234",
    "narcotics anonymous",
    "Buprenorphine2026",
    "serenity serenity",
    "contraseña-contraseña",
]


@pytest.mark.parametrize("words", GOOD)
def test_password_is_taken(words):
    validate_password(words)


@pytest.mark.parametrize("words", BAD)
def test_password_is_refused(words):
    with pytest.raises(ValidationError):
        validate_password(words)


def test_name_of_the_organization_is_guessed_first(clinic):
    user = make_member(clinic, "peer", email="p@example.org").user

    with pytest.raises(ValidationError):
        validate_password("walnut street 2026", user)
    validate_password("walnut street 2026")


def test_own_address_is_guessed_first(db):
    user = make_user(email="margaret.lantern@example.org", password=None)

    with pytest.raises(ValidationError):
        validate_password("margaret.lantern@example", user)


def test_every_sign_counts(db):
    long = "kettle lantern " * 17 + "x"
    user = make_user(password=long)

    assert len(long) == 256
    assert user.check_password(long)
    assert not user.check_password(long[:-1] + "y")
