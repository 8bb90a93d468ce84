"""The command that writes the directory: what it prints, where, and how it refuses."""

import io
import json

import pytest
from django.core.management import CommandError, call_command

from finder.search import index
from tests.factories import make_group, make_meeting, make_program

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def listed():
    make_meeting(name="Évening", group=make_group(program=make_program(slug="aa")))
    make_meeting(name="Noon", group=make_group(program=make_program(slug="na")))
    index.rebuild()


def run(**options):
    """Run the command; give its exit code and what it printed."""
    out = io.StringIO()
    try:
        call_command("export_feed", stdout=out, **options)
    except CommandError as error:
        return error.returncode, str(error)
    return 0, out.getvalue()


def test_feed_is_printed():
    code, out = run(format="meeting_guide")

    assert (code, [row["name"] for row in json.loads(out)]) == (0, ["Évening", "Noon"])


def test_one_program_is_written_to_a_file(tmp_path):
    path = tmp_path / "na.csv"

    assert run(format="csv", program="na", output=str(path), site="https://finder.example.org") == (
        0,
        "",
    )
    text = path.read_text(encoding="utf-8-sig")
    assert "Noon" in text and "Évening" not in text and "https://finder.example.org/meet" in text
    assert [each.name for each in tmp_path.iterdir()] == ["na.csv"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"format": "hsds"}, "HSDS is not written by this version."),
        ({"format": "xlsx"}, "A workbook is no text: name a file with --output."),
        ({"format": "xml"}, "--format xml is not known. Known are: meeting_guide, csv"),
        ({"format": "csv", "program": "zz"}, "There is no program zz."),
        ({"format": "csv", "site": "example"}, "--site is an address"),
    ],
)
def test_wrong_usage_exits_two_with_a_sentence(options, sentence):
    code, said = run(**options)

    assert code == 2 and said.startswith(sentence)


@pytest.mark.parametrize("name", ["missing/feed.json", "."])
def test_file_that_cannot_be_written_exits_one_and_leaves_nothing(tmp_path, name):
    code, said = run(format="ical", output=str(tmp_path / name))

    assert code == 1 and "cannot be written" in said
    assert list(tmp_path.iterdir()) == []
