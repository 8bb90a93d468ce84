"""A copy holds every row, opens with its key alone, and brings nothing back that was ended."""

import base64
import os
import random
import subprocess
import sys

import psycopg2
import pytest
from django.conf import settings as site_settings
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from finder.models import User
from referrals import audit, backup, caseload, consent, onboarding, retention, sharing, tokens
from referrals.audit import Journal
from referrals.backup.copying import LEFT_OUT
from referrals.backup.repeating import repeated_kinds
from referrals.models import (
    LASTING,
    ApiToken,
    Assignment,
    AuditChain,
    AuditEvent,
    Consent,
    Kind,
    Membership,
    Patient,
    Revocation,
    Role,
    Scope,
    ShareLink,
)
from referrals.tenancy import organization
from tests.factories import make_user
from tests.referrals.conftest import make_member, make_patient
from tests.referrals.rows import MARK, Rows


def everything():
    """Give each table with what it holds; the owner's fence stands aside for the look."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        tables = sorted({name for (name,) in cursor.fetchall()} - LEFT_OUT)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
        found = {}
        for table in tables:
            cursor.execute(f"SELECT md5(string_agg(t::text, '' ORDER BY t::text)) FROM {table} t")
            found[table] = cursor.fetchone()[0]
        cursor.execute("SELECT relname FROM pg_class WHERE relrowsecurity")
        for (table,) in cursor.fetchall():
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")
    return found


@pytest.fixture
def full(clinic, other_clinic):
    """Two organizations with a row in every table."""
    made = []
    for place in (clinic, other_clinic):
        with organization(place.pk):
            made.append(Rows(place))
            made[-1].every()
    return made


@pytest.fixture
def copy(tmp_path):
    return tmp_path / "copy.mhg"


def write(path):
    with backup.sealed(path) as file:
        return backup.write(file, now=timezone.now())


def load(path):
    with backup.opened(path) as file:
        backup.read_header(file)
        return backup.load(file)


def test_every_row_comes_back(full, clinic, copy):
    before = everything()

    written = write(copy)
    with organization(clinic.pk):
        Patient.objects.update(is_held=True)
    make_user()
    assert everything() != before

    assert load(copy) == written
    assert everything() == before
    assert written["referrals_patient"] == 2


def test_fence_and_triggers_stand_again(full, copy):
    with connection.cursor() as cursor:
        state = "SELECT relname, relforcerowsecurity FROM pg_class WHERE relrowsecurity ORDER BY 1"
        cursor.execute(state)
        before = cursor.fetchall()
        write(copy)
        load(copy)
        cursor.execute(state)
        assert cursor.fetchall() == before
        cursor.execute("SELECT count(*) FROM pg_trigger WHERE tgenabled = 'D' AND NOT tgisinternal")
        assert cursor.fetchone() == (0,)


def test_copy_shows_nothing_without_its_key(full, copy):
    write(copy)

    told = copy.read_bytes()

    assert MARK.encode() not in told
    assert b"referrals_patient" not in told
    assert copy.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("seed", range(20))
def test_changed_copy_is_refused(full, copy, seed):
    write(copy)
    told, chance = bytearray(copy.read_bytes()), random.Random(seed)
    if seed % 4 == 3:
        told = told[: chance.randrange(len(told))]
    else:
        told[chance.randrange(len(told))] ^= 1 << chance.randrange(8)
    copy.write_bytes(told)

    with pytest.raises(backup.Broken):
        load(copy)


def test_other_key_is_refused(full, copy, settings):
    write(copy)
    settings.BACKUP_KEY = base64.b64encode(os.urandom(32)).decode()

    with pytest.raises(backup.Broken, match="BACKUP_KEY"):
        load(copy)


def test_unfinished_copy_takes_no_name(copy):
    with pytest.raises(ValueError), backup.sealed(copy) as file:
        file.write(b"half")
        raise ValueError

    assert not copy.exists()


# --- What was ended since stays ended -------------------------------------------------

MANY = 10


@pytest.fixture
def superuser_of_site(db):
    return make_user(is_superuser=True, is_staff=True, password=None)


@pytest.fixture
def lived_in(clinic, clinician, administrator, superuser_of_site, now):
    """An organization with many of everything that can be ended."""
    with organization(clinic.pk):
        rows = Rows(clinic)
        # The record is written by what is done below, in whole chains.
        rows.every(without=(AuditEvent, AuditChain, Revocation))
        for number in range(MANY):
            make_patient(clinic, clinician, label=f"p{number}")
            tokens.make(
                clinic, f"t{number}", scopes=[Scope.REFERRALS], days=9, by=administrator, now=now
            )
        for number in range(MANY):
            make_member(clinic, Role.PEER, email=f"gone{number}@example.org")
            make_user(email=f"off{number}@example.org", password=None)
    return rows


def end_all(clinic, administrator, superuser, now):
    """End or delete everything that can be, as people do."""
    with organization(clinic.pk):
        for row in Consent.objects.filter(revocation=None):
            consent.revoke(row, by=None, now=now)
        for row in ShareLink.objects.filter(revoked_at=None):
            sharing.revoke(row, by=administrator, now=now)
        for row in Assignment.objects.current():
            caseload.end_assignment(row, by=administrator, now=now)
        for row in Patient.objects.filter(label_index__isnull=False).order_by("created_at")[1:]:
            retention.delete(row, kind=Kind.PATIENT_PURGED, owner=clinic)
    for row in ApiToken.objects.filter(organization=clinic, revoked_at=None):
        tokens.revoke(row, by=administrator, now=now)
    for row in Membership.objects.filter(user__email__startswith="gone"):
        onboarding.remove_member(row, by=superuser)
    User.objects.filter(email__startswith="off").update(is_active=False)


def standing(clinic):
    """Count what is still open, alive or switched on."""
    with organization(clinic.pk):
        return (
            Consent.objects.filter(revocation=None).count(),
            ShareLink.objects.filter(revoked_at=None).count(),
            Assignment.objects.current().count(),
            Patient.objects.count(),
            ApiToken.objects.filter(revoked_at=None).count(),
            Membership.objects.filter(user__email__startswith="gone", is_active=True).count(),
            User.objects.filter(email__startswith="off", is_active=True).count(),
        )


def test_what_was_ended_after_the_copy_is_ended_again(
    lived_in, clinic, administrator, superuser_of_site, copy, now
):
    write(copy)
    before = standing(clinic)
    end_all(clinic, administrator, superuser_of_site, now)
    ended = standing(clinic)
    audit.anchor(now=now)

    load(copy)
    assert standing(clinic) == before
    counts = backup.repeat(Journal.read(), now=now)

    assert standing(clinic) == ended
    assert min(before) > 0
    assert ended == (0, 0, 0, 1, 0, 0, 0)
    assert counts["account.disabled"] == counts["member.removed"] == MANY
    assert sum(counts.values()) == sum(before) - sum(ended)
    assert sum(backup.repeat(Journal.read(), now=now).values()) == 0


def test_every_lasting_act_can_be_done_again():
    assert repeated_kinds() == LASTING


# --- The commands ---------------------------------------------------------------------


def test_backup_says_how_much_it_wrote(full, copy, capsys):
    call_command("backup", copy)

    assert "rows of" in capsys.readouterr().out
    with pytest.raises(CommandError, match="cannot be written"):
        call_command("backup", copy / "below")


def test_restore_refuses_a_database_in_use(full, copy, now):
    call_command("backup", copy)
    audit.record(Kind.REFUSED, target=("x", ""), by=None, organization=None)
    audit.anchor(now=now)

    with pytest.raises(CommandError, match="in use"):
        call_command("restore", copy)


def test_restore_asks_for_notes(full, copy):
    call_command("backup", copy)

    with pytest.raises(CommandError, match="no notes"):
        call_command("restore", copy)


def owner_runs(name, *arguments):
    """Run a command as the owner of another database on the same server."""
    ours = connection.settings_dict
    place = f"host={ours['HOST']}" + (f"&port={ours['PORT']}" if ours["PORT"] else "")
    who = ours["USER"] + (f":{ours['PASSWORD']}" if ours["PASSWORD"] else "")
    url = f"postgresql://{who}@/{name}?{place}"
    env = os.environ | {"DATABASE_URL": url, "DATABASE_OWNER_URL": "", "DEBUG": "1"}
    env["AUDIT_ANCHORS"] = site_settings.AUDIT_ANCHORS
    command = [sys.executable, "manage.py", *map(str, arguments)]
    return subprocess.run(
        command, cwd=site_settings.BASE_DIR, env=env, capture_output=True, text=True, check=False
    )


@pytest.fixture
def empty_database():
    """A second database on the server of the tests."""
    ours, name = connection.settings_dict, f"mhg_restored_{os.getpid()}"

    def say(statement):
        told = {"host": ours["HOST"], "port": ours["PORT"] or None, "user": ours["USER"]}
        session = psycopg2.connect(dbname="postgres", password=ours["PASSWORD"] or None, **told)
        session.autocommit = True
        session.cursor().execute(statement)
        session.close()

    say(f"DROP DATABASE IF EXISTS {name}")
    say(f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'UTF8'")
    yield name
    say(f"DROP DATABASE {name} WITH (FORCE)")


def test_restore_into_an_empty_database_opens_with_what_was_ended(
    lived_in, clinic, administrator, superuser_of_site, copy, empty_database, now
):
    write(copy)
    end_all(clinic, administrator, superuser_of_site, now)
    audit.anchor(now=now)

    done = owner_runs(empty_database, "restore", copy)

    assert done.returncode == 0, done.stderr
    assert "rows of" in done.stdout
    assert f"member.removed, {MANY}" in done.stdout
    proved = owner_runs(empty_database, "verify_audit")
    assert "The record is whole" in proved.stdout, proved.stdout + proved.stderr
    again = owner_runs(empty_database, "restore", copy)
    assert "in use" in again.stderr
