"""Tables come in through the command like any feed: tried dry first, then once, then quietly."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from finder.models import Meeting, Source
from tests.factories import make_program

pytestmark = pytest.mark.django_db
SAMPLES = "tests/data/feeds"


@pytest.fixture(autouse=True)
def program():
    return make_program(slug="aa")


def run(path, **options):
    out = io.StringIO()
    call_command("import_feed", str(path), source="town", program="aa", stdout=out, **options)
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "read", "created", "rejected"), [("tsml_csv", 5, 3, 2), ("table", 4, 4, 0)]
)
@pytest.mark.parametrize("format_", ["auto", "named"])
def test_table_is_tried_imported_and_found_unchanged(name, read, created, rejected, format_):
    options = {"json": True, "timezone": "America/Chicago"}
    options |= {"format": name} if format_ == "named" else {}
    path = f"{SAMPLES}/{name}/springfield.csv"

    tried = json.loads(run(path, dry_run=True, **options))
    assert Meeting.objects.count() == 0
    first = json.loads(run(path, **options))
    assert first == tried
    assert (first["read"], first["created"], first["rejected"]) == (read, created, rejected)
    assert json.loads(run(path, **options))["unchanged"] == created
    assert Source.objects.get().format == name


def test_dry_run_tells_faults_by_row_and_column():
    said = run(f"{SAMPLES}/table/springfield.csv", dry_run=True, timezone="America/Chicago")

    assert "row 3, start: The time could not be read." in said
    assert "row 4, day: Write days by name: a number may mean either of two days." in said


def test_file_of_other_columns_is_refused(tmp_path):
    path = tmp_path / "free.csv"
    path.write_text("Name,Day,Time,Video\nOne,Monday,5:00 pm,https://example.org\n")

    with pytest.raises(CommandError, match="no row of column names") as refused:
        run(path)
    assert refused.value.returncode == 1
