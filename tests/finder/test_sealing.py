"""What is sealed opens for its purpose and with its key, and never otherwise."""

import pytest

from finder.sealing import Unreadable, seal, unseal


def test_sealed_value_opens_for_its_purpose():
    sealed = seal({"email": "me@example.org"}, purpose="letter")

    assert b"example" not in sealed
    assert unseal(memoryview(sealed), purpose="letter") == {"email": "me@example.org"}


def test_sealed_value_does_not_open_for_another_purpose_or_changed():
    sealed = seal({"email": "me@example.org"}, purpose="letter")

    for blob, purpose in ((sealed, "suggestion"), (sealed[:-4] + b"AAAA", "letter")):
        with pytest.raises(Unreadable):
            unseal(blob, purpose=purpose)


def test_old_key_still_opens(settings):
    sealed = seal({"email": "me@example.org"}, purpose="letter")

    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another secret " * 5

    assert unseal(sealed, purpose="letter")["email"] == "me@example.org"
