"""What is on the paper, and what never is."""

from dataclasses import fields
from datetime import time

import pytest
from django.utils import translation

from finder.models import Meeting
from finder.vocab import Format, Label
from referrals import handouts
from referrals.handouts import Handout, Line, build, neutral
from tests.conftest import NOON
from tests.factories import make_assessment, make_group, make_meeting, make_place, make_program

# Words that neither a text message nor a mail may hold.
TELLING = ("narcotics", "methadone", "medic", "accept", "recovery", "clinic", "patient", "refer")
SITE = "https://finder.example.org"


@pytest.fixture
def program(db):
    return make_program(slug="na", name="Narcotics Anonymous", short_name="NA")


@pytest.fixture
def meeting(program):
    group = make_group(program=program, name="Sunrise")
    return make_meeting(group=group, name="Sunrise NA Group", weekday=1, start=time(19))


def text_of(handout):
    values = [getattr(line, field.name) for line in handout.lines for field in fields(Line)]
    return " ".join(str(value) for value in values).casefold()


def test_handout_has_no_room_for_a_patient_or_a_clinic():
    names = {field.name for cls in (Handout, Line) for field in fields(cls)}

    assert names == {
        *("lines", "is_full", "site", "meeting_id", "name", "when", "place", "address", "phone"),
        *("is_online", "program", "how", "link", "acceptance", "plain", "language"),
    }


def test_discreet_says_day_time_place_and_name(meeting):
    line = build([meeting], site=SITE, now=NOON).lines[0]

    assert line.when == "Every Tuesday, 7:00 PM to 8:00 PM, Central time"
    assert (line.place, line.address) == (
        "Walnut Hall",
        "100 Walnut Street, Springfield, IL, 62701",
    )
    assert line.name == "Sunrise Group"


def test_discreet_names_no_program_and_no_medication(meeting):
    make_assessment(group=meeting.group, label=Label.ACCEPTING)

    handout = build([meeting], site=SITE, now=NOON, medication="methadone")

    for word in ("narcotics", "anonymous", " na ", "methadone", "accepting", "medication"):
        assert word not in f" {text_of(handout)} "


def test_discreet_needs_no_query(meeting, django_assert_num_queries):
    loaded = list(Meeting.objects.with_relations())

    with django_assert_num_queries(0):
        build(loaded, site=SITE, now=NOON, medication="methadone")


def test_full_says_program_way_and_reading_in_one_query(meeting, django_assert_num_queries):
    make_assessment(group=meeting.group, label=Label.ACCEPTING, basis="group")
    loaded = list(Meeting.objects.with_relations())

    with django_assert_num_queries(1):
        line = build(loaded, site=SITE, now=NOON, is_full=True, medication="methadone").lines[0]

    assert (line.name, line.program, line.how) == (
        "Sunrise NA Group",
        "Narcotics Anonymous",
        "In person",
    )
    assert line.acceptance == "Methadone: Accepting"


def test_full_without_a_reading_says_that_nobody_asked(meeting):
    line = build([meeting], site=SITE, now=NOON, is_full=True, medication="methadone").lines[0]

    assert line.acceptance == "Methadone: Not asked yet"


def test_full_without_a_medication_says_nothing_of_it(meeting):
    assert build([meeting], site=SITE, now=NOON, is_full=True).lines[0].acceptance == ""


def test_full_keeps_silent_on_a_group_whose_community_did_not_agree(meeting):
    meeting.group.needs_community_consent = True

    line = build([meeting], site=SITE, now=NOON, is_full=True, medication="methadone").lines[0]

    assert line.acceptance == ""


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("Sunrise NA Group", "Sunrise Group"),
        ("NA: Sunrise", "Sunrise"),
        ("Narcotics Anonymous - Downtown", "Downtown"),
        ("Methadone-friendly Tuesday", "friendly Tuesday"),
        ("Nana's Kitchen", "Nana's Kitchen"),
        ("Suboxone / Sublocade", ""),
    ],
)
def test_telling_words_are_taken_out_of_names(name, expected, meeting):
    assert neutral(name, meeting) == expected


def test_name_of_telling_words_alone_becomes_meeting(meeting):
    meeting.name = "NA"

    assert build([meeting], site=SITE, now=NOON).lines[0].name == "Meeting"


def test_person_names_a_meeting_as_they_like(meeting):
    line = build([meeting], site=SITE, now=NOON, names={meeting.pk: "Book club"}).lines[0]

    assert line.name == "Book club"


def test_place_named_after_the_program_is_given_by_its_address(program):
    place = make_place(name="NA Narcotics Anonymous")
    meeting = make_meeting(group=make_group(program=program), place=place)

    line = build([meeting], site=SITE, now=NOON).lines[0]

    assert line.place == ""
    assert line.address.startswith("100 Walnut Street")


def test_phone_meeting_prints_its_number_since_a_page_may_be_out_of_reach(program):
    meeting = make_meeting(
        group=make_group(program=program), format=Format.PHONE, phone_code="123#"
    )

    assert build([meeting], site=SITE, now=NOON).lines[0].phone == "217-555-0100, code 123#"


def test_discreet_online_meeting_prints_no_link(program):
    meeting = make_meeting(group=make_group(program=program), format=Format.ONLINE)

    line = build([meeting], site=SITE, now=NOON).lines[0]

    assert (line.is_online, line.link) == (True, "")


def test_full_online_meeting_prints_link_and_password(program):
    meeting = make_meeting(
        group=make_group(program=program), format=Format.ONLINE, join_password="river"
    )

    line = build([meeting], site=SITE, now=NOON, is_full=True).lines[0]

    assert line.link == "https://example.org/join, password river"


def test_address_holds_ids_and_nothing_else(meeting):
    handout = build([meeting], site=SITE, now=NOON, is_full=True, medication="methadone")

    assert handout.address == f"{SITE}/plan/?m={meeting.pk}"
    assert handout.calendar == f"/plan/calendar.ics?m={meeting.pk}"


def test_code_is_a_drawing_without_styles_or_scripts(meeting):
    code = build([meeting], site=SITE, now=NOON).code

    assert code.startswith("<svg")
    for forbidden in ("style=", "<script", "data:", "href"):
        assert forbidden not in code


def test_safety_sentence_is_on_every_version(meeting):
    for is_full in (False, True):
        assert "Do not stop or change any medicine" in str(
            build([meeting], site=SITE, now=NOON, is_full=is_full).safety
        )
    assert handouts.SAFETY


def test_meeting_joined_from_home_is_told_on_the_clock_of_the_person(program):
    group = make_group(program=program)
    online = make_meeting(
        group=group,
        format=Format.ONLINE,
        weekday=1,
        start=time(23, 30),
        timezone="America/Los_Angeles",
    )

    line = build([online], site=SITE, now=NOON, zone="America/New_York").lines[0]

    assert line.when == "Every Wednesday, 2:30 AM to 3:30 AM, Eastern time"


def test_meeting_in_person_is_told_on_the_clock_of_its_place(meeting):
    line = build([meeting], site=SITE, now=NOON, zone="America/New_York").lines[0]

    assert line.when == "Every Tuesday, 7:00 PM to 8:00 PM, Central time"


# --- Words to send --------------------------------------------------------------------


@pytest.mark.parametrize("is_full", [False, True])
def test_words_to_send_tell_when_where_and_the_page_and_nothing_else(meeting, is_full):
    make_assessment(group=meeting.group, label=Label.ACCEPTING)

    handout = build([meeting], site=SITE, now=NOON, medication="methadone", is_full=is_full)

    for words in (handout.text_message, handout.mail_body):
        assert "Every Tuesday, 7:00 PM" in words and "100 Walnut Street" in words
        assert f"{SITE}/plan/?m={meeting.pk}" in words
        assert not [word for word in TELLING if word in words.casefold()]
    assert handout.mail_subject == "Meetings"


def test_words_to_send_are_in_the_language_of_the_paper(meeting):
    with translation.override("es"):
        handout = build([meeting], site=SITE, now=NOON)

    assert "martes" in handout.text_message
    assert handout.mail_body.startswith("Hola")
    assert f"{SITE}/es/plan/?m={meeting.pk}" in handout.mail_body
    assert handout.calendar.startswith("/es/plan/")
