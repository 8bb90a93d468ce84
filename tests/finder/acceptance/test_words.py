"""A label in the words that pages show."""

import pytest

from finder.acceptance import label_words


@pytest.mark.parametrize(
    ("label", "basis", "program", "words"),
    [
        ("affirming", "program", "mara", "Made for people on medication"),
        ("affirming", "group", "na", "Stands by people on medication"),
        ("accepting", "group", "na", "Accepting"),
        ("likely_accepting", "group", "smart", "Likely accepting"),
        ("not_known", "program", "na", "Not asked yet"),
        ("not_known", "group", "na", "Too little to say yet"),
        ("mixed", "group", "na", "Mixed reports"),
        ("reported_limits", "group", "na", "Reported limits"),
        (
            *("likely_accepting", "program", "smart"),
            "The program supports medication. This group has not been asked.",
        ),
    ],
)
def test_label_words_say_what_the_label_rests_on(label, basis, program, words):
    assert str(label_words(label, basis, program)) == words
