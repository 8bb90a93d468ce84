"""The repository agrees with itself: documents, settings, migrations, classes of data, files."""

import ast
import hashlib
import json
import re
import tomllib
from io import StringIO
from pathlib import Path

import pytest
import yaml
from django.apps import apps
from django.core.management import call_command

from finder import localdb

ROOT = Path(__file__).resolve().parent.parent
TEMPLATES = sorted((ROOT / "templates").rglob("*.html"))
READERS = {"env_str", "env_bool", "env_int", "env_list", "env_secret"}


def text_of(name):
    return (ROOT / name).read_text(encoding="utf-8")


# --- Settings -------------------------------------------------------------------------


def settings_read():
    """Give every variable that settings.py reads."""
    calls = [node for node in ast.walk(ast.parse(text_of("finder/settings.py")))]
    return sorted(
        {
            node.args[0].value
            for node in calls
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in READERS
        }
    )


def test_settings_are_found():
    assert {"SECRET_KEY", "DATABASE_URL", "DEMO"} <= set(settings_read())


@pytest.mark.parametrize("name", settings_read())
def test_setting_is_documented(name):
    assert f"`{name}`" in text_of("README.md")
    assert re.search(rf"^{name}=", text_of(".env.example"), re.MULTILINE)


def test_environment_is_read_in_one_place():
    readers = [
        path.relative_to(ROOT).as_posix()
        for app in ("finder", "referrals")
        for path in (ROOT / app).rglob("*.py")
        if re.search(r"os\.(environ\b(?!\.setdefault)|getenv)", path.read_text(encoding="utf-8"))
    ]

    # The last two run before Django is there.
    assert sorted(readers) == ["finder/env.py", "finder/localdb.py", "finder/roles.py"]


# --- Packages and containers ----------------------------------------------------------


def test_constraints_name_no_address():
    lines = text_of("constraints.txt").splitlines()

    assert not [line for line in lines if "://" in line or "@" in line or line.startswith("-")]
    assert all(re.match(r"[a-z0-9._-]+==\S+( ; .+)?$", line) for line in lines)


def test_every_dependency_is_pinned_and_explained():
    project = tomllib.loads(text_of("pyproject.toml"))["project"]
    wanted = [*project["dependencies"], *sum(project["optional-dependencies"].values(), [])]
    pinned = {line.split("==")[0] for line in text_of("constraints.txt").splitlines()}
    lines = [line.strip() for line in text_of("pyproject.toml").splitlines()]
    bare = [
        n for n in project["dependencies"] if not lines[lines.index(f'"{n}",') - 1].startswith("#")
    ]

    assert {re.split(r"[\[~>=]", name)[0] for name in wanted} <= pinned
    assert bare == []


def test_psycopg_3_is_not_among_the_packages():
    assert not re.search(r"^psycopg(-binary|-c|-pool)?==", text_of("constraints.txt"), re.MULTILINE)


def test_compose_file_has_the_site_and_its_database():
    services = yaml.safe_load(text_of("docker-compose.yml"))["services"]

    assert {"web", "db"} <= set(services)
    assert services["db"]["image"].startswith("postgres:")
    assert "mhg_app" in services["web"]["environment"]["DATABASE_URL"]
    assert "DATABASE_OWNER_URL" not in services["web"]["environment"]


def test_compose_file_starts_the_server_that_is_measured():
    command = yaml.safe_load(text_of("docker-compose.yml"))["services"]["db"]["command"]

    assert dict(re.findall(r"-c (\w+)=(\S+)", command)) == localdb.LARGE


def test_compose_file_names_nothing_twice():
    services = text_of("docker-compose.yml").split("\nservices:\n")[1]
    names = re.findall(r"^  ([a-z]+):$", services, re.MULTILINE)

    assert sorted(names) == sorted(set(names))


def test_compose_variables_are_documented():
    asked = set(re.findall(r"\$\{([A-Z_]+)[:}]", text_of("docker-compose.yml")))
    offered = set(re.findall(r"^([A-Z_]+)=", text_of(".env.example"), re.MULTILINE))

    assert asked
    assert asked <= offered


# --- Models and migrations ------------------------------------------------------------


def test_no_migration_is_missing(db):
    told = StringIO()

    call_command("makemigrations", "finder", "referrals", check=True, dry_run=True, stdout=told)

    assert "No changes" in told.getvalue()


def classes():
    return tomllib.loads(text_of("tests/privacy_classes.toml"))


def our_models():
    return [m for m in apps.get_models() if m._meta.app_label in {"finder", "referrals"}]


def is_history(model):
    return any(field.name == "pgh_id" for field in model._meta.get_fields())


def fields_of(model):
    return {field.name for field in model._meta.get_fields() if getattr(field, "concrete", False)}


@pytest.mark.parametrize(
    "model", [m for m in our_models() if not is_history(m)], ids=lambda m: m._meta.label
)
def test_every_field_has_one_privacy_class(model):
    told = classes()[model._meta.label]
    listed = [name for names in told.values() for name in names]

    assert set(told) <= {"sensitive", "personal", "public", "operational"}
    assert sorted(listed) == sorted(fields_of(model))


def test_classes_name_no_model_that_is_gone():
    assert set(classes()) == {m._meta.label for m in our_models() if not is_history(m)}


@pytest.mark.parametrize("model", [m for m in our_models() if is_history(m)], ids=str)
def test_history_holds_nothing_sensitive(model):
    base = classes()[model._meta.label.removesuffix("Event")]

    assert not fields_of(model) & set(base.get("sensitive", []))


def test_listings_hold_only_what_is_public():
    assert set(classes()["finder.Listing"]) == {"public"}


# --- Templates and vendored files -----------------------------------------------------

INLINE = [
    (re.compile(r"<script(?![^>]*\bsrc=)(?![^>]*type=\"application/json\")", re.I), "a script"),
    (re.compile(r"<style\b", re.I), "a style sheet"),
    (re.compile(r"\sstyle\s*=", re.I), "a style attribute"),
    (re.compile(r"\son[a-z]+\s*=\s*[\"']", re.I), "a handler"),
    (re.compile(r"(?:src|href)\s*=\s*[\"']javascript:", re.I), "a script address"),
]
# Words we do not use of people, groups or medicines; proper names are taken out first.
WORDS = re.compile(
    r"\b(addict(?:s|ed)?|abus(?:e|er|ers|ing)|junkies?|clean|dirty|relaps(?:e|es|ed|ing)|MAT"
    r"|hostile|substitution|enabl(?:er|ers|ing)|drug of choice|hitting bottom|fellowships?"
    r"|non-?compliant|required)\b"
)
PROPER = [
    *["Narcotics Anonymous", "Heroin Anonymous", "Nicotine Anonymous"],
    *["Substance Abuse and Mental Health Services Administration"],
]
CODE = re.compile(r"{#.*?#}|{%\s*comment.*?endcomment\s*%}|{{.*?}}|<!--.*?-->", re.DOTALL)
SHOWS_WORDS = r"\s*(?:trans|translate|blocktrans|blocktranslate)\b"
STEP = re.compile(r"{%.*?%}", re.DOTALL)
TAG = re.compile(rf"<[^>]*>|{{%(?!{SHOWS_WORDS}).*?%}}", re.DOTALL)


def words_shown(text):
    """Give what a reader of a template can see."""
    text = TAG.sub(" ", CODE.sub(" ", text))
    for name in PROPER:
        text = text.replace(name, "")
    return text


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_has_no_inline_script_or_style(path):
    text = STEP.sub(" ", CODE.sub(" ", path.read_text(encoding="utf-8")))

    assert [what for pattern, what in INLINE if pattern.search(text)] == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_speaks_of_people_first(path):
    assert WORDS.findall(words_shown(path.read_text(encoding="utf-8"))) == []


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: path.name)
def test_template_is_short(path):
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 150


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("<p>former addict</p>", ["addict"]),
        ('{% trans "Stay clean" %}', ["clean"]),
        ('{%trans "dirty"%}{% include "x" with style="clean" %}', ["dirty"]),
        ("<input required> {{ form.required }}", []),
        ("Heroin Anonymous {# not clean #}", []),
    ],
)
def test_reader_of_words_sees_what_people_see(text, found):
    assert WORDS.findall(words_shown(text)) == found


@pytest.mark.parametrize(
    "text", ["<script>x</script>", '<p style="x">', '<a onclick="x">', "<a href='javascript:x'>"]
)
def test_reader_of_inline_code_sees_it(text):
    assert any(pattern.search(text) for pattern, _what in INLINE)


def vendored():
    return json.loads(text_of("static/vendor/VENDOR.json"))


@pytest.mark.parametrize("package", vendored(), ids=lambda package: package["name"])
def test_vendored_files_are_what_was_fetched(package):
    folder = ROOT / "static" / "vendor" / package["folder"]
    there = {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }

    assert package["version"]
    assert package["licence"]
    assert there == package["files"]
