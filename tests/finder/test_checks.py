"""Unsafe mixes of settings are refused at start-up."""

import pytest
from django.test import Client

from finder import checks


def ids(problems):
    return [problem.id for problem in problems]


def test_demo_on_this_machine_is_allowed(settings):
    settings.DEMO, settings.ALLOWED_HOSTS = True, ["localhost", "127.0.0.1"]

    assert checks.demo_stays_on_this_machine(None) == []


def test_demo_under_another_name_is_refused(settings):
    settings.DEMO, settings.ALLOWED_HOSTS = True, ["localhost", "finder.example.org"]

    assert ids(checks.demo_stays_on_this_machine(None)) == ["finder.E001"]


def test_production_without_keys_is_refused(settings):
    settings.DEMO = settings.DEBUG = False
    settings.PHI_KEYS = settings.PHI_INDEX_KEY = settings.REPORTER_KEY = ""
    settings.AUDIT_KEY = settings.BACKUP_KEY = ""

    assert ids(checks.production_has_its_own_keys(None)) == ["finder.E003"] * 5


def test_short_retention_is_refused(settings):
    settings.RECORD_YEARS = 5

    assert ids(checks.records_are_kept_long_enough(None)) == ["finder.E006"]


def test_serving_as_superuser_is_refused(settings):
    settings.LOCAL = False
    settings.DATABASES["default"] = settings.DATABASES["default"] | {"USER": "postgres"}

    assert ids(checks.the_owner_is_not_the_server_role(None)) == ["finder.E004"]


def test_plain_http_origin_is_refused(settings):
    settings.LOCAL, settings.CSRF_TRUSTED_ORIGINS = False, ["http://finder.example.org"]

    assert ids(checks.feeds_and_links_use_https(None)) == ["finder.E005"]


@pytest.mark.parametrize(("address", "status"), [("10.0.0.7", 403), ("127.0.0.1", 404)])
def test_demo_answers_only_its_own_machine(settings, address, status):
    settings.DEMO = True

    response = Client(REMOTE_ADDR=address).get("/no-such-static-page.txt")

    assert response.status_code == status
