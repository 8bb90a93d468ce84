"""The harness of ``dev.py bench speed`` runs, and all that it compares give the same answers."""

from urllib.parse import quote

import pytest
from django.core.management import call_command
from django.db import connection

from benchmarks.speed import comparing, preparing, report
from benchmarks.speed.comparing import API, MEMORY, NAIVE, ORM, SQL
from benchmarks.speed.driving import Driven
from benchmarks.speed.figures import figures
from benchmarks.speed.preparing import Directory
from benchmarks.speed.report import Target
from benchmarks.speed.servers import SpeedError, command_for, deployed_command
from finder.models import Locality

MEETINGS = 200
SHAPES = ["near10_moud", "near25_moud", "near50_moud", "text3", "text_typo", "online_2h"]
SHAPES += ["spanish50", "knn20", "deep_page", "facets25", "bbox5k", "totals"]


def address():
    """Give the address of the test's own database."""
    of = connection.settings_dict
    user = quote(of["USER"]) + (f":{quote(of['PASSWORD'])}" if of["PASSWORD"] else "")
    host = of["HOST"] or "localhost"
    if host.startswith("/"):
        return f"postgresql://{user}@/{of['NAME']}?host={quote(host)}"
    return f"postgresql://{user}@{host}:{of['PORT'] or 5432}/{of['NAME']}"


@pytest.fixture
def directory(transactional_db):
    """Seed a small directory around one town, with the tables of what it is compared with."""
    Locality.objects.bulk_create(
        Locality(
            kind="zip",
            key=f"4540{number}",
            name=f"4540{number}",
            state="OH",
            lat=39.7 + number / 20,
            lng=-84.2 + number / 25,
            timezone="America/New_York",
        )
        for number in range(8)
    )
    call_command("seed", meetings=MEETINGS, seed=preparing.SEED, verbosity=0)
    prepared = Directory(MEETINGS, address(), address())
    preparing.lay_out(prepared)
    yield prepared
    with connection.cursor() as cursor:
        cursor.execute("DROP SCHEMA speed CASCADE")
        cursor.execute("SELECT tablename FROM pg_tables WHERE tablename LIKE 'naive\\_%'")
        for (table,) in cursor.fetchall():
            cursor.execute(f"DROP TABLE {table} CASCADE")


def test_all_that_is_compared_answers_alike(directory):
    only = (API, SQL, MEMORY, ORM, NAIVE)

    compared = comparing.compare(directory, seconds=0.05, sets=3, only=only)

    assert compared.shapes == SHAPES
    assert compared.notes == []
    assert compared.disagreements == {}
    assert set(compared.driven) == {(name, c) for name in only for c in (1, 16)}
    assert not any(of.failed for of in compared.driven.values())
    assert all(of.requests >= 1 for of in compared.driven.values())
    assert "API p95 : its own p50" in report.verdicts(list(report.targets(compared)), [])
    assert "near25_moud" in report.tables(compared)


def test_the_images_command_is_what_is_measured():
    name, *words = command_for("some.module:application", 4321)

    assert name.endswith(f"/{deployed_command()[0]}")
    assert "some.module:application" in words
    assert words[words.index("--host") + 1] == "127.0.0.1"
    assert words[words.index("--port") + 1] == "4321"
    assert not any("0.0.0.0" in word for word in words)


def test_shapes_weigh_alike_however_often_they_were_asked():
    driven = Driven([(0, 1.0, 10)] * 9 + [(1, 11.0, 10)], seconds=2.0)

    of = figures(driven, ["quick", "slow"])

    assert of.mean == 6.0
    assert of.per_second == 5.0
    assert (of.p50, of.p99) == (1.0, 11.0)
    assert of.shapes == {"quick": (1.0, 1.0), "slow": (11.0, 11.0)}


@pytest.mark.parametrize(
    ("ratio", "is_least", "is_met"), [(2, False, True), (4, False, False), (2, True, False)]
)
def test_target_is_met_on_its_own_side(ratio, is_least, is_met):
    assert Target("words", ratio, 3, is_least).is_met is is_met


def test_wrong_role_is_named(monkeypatch):
    monkeypatch.setattr(preparing.roles, "may_make_roles", lambda _url: False)

    with pytest.raises(SpeedError, match="unset DATABASE_URL"):
        preparing.prepare("postgresql://someone@db/mhg", 10)
