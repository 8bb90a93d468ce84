"""No route stands outside the table: each is under one of its lines, or has a reason."""

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

from django.contrib import admin
from django.urls import get_resolver

from referrals.models import Patient
from tests.referrals.matrix.cells import lines

FILE = Path(__file__).parents[2] / "data" / "routes.toml"


def routes(resolver=None, space=""):
    """Give the name of every route, with the names before it."""
    for found in (resolver or get_resolver()).url_patterns:
        if hasattr(found, "url_patterns"):
            yield from routes(found, space + (f"{found.namespace}:" if found.namespace else ""))
        else:
            yield f"{space}{found.name}"


def told():
    """Give what the file says: a pattern of names, and the line or the reason it stands under."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    outside = document.pop("outside")
    under = {name: line for line, entry in document.items() for name in entry["routes"]}
    return under, {name: reason for reason, entry in outside.items() for name in entry["routes"]}


def homeless(names):
    under, outside = told()
    patterns = [*under, *outside]
    return sorted(n for n in names if not any(fnmatchcase(n, p) for p in patterns))


def test_every_route_stands_under_a_line_or_has_a_reason():
    assert homeless(set(routes())) == []


def test_new_route_without_a_line_is_noticed():
    assert homeless({"referrals:patient-copy"}) == ["referrals:patient-copy"]


def test_file_names_lines_of_the_table():
    under, outside = told()
    names = set(routes())
    unused = [p for p in [*under, *outside] if not any(fnmatchcase(n, p) for n in names)]

    assert unused == []
    assert set(under.values()) <= {str(line) for line in lines()}
    assert len(set(outside.values())) <= 10


def test_no_model_of_the_clinics_side_is_on_the_desk():
    apps = {model._meta.app_label for model in admin.site._registry}

    assert Patient._meta.app_label not in apps
