"""Environment readers refuse nonsense and name the variable."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from finder import env


@pytest.mark.parametrize(
    ("text", "value"), [("1", True), ("Yes", True), ("off", False), ("", False)]
)
def test_bool_reads_plain_words(monkeypatch, text, value):
    monkeypatch.setenv("MHG_TEST", text)

    assert env.env_bool("MHG_TEST") is value


@pytest.mark.parametrize("reader", [env.env_bool, lambda name: env.env_int(name, 5)])
def test_nonsense_names_the_variable(monkeypatch, reader):
    monkeypatch.setenv("MHG_TEST", "perhaps")

    with pytest.raises(ImproperlyConfigured, match="MHG_TEST"):
        reader("MHG_TEST")


def test_secret_comes_from_a_file(monkeypatch, tmp_path):
    (tmp_path / "secret").write_text("from the file\n", encoding="utf-8")
    monkeypatch.setenv("MHG_TEST_FILE", str(tmp_path / "secret"))

    assert env.env_secret("MHG_TEST") == "from the file"


def test_missing_secret_file_is_named(monkeypatch, tmp_path):
    monkeypatch.setenv("MHG_TEST_FILE", str(tmp_path / "none"))

    with pytest.raises(ImproperlyConfigured, match="MHG_TEST_FILE"):
        env.env_secret("MHG_TEST")


def test_database_reads_a_socket_folder():
    read = env.database("postgresql://mhg_app@/mhg?host=/run/pg&port=5433", name="DATABASE_URL")

    assert (read["NAME"], read["USER"]) == ("mhg", "mhg_app")
    assert (read["HOST"], read["PORT"]) == ("/run/pg", "5433")


@pytest.mark.parametrize("url", ["sqlite:///x.db", "postgresql://localhost", "nonsense"])
def test_other_databases_are_refused(url):
    with pytest.raises(ImproperlyConfigured, match="DATABASE_URL"):
        env.database(url, name="DATABASE_URL")


@pytest.mark.parametrize(
    ("template", "origin"),
    [
        ("https://example.org/{z}/{x}/{y}.png", "https://example.org"),
        ("https://{s}.example.org:8443/{z}/{x}/{y}.png?key=1", "https://*.example.org:8443"),
    ],
)
def test_origin_of_tiles_is_read_from_their_address(template, origin):
    assert env.origin_of(template, name="MAP_TILES_URL") == origin


@pytest.mark.parametrize("template", ["http://example.org/{z}", "https://example.org/", "{z}"])
def test_tiles_without_a_safe_address_are_refused(template):
    with pytest.raises(ImproperlyConfigured, match="MAP_TILES_URL"):
        env.origin_of(template, name="MAP_TILES_URL")
