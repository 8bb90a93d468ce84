"""Answers become needs; what is wrong is said beside its field."""

import pytest
from django.utils.datastructures import MultiValueDict

from referrals.forms import HandoutForm, NeedsForm
from referrals.matching import AcceptanceMode, Taking, Travel, Way, Window

pytestmark = pytest.mark.usefixtures("springfield")


def form_of(**answers):
    data = {
        name: value if isinstance(value, list) else [value]
        for name, value in ({"place": "62701"} | answers).items()
    }
    return NeedsForm(MultiValueDict(data))


def needs_of(**answers):
    form = form_of(**answers)
    assert form.is_valid(), form.errors
    return form.needs()


def test_a_place_alone_is_enough():
    needs = needs_of()

    assert (needs.lat, needs.lng, needs.zone) == (39.8, -89.65, "America/Chicago")
    assert (needs.miles, needs.travel, needs.wanted_per_week) == (25, Travel.CAR, 3)
    assert (needs.taking, needs.medication, needs.medications) == (Taking.NONE, "", ())
    assert (needs.times, needs.languages) == ((), ("en",))
    assert needs.acceptance == AcceptanceMode.FIRST


def test_the_answers_of_a_short_visit():
    needs = needs_of(
        medication="buprenorphine",
        medication_form="injection",
        when="evening",
        travel="bus",
        with_children="on",
    )

    assert (needs.medication, needs.medication_form) == ("buprenorphine", "injection")
    assert (needs.taking, needs.travel, needs.with_children) == (Taking.TAKES, Travel.BUS, True)
    assert needs.times == tuple(Window(day, 1020, 1440) for day in range(7))


def test_days_and_time_of_day_make_windows():
    assert needs_of(days=["1", "3"], when="morning").times == (
        Window(1, 0, 720),
        Window(3, 0, 720),
    )
    assert needs_of(days=["6"]).times == (Window(6),)


def test_times_one_cannot_go_are_of_every_day():
    busy = needs_of(busy_from="09:00", busy_to="10:30", home_by="21:15").busy

    assert len(busy) == 14
    assert Window(0, 540, 630) in busy
    assert Window(6, 1275, 1440) in busy


@pytest.mark.parametrize(
    ("answers", "taking", "medication"),
    [
        ({"medication": "methadone"}, Taking.TAKES, "methadone"),
        ({"medication": "methadone", "is_thinking": "on"}, Taking.THINKING, "methadone"),
        ({"medication": "none", "is_thinking": "on"}, Taking.THINKING, ""),
        ({"medication": "rather_not_say"}, Taking.RATHER_NOT_SAY, ""),
        ({"medication": "none"}, Taking.NONE, ""),
    ],
)
def test_what_was_said_of_medication(answers, taking, medication):
    needs = needs_of(**answers)

    assert (needs.taking, needs.medication) == (taking, medication)


def test_form_of_no_medication_is_dropped():
    assert needs_of(medication="none", medication_form="injection").medication_form == ""


def test_lists_go_over_as_they_are():
    needs = needs_of(
        ways=["phone"],
        access=["step-free"],
        focus=["women", "parents"],
        does_not_fit=["men"],
        models_wanted=["smart"],
        models_unwanted=["faith"],
        languages=["es", "en"],
        vetoed_places="Elm Hall\n\n 12 Oak Street \n",
    )

    assert needs.formats == (Way.PHONE,)
    assert (needs.focus, needs.does_not_fit) == (("women", "parents"), ("men",))
    assert (needs.models_wanted, needs.models_unwanted) == (("smart",), ("faith",))
    assert needs.languages == ("es", "en")
    assert needs.vetoed_places == ("Elm Hall", "12 Oak Street")


@pytest.mark.parametrize(
    ("field", "answers"),
    [
        ("place", {"place": ""}),
        ("place", {"place": "00000"}),
        ("place", {"place": "Nowhere, ZZ"}),
        ("place", {"place": "x" * 500}),
        ("place", {"place": "NaN,1e308"}),
        ("place", {"place": "62701\x00"}),
        ("medication", {"medication": "heroin"}),
        ("travel", {"travel": "rocket"}),
        ("when", {"when": "25:00"}),
        ("miles", {"miles": "-1"}),
        ("miles", {"miles": "1e308"}),
        ("miles", {"miles": "9" * 400}),
        ("wanted_per_week", {"wanted_per_week": "0"}),
        ("days", {"days": ["7"]}),
        ("busy_to", {"busy_from": "09:00"}),
        ("busy_to", {"busy_from": "09:00", "busy_to": "08:00"}),
        ("home_by", {"home_by": "99:99"}),
        ("focus", {"focus": ["everyone"]}),
        ("vetoed_places", {"vetoed_places": "\n".join(["x"] * 21)}),
    ],
)
def test_wrong_answer_is_said_beside_its_field(field, answers):
    form = form_of(**answers)

    assert not form.is_valid()
    assert list(form.errors) == [field]


def test_every_question_stands_on_the_page_once():
    form = NeedsForm()
    shown = [field.name for field in (*form.main, *form.more)]

    assert sorted(shown) == sorted(form.fields)


def test_more_questions_stay_folded_unless_one_was_answered():
    assert not NeedsForm().has_more
    assert form_of(miles="25", wanted_per_week="3", languages=["en"], is_under_18="on").has_more
    assert form_of(miles="-1").has_more


# --- Handout --------------------------------------------------------------------------


def test_handout_is_discreet_until_asked_otherwise():
    assert not HandoutForm(names={}).is_full
    assert not HandoutForm({"version": "nonsense"}, names={}).is_full
    assert HandoutForm({"version": "full"}, names={}).is_full


def test_handout_is_in_the_language_given_until_another_is_chosen():
    form = HandoutForm({"version": "full", "language": ""}, names={}, initial={"language": "es"})
    chosen = HandoutForm(
        {"version": "full", "language": "en"}, names={}, initial={"language": "es"}
    )

    assert (form.chosen_language, chosen.chosen_language) == ("es", "en")
    assert not form.is_large
    assert HandoutForm({"version": "full", "size": "large"}, names={}).is_large


def test_only_changed_names_count():
    form = HandoutForm(
        {"version": "full", "name_1": "Sunrise", "name_2": "Book club", "name_3": ""},
        names={1: "Sunrise", 2: "Moonrise", 3: "Noon"},
    )

    assert form.names == {2: "Book club"}
