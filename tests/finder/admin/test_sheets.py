"""Spreadsheets of listings: out without formulas, in after a look, each change a correction."""

import csv
import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from openpyxl import load_workbook

from finder.admin import sheets
from finder.models import FieldLock, Listing, Meeting
from finder.search import index
from tests.factories import make_group, make_meeting, make_source, make_user

pytestmark = pytest.mark.django_db

CSV, XLSX = "0", "1"


@pytest.fixture
def desk(client):
    client.force_login(make_user(is_staff=True, is_superuser=True))
    return client


@pytest.fixture
def meeting():
    meeting = make_meeting(
        group=make_group(name="=HYPERLINK(1)"),
        source=make_source(),
        source_key="9",
        notes="-2+3",
        name="Noon",
    )
    index.rebuild()
    return meeting


def export(desk, format_, model="meeting"):
    url = reverse(f"admin:finder_{model}_export")
    form = desk.get(url).context["form"]
    fields = {name: "on" for name in form.fields if name.startswith(f"{model}resource_")}
    return desk.post(url, {"format": format_, "resource": "0", **fields})


def rows_of(response):
    return list(csv.DictReader(io.StringIO(response.content.decode())))


def bring(desk, rows, model="meeting"):
    """Upload a sheet and look; then confirm if nothing was wrong."""
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    url = reverse(f"admin:finder_{model}_import")
    file = SimpleUploadedFile("sheet.csv", text.getvalue().encode(), "text/csv")
    looked = desk.post(url, {"format": CSV, "resource": "0", "import_file": file})
    assert looked.status_code == 200
    return looked


def confirm(desk, looked, model="meeting"):
    form = looked.context["confirm_form"]
    return desk.post(reverse(f"admin:finder_{model}_process_import"), form.initial)


def test_sheet_holds_no_formula(desk, meeting):
    (row,) = rows_of(export(desk, CSV))

    assert (row["group"], row["notes"], row["name"]) == ("'=HYPERLINK(1)", "'-2+3", "Noon")


def test_workbook_holds_no_formula(desk, meeting):
    book = load_workbook(io.BytesIO(export(desk, XLSX).content))

    cells = [cell for line in book.active.iter_rows() for cell in line]
    assert "'=HYPERLINK(1)" in [cell.value for cell in cells]
    assert "f" not in {cell.data_type for cell in cells}


@pytest.mark.parametrize("model", ["meeting", "group", "place"])
def test_sheet_that_comes_back_unchanged_changes_nothing(desk, meeting, model):
    rows = rows_of(export(desk, CSV, model))

    looked = bring(desk, rows, model)

    assert looked.context["result"].totals["skip"] == len(rows) == 1
    confirm(desk, looked, model)
    assert not FieldLock.objects.exists()


def test_look_shows_the_difference_and_changes_nothing(desk, meeting):
    (row,) = rows_of(export(desk, CSV))

    looked = bring(desk, [row | {"name": "Evening", "start": "18:30:00"}])

    assert "Evening" in looked.content.decode()
    assert Meeting.objects.get().name == "Noon"
    assert not FieldLock.objects.exists()


def test_confirmed_change_is_a_correction_and_searchable(desk, meeting):
    (row,) = rows_of(export(desk, CSV))

    confirm(desk, bring(desk, [row | {"name": "'=Evening", "group": "Other"}]))

    meeting.refresh_from_db()
    assert (meeting.name, meeting.notes) == ("=Evening", "-2+3")
    assert meeting.group.name == "=HYPERLINK(1)"
    assert set(FieldLock.objects.values_list("field", flat=True)) == {"name"}
    assert Listing.objects.get().document["name"] == "=Evening"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"id": "99999"}, "No listing has this number"),
        ({"id": ""}, "No listing has this number"),
        ({"weekday": "someday"}, "weekday"),
        ({"format": "carrier pigeon"}, "format"),
        ({"name": ""}, "name"),
    ],
)
def test_row_with_a_mistake_is_told_and_nothing_is_changed(desk, meeting, fields, words):
    (row,) = rows_of(export(desk, CSV))

    looked = bring(desk, [row | {"name": "Evening"} | fields])

    assert words in looked.content.decode()
    assert "confirm_form" not in looked.context or not looked.context["confirm_form"]
    assert Meeting.objects.get().name == "Noon"


def test_sheet_without_numbers_is_refused(desk, meeting):
    looked = bring(desk, [{"name": "Evening"}])

    assert "one of them is id" in looked.content.decode()


def test_sheet_that_is_too_large_is_refused_before_it_is_read(desk, meeting, monkeypatch):
    monkeypatch.setattr(sheets, "MOST_BYTES", 10)
    (row,) = rows_of(export(desk, CSV))

    assert "part the sheet" in bring(desk, [row]).content.decode()


def test_no_sheet_says_anything_of_acceptance_or_credentials(desk, meeting):
    for model in ("meeting", "group", "place"):
        (row,) = rows_of(export(desk, CSV, model))
        assert not {"join_password", "join_url_secret", "phone_code"} & set(row)
        assert not [name for name in row if "tier" in name or "label" in name]


def test_who_may_not_correct_may_not_import(client):
    client.force_login(make_user(is_staff=True))

    assert client.get(reverse("admin:finder_meeting_import")).status_code == 403
    assert client.get(reverse("admin:finder_meeting_export")).status_code == 403
