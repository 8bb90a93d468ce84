"""What pages of the desk share: groups told apart, the demo's line, no script within a page."""

import re

import pytest
from django.urls import reverse

from tests.factories import (
    make_evidence,
    make_group,
    make_meeting,
    make_place,
    make_program,
    make_user,
)

pytestmark = pytest.mark.django_db
ONE = {"app_label": "finder", "model_name": "evidence", "field_name": "group"}


@pytest.fixture
def desk(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


def picked(desk, term):
    answer = desk.get(reverse("admin:autocomplete"), ONE | {"term": term}).json()
    return [row["text"] for row in answer["results"]]


def test_groups_of_one_name_are_told_apart_by_program_and_city(desk):
    na = make_program(slug="na", name="Narcotics Anonymous", short_name="NA")
    for program, city in ((na, "Springfield"), (na, "Peoria"), (make_program(name="Other"), "")):
        place = make_place(city=city, state="IL") if city else None
        make_meeting(group=make_group(program=program, name="Hope"), place=place)

    assert sorted(picked(desk, "hope")) == [
        "Hope · NA · Peoria, IL",
        "Hope · NA · Springfield, IL",
        "Hope · Other",
    ]


def test_picking_asks_the_same_number_of_questions_for_any_number(desk, django_assert_num_queries):
    def count():
        with django_assert_num_queries(6):
            picked(desk, "hope")

    make_meeting(group=make_group(name="Hope"))
    count()
    for _turn in range(5):
        make_meeting(group=make_group(name="Hope"))
    count()


def test_demonstration_is_said_on_every_page_of_the_desk(desk, settings):
    row = make_evidence()
    pages = [
        reverse("admin:index"),
        reverse("admin:finder_group_changelist"),
        reverse("admin:finder_evidence_change", args=[row.pk]),
        reverse("admin:finder_inquiry_plan"),
    ]
    for is_demo in (True, False):
        settings.DEMO = is_demo
        for page in pages:
            assert ("Demonstration data:" in desk.get(page).content.decode()) is is_demo, page


@pytest.mark.parametrize("page", ["export", "import"])
def test_pages_of_spreadsheets_need_no_script_within_the_page(desk, page):
    text = desk.get(reverse(f"admin:finder_meeting_{page}")).content.decode()

    assert not re.search(r"<[^>]+ on[a-z]+=", text)
    assert not re.search(r"<script(?![^>]*(src=|type=.application/json))", text)
