"""Pages of figures: who sees which numbers, the chart with its table, and the file."""

import csv
import io

import pytest
from django.urls import reverse

from referrals.models import AuditEvent, Kind, State
from referrals.tenancy import organization
from referrals.views import figures
from tests.factories import make_group, make_program
from tests.referrals.conftest import make_patient
from tests.referrals.reports.conftest import make_referral, spring

__all__ = ["spring"]


def address(clinic, name="report", *more):
    return reverse(f"referrals:{name}", args=[clinic.pk, *more])


@pytest.fixture
def autumn(clinic, clinician, patient, now):
    """One referral of today, to a group that the person already went to."""
    with organization(clinic.pk):
        group = make_group(name="Quiet Harbor")
        return make_referral(
            patient, group, by=clinician, at=now, medication="methadone", came=[(State.ATTENDED, 0)]
        )


@pytest.mark.parametrize("who", ["clinician", "colleague", "peer", "administrator", "superuser"])
def test_report_is_for_members_and_who_keeps_the_site_running(spring, client, request, who):
    client.force_login(request.getfixturevalue(who))

    answer = client.get(address(spring))

    assert answer.status_code == 200
    assert "40 people were referred" in answer.content.decode()


@pytest.mark.parametrize(
    ("who", "status"), [("stranger", 404), ("strange_administrator", 404), ("curator", 403)]
)
def test_report_is_for_nobody_else(spring, client, request, who, status):
    client.force_login(request.getfixturevalue(who))

    for url in (address(spring), address(spring, "report-file", "2026-q2")):
        assert client.get(url).status_code == status


def test_chart_says_what_the_table_says(spring, client, administrator):
    client.force_login(administrator)

    body = client.get(address(spring)).content.decode()

    assert "12-step: 18" in body
    assert body.count("<svg") == body.count("<table")
    assert "style=" not in body.partition("<main")[2]


def test_parts_of_which_nothing_may_be_told_say_so_in_a_sentence(
    clinic, client, clinician, administrator, now
):
    groups = [make_group(program=make_program(model=model)) for model in ("smart", "secular")]
    with organization(clinic.pk):
        for number in range(12):
            patient = make_patient(clinic, clinician, label=f"few {number}")
            make_referral(patient, groups[number % 2], by=clinician)
    client.force_login(administrator)

    body = client.get(address(clinic)).content.decode()

    assert "12 people were referred" in body
    assert body.count("Too few people stand behind these numbers") == 1
    assert "SMART" not in body


@pytest.mark.parametrize("code", ["2026-q4", "2026-q5", "soon"])
def test_quarter_that_cannot_be_told_is_not_there(spring, client, administrator, code):
    client.force_login(administrator)

    for name in ("report-quarter", "report-file"):
        assert client.get(address(spring, name, code)).status_code == 404


def test_without_a_whole_quarter_the_page_says_when_there_will_be_one(
    autumn, clinic, client, administrator
):
    client.force_login(administrator)

    body = client.get(address(clinic)).content.decode()

    assert "No quarter can be told yet" in body


def test_file_is_the_report_in_stable_codes(spring, client, administrator):
    client.force_login(administrator)

    answer = client.get(address(spring, "report-file", "2026-q2"))

    assert answer["Content-Type"].startswith("text/csv")
    assert answer["Content-Disposition"] == 'attachment; filename="figures-2026-q2.csv"'
    rows = list(csv.reader(io.StringIO(answer.content.decode())))
    assert rows[1] == ["2026-q2", "all", "all", "All referrals", "40", "15", "15", "0"]
    assert ["2026-q2", "medication", "methadone", "methadone"] + ["hidden"] * 4 in rows
    assert {len(row) for row in rows} == {8}
    assert not [cell for row in rows[1:] for cell in row[4:] if cell in map(str, range(1, 11))]


def test_own_figures_are_exact_and_of_own_patients(autumn, client, clinician, colleague):
    client.force_login(clinician)
    mine = client.get(reverse("referrals:figures")).content.decode()
    client.force_login(colleague)
    theirs = client.get(reverse("referrals:figures")).content.decode()

    assert "1 person was referred" in mine
    assert "methadone: 1 (1 went)" in mine
    assert "0 people were referred" in theirs


def test_who_runs_the_organization_counts_groups_and_no_medication(autumn, client, administrator):
    client.force_login(administrator)

    body = client.get(reverse("referrals:figures")).content.decode()

    assert "12-step: 1 (1 went)" in body
    assert "methadone" not in body


def test_figures_name_no_patient(autumn, client, clinician):
    client.force_login(clinician)

    body = client.get(reverse("referrals:figures")).content.decode()

    assert "ZQ7" not in body
    assert str(autumn.pk) not in body


def test_earlier_quarter_of_own_figures(spring, client, clinician):
    client.force_login(clinician)

    body = client.get(reverse("referrals:figures-quarter", args=["2026-q2"])).content.decode()

    assert "40 people were referred" in body
    assert "buprenorphine: 6" in body


def test_reading_figures_is_recorded(autumn, clinic, client, clinician):
    client.force_login(clinician)

    client.get(reverse("referrals:figures"))

    with organization(clinic.pk):
        event = AuditEvent.objects.get(kind=Kind.FIGURES_READ)
    assert (event.actor_id, event.target_id) == (clinician.pk, "2026-q4")


@pytest.mark.parametrize("name", ["figures", "report"])
def test_pages_take_the_same_queries_however_many_referrals(
    spring, client, clinician, name, django_assert_max_num_queries
):
    client.force_login(clinician)
    urls = {
        "figures": reverse("referrals:figures-quarter", args=["2026-q2"]),
        "report": address(spring),
    }

    # Transactions and the record are most of it; one for each referral would be over 40 more.
    with django_assert_max_num_queries(45):
        client.get(urls[name])


def test_long_words_of_a_chart_are_broken_into_lines(db):
    label = "a very long kind of group that no small phone could show on one line"

    chart = figures.bar_chart([(label, 22, 11), ("hidden", None, 0)])

    first, second = chart.bars
    assert [len(line) <= figures.LETTERS for _y, line in first.words] == [True, True]
    assert (first.length, first.dark, second.length) == (320, 160, 0)
    assert second.top > first.top
    assert chart.words.endswith("hidden: not told")
