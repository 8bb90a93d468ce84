"""Suggestions: nothing moves before a curator's yes, and little stays after the end."""

from datetime import date, datetime, time, timedelta

import pytest
from django.core import mail

from finder import letters, suggestions
from finder.acceptance import Answers
from finder.models import (
    Assessment,
    Evidence,
    FieldLock,
    Group,
    Letter,
    Listing,
    Meeting,
    ServiceBody,
    Suggestion,
)
from finder.search import index
from finder.secret_links import new_token
from tests.conftest import NOON
from tests.factories import (
    make_group,
    make_locality,
    make_meeting,
    make_program,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db
LINK = "https://example.org/suggest/thread/x/"


def suggest(kind="change", *, token="", now=NOON, **told):
    meeting = told.get("meeting")
    told = {"group": meeting.group} | told if meeting else told
    return suggestions.open_suggestion(
        suggestions.Told(kind=kind, **told), token=token or new_token(), link=LINK, now=now
    )


def listed_meeting(**fields):
    meeting = make_meeting(source=make_source(), source_key="9", **fields)
    index.refresh([meeting.pk])
    return meeting


def accept(row, now=NOON, **values):
    return suggestions.accept(
        row, values=values, by=make_user(), now=now, site="https://example.org"
    )


def sent_letters():
    for letter in Letter.objects.order_by("pk"):
        letters.send(letter=letter.pk, now=NOON)
    return mail.outbox


def test_suggestion_keeps_the_hour_and_never_who():
    row = suggest(
        meeting=listed_meeting(),
        words="Moved",
        now=datetime(2026, 11, 10, 17, 42, 31, tzinfo=NOON.tzinfo),
    )

    assert (row.received_at, row.active_at) == (NOON, NOON)
    names = {field.name for field in Suggestion._meta.get_fields()}
    assert not names & {"address", "ip", "user_agent", "user"}


def test_form_sent_twice_makes_one_suggestion():
    meeting, token = listed_meeting(), new_token()

    first, second = (suggest(meeting=meeting, token=token, email="me@example.org") for _ in "12")

    assert first.pk == second.pk
    assert Letter.objects.count() == 1


def test_suggestion_alone_changes_nothing():
    meeting = listed_meeting()
    before = list(Listing.objects.values()), list(Meeting.objects.values())

    for kind in ("change", "close", "visit", "safety"):
        suggest(kind, meeting=meeting, proposed={"name": "X", "was_there": "no"}, words="stop")

    assert (list(Listing.objects.values()), list(Meeting.objects.values())) == before
    assert not Evidence.objects.exists() and not Assessment.objects.exists()


def test_accepted_fields_are_applied_locked_and_have_a_name_to_them():
    meeting = listed_meeting()
    row = suggest(meeting=meeting, proposed={"start": "20:00", "name": "Lamp"})

    accept(row, start=time(20))

    meeting.refresh_from_db()
    assert (meeting.start, meeting.name) == (time(20), meeting.group.name)
    assert Listing.objects.get(pk=meeting.pk).start == time(20)
    assert set(FieldLock.objects.values_list("field", flat=True)) == {"start"}
    last = meeting.events.order_by("pgh_id").last()
    row.refresh_from_db()
    assert last.pgh_context.metadata["user"] == row.decided_by_id
    assert row.state == "accepted"


def test_new_address_makes_a_new_place_and_leaves_the_neighbors_where_they_are():
    make_locality(name="62702", key="62702", lat=39.9)
    meeting = listed_meeting()
    neighbor = make_meeting(place=meeting.place)

    accept(suggest(meeting=meeting), address="5 Oak Street", zip="62702")

    meeting.refresh_from_db()
    assert (meeting.place.address, meeting.place.city) == ("5 Oak Street", "Springfield")
    assert (meeting.place.lat, meeting.place.is_approximate) == (39.9, True)
    neighbor.refresh_from_db()
    assert neighbor.place.address == "100 Walnut Street"
    assert FieldLock.objects.get().field == "place"


def test_curators_point_is_taken_as_exact():
    meeting = listed_meeting()

    accept(suggest(meeting=meeting), address="5 Oak Street", lat=39.81, lng=-89.6)

    meeting.refresh_from_db()
    assert (meeting.place.lat, meeting.place.is_approximate) == (39.81, False)


def test_new_link_takes_the_old_ones_password_away():
    meeting = listed_meeting(
        format="online", join_url_secret="https://example.org/old?pwd=1", join_password="1"
    )

    accept(suggest(meeting=meeting), join_url="https://example.org/new")

    meeting.refresh_from_db()
    assert (meeting.join_url_secret, meeting.join_password) == ("", "")


def test_accepted_new_meeting_is_listed_with_its_group():
    make_locality()
    program = make_program()
    row = suggest("new", program=program, proposed={"name": "Porch"})

    accept(
        row, name="Porch", weekday=1, start=time(9), format="in_person", city="", zip="62701",
        place_name="Hall", timezone="",
    )  # fmt: skip

    listing = Listing.objects.get()
    assert Group.objects.get().program == program
    assert (listing.lat, listing.timezone) == (39.8, "America/Chicago")


def test_new_meeting_nobody_can_place_asks_for_its_clock():
    row = suggest("new", program=make_program(), proposed={"name": "Porch"})
    told = {"name": "Porch", "weekday": 1, "start": time(9), "format": "in_person"}

    with pytest.raises(suggestions.CannotApply) as refusal:
        accept(row, **told, city="Nowhere")

    assert refusal.value.field == "timezone"
    assert not Group.objects.exists()
    accept(row, **told, city="Nowhere", timezone="America/Denver")
    assert Listing.objects.get().timezone == "America/Denver"


def test_closed_meeting_is_retired_and_stays_so():
    meeting = listed_meeting()

    accept(suggest("close", meeting=meeting), standing="retire")

    meeting.refresh_from_db()
    assert (meeting.status, meeting.retired_on) == ("retired", date(2026, 11, 10))
    assert not Listing.objects.exists()
    assert FieldLock.objects.get().field == "status"


def test_visit_that_found_it_is_a_persons_confirmation():
    meeting = listed_meeting()

    accept(suggest("visit", meeting=meeting, proposed={"was_there": "yes"}), was_there=True)

    meeting.refresh_from_db()
    assert meeting.verified_on == date(2026, 11, 10)
    assert Listing.objects.get().verified_on == date(2026, 11, 10)


def test_safety_report_comes_first_and_may_pause_the_listing_under_neutral_words():
    meeting = listed_meeting()
    suggest(meeting=meeting, words="Moved")
    row = suggest("safety", meeting=meeting, words="Something happened")

    assert Suggestion.objects.waiting().first() == row
    assert [w.is_urgent for w in suggestions.waiting(now=NOON)] == [True, False]
    suggestions.pause_listing(row, by=make_user(), now=NOON)

    meeting.refresh_from_db()
    assert (meeting.status, meeting.status_note) == ("paused", "We are checking this listing.")
    assert not Listing.objects.exists()
    suggestions.resume_listing(row, by=make_user(), now=NOON)
    assert Listing.objects.count() == 1
    row.refresh_from_db()
    assert row.is_waiting


def test_second_curator_hears_that_it_is_decided():
    row = suggest(meeting=listed_meeting(), words="Moved")
    suggestions.decline(row, by=make_user(), now=NOON, reason="It did not")

    with pytest.raises(suggestions.AlreadyDecided):
        accept(row)


def test_words_on_medication_become_hearsay_only_by_a_curators_hand():
    group = make_group()
    for _turn in range(50):
        suggest("safety", group=group, words="They told me to stop methadone")
    assert not Evidence.objects.exists()

    for row in Suggestion.objects.all():
        suggestions.record_hearsay(
            row, target="methadone", answers=Answers(no_pressure="no"),
            pressure_from="several", on=date(2026, 11, 1), by=make_user(), now=NOON,
        )  # fmt: skip

    assert set(Evidence.objects.values_list("kind", flat=True)) == {"hearsay"}
    reading = Assessment.objects.get(group=group, medication="methadone")
    assert (reading.label, reading.has_caution) == ("not_known", False)


def test_service_body_gets_its_link_at_the_address_it_gave():
    program = make_program()
    row = suggest("body", program=program, email="area@example.org", proposed={"entity": "Area"})

    accept(row, entity="River Area")

    body = ServiceBody.objects.get()
    assert (body.entity, body.program) == ("River Area", program)
    told = [message for message in sent_letters() if "/lane/" in message.body]
    assert [message.to for message in told] == [["area@example.org"]]
    assert b"example.org" not in bytes(body.contact)


def test_address_is_used_for_the_answer_and_deleted_with_it():
    row = suggest(meeting=listed_meeting(), words="Moved", email="me@example.org")
    assert b"example.org" not in bytes(row.contact)

    suggestions.answer(row, "Where to?", by=make_user(), now=NOON)
    suggestions.decline(row, by=make_user(), now=NOON, reason="We could not find out")

    row.refresh_from_db()
    assert row.contact is None
    messages = sent_letters()
    assert len(messages) == 3
    for message in messages:
        words = f"{message.subject} {message.body}".casefold()
        assert LINK in words
        assert not any(word in words for word in ("meeting", "recovery", "group", "mhg"))


def test_answer_is_mailed_in_the_language_of_the_page_it_answers():
    spanish = suggestions.open_suggestion(
        suggestions.Told(
            kind="body",
            program=make_program(),
            email="me@example.org",
            proposed={"entity": "Area"},
        ),
        token=new_token(),
        link="https://example.org/es/suggest/thread/x/",
        now=NOON,
    )

    suggestions.answer(spanish, "¿Dónde?", by=make_user(), now=NOON)
    accept(spanish, entity="River Area")

    _first, answer, lane, *_later = [message.body for message in sent_letters()]
    assert answer.startswith("Hola:") and "Hay una respuesta" in answer
    assert "https://example.org/es/lane/" in lane and lane.startswith("Hola:")


@pytest.mark.parametrize(
    ("days", "is_open"), [(59, True), (61, False)], ids=["60 days", "after 60 days"]
)
def test_thread_ends_sixty_days_after_the_decision(days, is_open):
    token = new_token()
    row = suggest(meeting=listed_meeting(), token=token)
    later = NOON + timedelta(days=30)
    suggestions.decline(row, by=make_user(), now=later, reason="No")

    assert bool(suggestions.find(token, now=later + timedelta(days=days))) is is_open


@pytest.mark.parametrize(("days", "is_open"), [(89, True), (91, False)])
def test_thread_nobody_writes_in_ends_after_ninety_days(days, is_open):
    token = new_token()
    row = suggest(meeting=listed_meeting(), token=token)
    later = NOON + timedelta(days=80)
    suggestions.say(row, "Still there?", now=later)

    assert bool(suggestions.find(token, now=later + timedelta(days=days))) is is_open


def test_message_sent_twice_is_one():
    row = suggest(meeting=listed_meeting())

    suggestions.say(row, "Hello", now=NOON)
    suggestions.say(row, " Hello ", now=NOON)

    assert row.messages.count() == 1


def test_words_link_and_address_go_with_the_thread_and_the_decision_stays():
    meeting = listed_meeting()
    over = suggest(meeting=meeting, words="Moved", proposed={"name": "X"})
    suggestions.say(over, "Hello", now=NOON)
    suggestions.decline(over, by=make_user(), now=NOON, reason="No")
    idle = suggest(meeting=meeting, words="Moved", email="me@example.org")

    assert suggestions.forget(now=NOON + timedelta(days=30)) == 0
    assert suggestions.forget(now=NOON + timedelta(days=91)) == 2

    over.refresh_from_db()
    assert (over.words, over.proposed, over.token_hash) == ("", {}, "")
    assert (over.state, over.messages.count()) == ("declined", 0)
    idle.refresh_from_db()
    assert (idle.words, idle.token_hash, idle.contact) == ("Moved", "", None)
    assert suggestions.forget(now=NOON + timedelta(days=91)) == 0
