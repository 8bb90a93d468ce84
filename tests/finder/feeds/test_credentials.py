import pytest

from finder.feeds import credentials


@pytest.mark.parametrize(
    ("written", "public", "is_secret"),
    [
        ("https://zoom.us/j/123456789?pwd=x", "https://zoom.us/j/123456789", True),
        ("zoom.us/j/123456789", "https://zoom.us/j/123456789", False),
        ("Join: https://zoom.us/j/123456789.", "https://zoom.us/j/123456789", False),
        ("https://zoom.us/j/1?a=b&PWD=x", "https://zoom.us/j/1?a=b", True),
        ("https://zoom.us/j/1#pwd=x", "https://zoom.us/j/1", True),
        ("javascript:alert(1)", "", False),
        ("data:text/html,x", "", False),
        ("http://127.0.0.1/x", "", False),
        ("http://user:word@example.org/x", "", False),
        ("https://broken", "", False),
        ("http://[bad/x", "", False),
        ("http://example.org:99999999/x", "", False),
    ],
)
def test_link_is_parted_from_its_password(written, public, is_secret):
    shown, secret = credentials.split_link(written)

    assert shown == public
    assert bool(secret) == is_secret
    assert "pwd" not in shown.lower()


@pytest.mark.parametrize(
    ("written", "phone", "code"),
    [
        ("+13125550105,,123456789#,,#,,42#", "+13125550105", "123456789#,,#,,42#"),
        ("(712) 555-0175", "(712) 555-0175", ""),
        ("call us", "", ""),
        ("+94", "", ""),
    ],
)
def test_dial_in_is_parted_from_its_codes(written, phone, code):
    assert credentials.split_phone(written) == (phone, code)


@pytest.mark.parametrize(
    ("written", "left", "passwords", "codes"),
    [
        ("Zoom ID: 769583573\nPassword: 392841", "", ("392841",), ("769583573",)),
        ("Meeting ID: 828 081 7512 Password: uawrs", "", ("uawrs",), ("8280817512",)),
        ("Password: x1\nEntrance in back", "Entrance in back", ("x1",), ()),
        ("No password required.", "No password required.", (), ()),
        ("Passcode is 342 301", "", ("342 301",), ()),
        ("The door code is 4321", "The door code is 4321", (), ()),
        ("Use code 4321# at the gate", "Use code 4321# at the gate", (), ()),
    ],
)
def test_credentials_are_taken_out_of_a_note(written, left, passwords, codes):
    taken = credentials.take(written)

    assert (taken.text, taken.passwords, taken.codes) == (left, passwords, codes)


def test_a_field_for_credentials_gives_the_whole_line():
    taken = credentials.take("Meeting ID qwe rtz Password Let It Shine", is_dial_in=True)

    assert taken.passwords == ("Let It Shine",)
    assert taken.text == ""


def test_a_number_to_dial_in_is_taken_and_its_id_too():
    taken = credentials.take("Dial-in: (669) 555-0164\nEnter Meeting ID: 769583573#")

    assert (taken.phone, taken.codes, taken.text) == ("(669) 555-0164", ("769583573",), "")


def test_a_link_in_a_note_is_taken_when_its_host_is_known():
    taken = credentials.take(
        "Join at https://zoom.us/j/123456789?pwd=x or see https://example.org/a"
    )

    assert taken.url == "https://zoom.us/j/123456789?pwd=x"
    assert "https://example.org/a" in taken.text
    assert "pwd" not in taken.text
