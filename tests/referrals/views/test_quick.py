"""The quick referral: explained meetings on paper for anyone, and nothing left behind."""

import re

import pytest
from django.db import connection
from django.urls import reverse

from referrals.models import AuditEvent

QUICK, PAPER = "/refer/", "/refer/handout/"
ANSWERS = {
    "place": "62701",
    "medication": "buprenorphine",
    "medication_form": "injection",
    "when": "evening",
    "travel": "bus",
    "with_children": "on",
}


def ticked(answer):
    return re.findall(r'value="(\d+)" checked', answer.content.decode())


def rows():
    """Count the rows of every table there is."""
    with connection.cursor() as cursor:
        tables = connection.introspection.table_names(cursor)
        counts = {}
        for table in tables:
            cursor.execute(f'SELECT count(*) FROM "{table}"')
            counts[table] = cursor.fetchone()[0]
    return counts


def test_addresses_are_those_that_handouts_and_links_name():
    assert (reverse("referrals:quick"), reverse("referrals:quick-handout")) == (QUICK, PAPER)


@pytest.mark.django_db
def test_form_asks_without_a_cookie_or_a_token(client):
    answer = client.get(QUICK)

    assert answer.status_code == 200
    assert not answer.cookies
    assert "csrfmiddlewaretoken" not in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert "<title>Referral</title>" in answer.content.decode()


def test_three_meetings_each_with_a_reason_and_something_not_known(client, directory):
    answer = client.post(QUICK, ANSWERS)

    three = answer.context["three"]
    assert {card.name for card in three} == {"Walnut NA Evening", "Blue Kettle", "Copper Bell"}
    assert all(card.reasons and card.not_known for card in three)
    assert ticked(answer) == [str(card.best.id) for card in three]


def test_child_care_that_nobody_knows_of_is_kept_as_ask_first(client, directory):
    answer = client.post(QUICK, ANSWERS)

    near = next(card for card in answer.context["three"] if card.name == "Walnut NA Evening")
    assert any(line.code == "children" and "Ask first" in line.words for line in near.not_known)


def test_answer_is_made_of_a_fixed_number_of_queries(
    client, directory, django_assert_max_num_queries
):
    with django_assert_max_num_queries(6):
        client.post(QUICK, ANSWERS)


def test_nothing_is_written(client, directory):
    before = rows()

    answer = client.post(QUICK, ANSWERS)
    client.post(PAPER, {"meetings": ticked(answer), "medication": "buprenorphine"})

    assert rows() == before
    assert not AuditEvent.objects.exists()


def test_no_answer_sets_a_cookie_or_may_be_kept(client, directory):
    answer = client.post(QUICK, ANSWERS)
    paper = client.post(PAPER, {"meetings": ticked(answer), "medication": "buprenorphine"})

    for page in (answer, paper):
        assert not page.cookies
        assert "no-store" in page["Cache-Control"]
        assert "Cookie" not in page.get("Vary", "")


def test_medication_stands_in_no_address_and_no_title(client, directory):
    answer = client.post(QUICK, ANSWERS)
    paper = client.post(PAPER, {"meetings": ticked(answer), "medication": "buprenorphine"})

    for page in (answer, paper):
        body = page.content.decode()
        links = re.findall(r'(?:href|action)="([^"]*)"', body)
        title = re.search("<title>(.*)</title>", body)[1]
        assert not [text for text in (*links, title) if "buprenorphine" in text.casefold()]


def test_signed_in_or_not_the_page_is_the_same(client, directory, clinician):
    before = client.post(QUICK, ANSWERS).content
    client.force_login(clinician)

    assert client.post(QUICK, ANSWERS).content == before


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "https://evil.example.org"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}],
)
@pytest.mark.parametrize("url", [QUICK, PAPER])
def test_post_from_another_site_is_refused(url, headers, client, directory):
    assert client.post(url, ANSWERS, headers=headers).status_code == 403


@pytest.mark.parametrize(
    "answers",
    [
        {},
        {"place": "00000"},
        {"place": "%00\x00"},
        {"place": "62701", "miles": "1e308"},
        {"place": "62701", "days": [str(day) for day in range(900)]},
        {"place": "62701", "travel": "x" * 65_536},
        {"place": "NaN,1e308"},
    ],
)
def test_wrong_answers_are_said_on_the_page(answers, client, directory):
    answer = client.post(QUICK, answers)

    assert answer.status_code == 400
    assert "Please look at this again" in answer.content.decode()


def test_ten_thousand_answers_are_refused_with_a_plain_page(client, directory):
    answer = client.post(QUICK, {"place": "62701", "days": ["1"] * 10_000})

    assert answer.status_code == 400
    assert "<main" in answer.content.decode()


def test_answers_can_be_changed_with_all_of_them_kept(client, directory):
    shown = client.post(QUICK, ANSWERS)
    again = client.post(QUICK, dict(shown.context["answers"]) | {"change": "1"})

    assert dict(shown.context["answers"]) == ANSWERS
    assert again.status_code == 200
    assert 'value="62701"' in again.content.decode()
    assert '<option value="buprenorphine" selected>' in again.content.decode()


def test_nowhere_near_still_gives_meetings_to_join_from_home(client, directory):
    answer = client.post(QUICK, ANSWERS | {"place": "39.80,-105.00"})

    assert {card.name for card in answer.context["three"]} == {"Blue Kettle", "Copper Bell"}
    assert "There is no group nearby" in answer.content.decode()


# --- Paper ----------------------------------------------------------------------------


def test_paper_is_discreet_by_default(client, directory):
    paper = client.post(
        PAPER, {"meetings": [directory["near"].pk], "medication": "buprenorphine"}
    ).content.decode()

    sheet = paper[paper.index('<article class="handout"') :]
    sheet = sheet[: sheet.index("</article>")]
    assert "Every Tuesday, 7:00 PM" in sheet
    assert "Walnut Evening" in sheet
    for word in ("NA ", "Narcotics", "uprenorphine", "asked", "ccepting", "program"):
        assert word not in sheet


def test_paper_keeps_the_order_and_passes_over_what_is_not_listed(client, directory):
    later, near = directory["later"].pk, directory["near"].pk

    paper = client.post(PAPER, {"meetings": [later, "x", "9" * 400, 10**17, near, near]})

    assert [line.meeting_id for line in paper.context["handout"].lines] == [later, near]


@pytest.mark.parametrize("posted", [{}, {"meetings": ["999999"]}, {"meetings": ["-1"]}])
def test_paper_without_a_meeting_leads_back_to_the_questions(posted, client, directory):
    answer = client.post(PAPER, posted)

    assert (answer.status_code, answer["Location"]) == (302, QUICK)


def test_paper_in_full_says_what_is_known(client, directory):
    posted = {"meetings": [directory["phone"].pk], "medication": "methadone", "version": "full"}

    paper = client.post(PAPER, posted)

    line = paper.context["handout"].lines[0]
    assert line.program == "Medication-Assisted Recovery Anonymous"
    assert line.acceptance == "Methadone: Made for people on medication"


def test_paper_takes_a_shorter_name(client, directory):
    pk = directory["near"].pk
    posted = {"meetings": [pk], "version": "discreet", f"name_{pk}": "Book club"}

    assert client.post(PAPER, posted).context["handout"].lines[0].name == "Book club"


def test_opening_the_paper_by_address_leads_to_the_questions(client, directory):
    assert client.get(PAPER)["Location"] == QUICK


def test_zone_that_is_none_is_passed_over(client, directory):
    posted = {"meetings": [directory["online"].pk], "zone": "Mars/Olympus\x00"}

    assert "Central time" in client.post(PAPER, posted).context["handout"].lines[0].when
