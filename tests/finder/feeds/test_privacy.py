import pytest

from finder.feeds.privacy import is_private_home, without_people, without_reach


@pytest.mark.parametrize(
    "sentence",
    [
        "Call Zebulon Quist at 217-555-0104",
        "Ask ZEBULON Person",
        "Text Zebulon",
        "Home of Zebulon Quist",
        "Host: Zebulon Q",
        "Zebulon Q. has the key",
        "Susan Quist opens the door",
        "See Mary for the key",
        "Questions: (217) 555-0104",
        "217.555.0104",
        "5 5 5 - 0 1 0 4 2 1 7",
        "+44 20 7946 0018",
        "08-123 45 67",
        "zeb@example.org",
        "zeb (at) example (dot) org",
        "zeb at example dot org",
        "Venmo @zeb-quist",
        "CashApp $zebquist",
        "Instagram: zebquist",
        "https://facebook.com/zeb.quist",
        "Zebulon's house",
        "Dr. Quist speaks",
        "ask for tom",
        "Led by Sam & Alex",
        "mailto:zeb@example.org mail",
    ],
)
def test_a_sentence_that_points_at_a_person_goes(sentence):
    assert without_people(f"Side door. {sentence}\nStep-free") == ("Side door. Step-free", True)


@pytest.mark.parametrize(
    "sentence",
    [
        "Back room of St. John's Lutheran Church",
        "Basement of Mary Mother of God Church",
        "4th Sunday each month is an open speaker meeting",
        "Call the church office",
        "Contact Central Office for a schedule",
        "Chairperson's Choice",
        "Room B, Building A",
        "@Randall Ave",
        "Between E 210th St & Dekalb Ave",
        "As Bill Sees It",
        "Bill W. wrote the Big Book",
        "Martin Luther King Community Center",
        "Doors open at 7:30, meeting 8:00-9:30",
        "Since 1987-06-05",
        "Springfield, IL 62701-1234",
        "Women only",
        "Enter on Oak Ave across from Kelly Park",
        "Hosted by the Tuesday Night Group",
        "Meeting chaired by different members",
        "May through September, weather permitting",
        "https://example.org/meetings/1234567890",
    ],
)
def test_a_sentence_about_the_meeting_stays(sentence):
    assert without_people(sentence) == (sentence, False)


def test_a_number_cut_in_two_by_a_line_goes_too():
    assert without_people("217-555-\n0104")[0] == ""


def test_a_name_keeps_its_words_and_loses_numbers_and_mails():
    assert without_reach("Serenity 217-555-0104 zeb@example.org Group") == "Serenity Group"
    assert without_reach("12 & 12 at 12:15") == "12 & 12 at 12:15"


@pytest.mark.parametrize(
    ("name", "is_home"),
    [
        ("Zebulon Q.'s home", True),
        ("Private residence", True),
        ("Home of Zebulon", True),
        ("Serenity House", False),
        ("St John's Home For Boys", False),
        ("Smith Funeral Home", False),
        ("Alano Club", False),
    ],
)
def test_a_private_home_is_known_by_its_name(name, is_home):
    assert is_private_home(name) is is_home
