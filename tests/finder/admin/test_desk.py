"""The curators' desk: every page opens, evidence goes in answer by answer, nothing is deleted."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse

from finder.models import Assessment, Evidence, FieldLock, ImportProblem, ImportRun, Listing
from finder.search import index
from tests.factories import (
    make_evidence,
    make_group,
    make_meeting,
    make_place,
    make_source,
    make_user,
)

pytestmark = pytest.mark.django_db

ADD = reverse("admin:finder_evidence_add")
LIST = reverse("admin:finder_evidence_changelist")


@pytest.fixture
def curator():
    user = make_user(is_staff=True)
    user.user_permissions.set(Permission.objects.filter(content_type__app_label="finder"))
    return user


@pytest.fixture
def desk(client, curator):
    client.force_login(curator)
    return client


def call_form(group, /, **fields):
    told = {
        "group": group.pk,
        "kind": "clinician_call",
        "on": "2026-10-01",
        "target": "methadone",
        "attend": "yes",
        "speak": "yes",
        "no_pressure": "yes",
    }
    return told | fields


def errors(response):
    form = response.context["adminform"].form
    return {name: list(lines) for name, lines in form.errors.items()}


def test_evidence_entered_answer_by_answer_is_recorded_and_read(desk, curator):
    group = make_group()

    response = desk.post(ADD, call_form(group))

    assert response.status_code == 302
    row = Evidence.objects.get()
    assert (row.attend, row.service, row.reviewed_by) == ("yes", "", curator)
    assert Assessment.objects.get(group=group, medication="methadone").basis == "group"


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"attend": "", "speak": "", "no_pressure": ""}, "__all__"),
        ({"kind": "peer_visit"}, "disclosed"),
        ({"no_pressure": "no"}, "pressure_from"),
        ({"on": "2999-01-01"}, "on"),
        ({"on": "soon"}, "on"),
        ({"kind": "group_statement"}, "source_note"),
        ({"is_affirming_statement": "on"}, "is_affirming_statement"),
        ({"kind": "patient_report"}, "kind"),
        ({"group": ""}, "group"),
    ],
)
def test_evidence_against_the_method_is_refused_with_a_sentence(desk, fields, field):
    response = desk.post(ADD, call_form(make_group(), **fields))

    assert response.status_code == 200
    assert list(errors(response)) == [field]
    assert not Evidence.objects.exists()


def test_evidence_on_a_merged_group_is_refused(desk):
    merged = make_group(merged_into=make_group())

    assert "group" in errors(desk.post(ADD, call_form(merged)))


def test_evidence_once_entered_is_only_shown(desk):
    row = make_evidence()
    address = reverse("admin:finder_evidence_change", args=[row.pk])

    assert desk.get(address).status_code == 200
    desk.post(address, call_form(row.group, attend="no"))
    row.refresh_from_db()
    assert row.attend == "yes"
    row.refresh_from_db()
    assert row.attend == "yes"


def act(desk, action, row, **fields):
    told = {"action": action, "_selected_action": [row.pk]} | fields
    return desk.post(LIST, told, follow=True).content.decode()


def test_review_and_reply_are_noted_from_the_list(desk, curator):
    row = make_evidence()

    assert "1 piece reviewed." in act(desk, "review", row)
    assert "1 piece noted." in act(desk, "ask_for_reply", row)

    row.refresh_from_db()
    assert row.second_reviewed_by == curator
    assert row.reply_asked_on is not None


def test_withdrawing_asks_for_a_reason(desk):
    row = make_evidence()

    assert "Say why" in act(desk, "withdraw", row)
    assert "1 piece withdrawn." in act(desk, "withdraw", row, reason="Wrong group")

    row.refresh_from_db()
    assert row.withdrawn_reason == "Wrong group"


def form_values(response):
    """What a browser would send back unchanged."""
    form = response.context["adminform"].form
    told = {name: form[name].value() for name in form.fields}
    told = {name: value for name, value in told.items() if value is not None and value is not False}
    for formset in response.context["inline_admin_formsets"]:
        for name, value in formset.formset.management_form.initial.items():
            told[f"{formset.formset.prefix}-{name}"] = value
    return told


def test_correction_of_a_meeting_is_searchable_and_locked(desk):
    meeting = make_meeting(source=make_source(), source_key="9")
    index.refresh([meeting.pk])
    address = reverse("admin:finder_meeting_change", args=[meeting.pk])
    told = form_values(desk.get(address))

    response = desk.post(address, told | {"name": "Porch light", "focus": ["women"]})

    assert response.status_code == 302, errors(response)
    assert Listing.objects.get(pk=meeting.pk).document["name"] == "Porch light"
    assert set(FieldLock.objects.values_list("field", flat=True)) == {"name", "focus"}


def test_tag_both_yes_and_no_is_refused(desk):
    group = make_group()
    address = reverse("admin:finder_group_change", args=[group.pk])
    told = form_values(desk.get(address))

    response = desk.post(address, told | {"focus": ["women"], "focus_no": ["women"]})

    assert errors(response)["focus"] == ["Both yes and no: women."]


def test_tag_of_an_older_version_survives_saving(desk):
    group = make_group(focus=["an-older-code"])
    address = reverse("admin:finder_group_change", args=[group.pk])
    told = form_values(desk.get(address))

    desk.post(address, told | {"name": "Porch"})

    group.refresh_from_db()
    assert (group.name, group.focus) == ("Porch", ["an-older-code"])


def make_run():
    when = datetime(2026, 11, 2, tzinfo=UTC)
    run = ImportRun.objects.create(
        source=make_source(),
        started_at=when,
        finished_at=when,
        status="applied",
        content_hash="0" * 64,
        format="bmlt",
    )
    ImportProblem.objects.create(run=run, row=3, code="no_time", message="The time is missing.")
    return run


def test_import_run_counts_its_problems_and_leads_to_them(desk):
    run = make_run()

    page = desk.get(reverse("admin:finder_importrun_change", args=[run.pk])).content.decode()
    problems = desk.get(
        reverse("admin:finder_importproblem_changelist"),
        {"run__id__exact": run.pk, "code": "no_time"},
    )

    assert "no_time</a>: 1" in page
    assert "The time is missing." in problems.content.decode()


@pytest.mark.parametrize(
    "model",
    [
        *("evidence", "program", "group", "meeting", "place"),
        *("source", "importrun", "importproblem", "user"),
    ],
)
def test_every_list_opens_and_asks_as_often_for_many_rows(
    desk, model, django_assert_max_num_queries
):
    def make_rows():
        make_run()
        make_meeting(source=make_source())
        make_evidence()

    address = reverse(f"admin:finder_{model}_changelist")
    make_rows()
    with django_assert_max_num_queries(30) as few:
        assert desk.get(address).status_code == 200
    make_rows()
    make_rows()

    with django_assert_max_num_queries(30) as many:
        desk.get(address)

    assert len(many) == len(few)


@pytest.mark.parametrize(
    "model", ["evidence", "program", "group", "meeting", "place", "privatecontact"]
)
def test_add_pages_open(desk, model):
    assert desk.get(reverse(f"admin:finder_{model}_add")).status_code == 200


def test_nothing_is_deleted_at_the_desk(desk):
    rows = {"group": make_group(), "place": make_place(), "evidence": make_evidence()}

    for model, row in rows.items():
        address = reverse(f"admin:finder_{model}_delete", args=[row.pk])
        assert desk.post(address, {"post": "yes"}).status_code == 403
        row.refresh_from_db()


def test_desk_sends_strangers_to_the_sites_own_sign_in(client):
    response = client.get(reverse("admin:login"))

    assert response.status_code == 302
    assert response.url.startswith(reverse("account_login"))


def test_desk_knows_no_patient(desk, curator):
    curator.is_superuser = True
    curator.save()

    page = desk.get(reverse("admin:index")).content.decode()

    assert "atient" not in page
    assert "Referral" not in page
