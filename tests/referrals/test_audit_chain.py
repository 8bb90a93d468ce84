"""The record cannot be changed without it being seen, even by whoever owns the database."""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings as site_settings
from django.core.management import CommandError, call_command
from django.db import connection, connections

from benchmarks import record
from referrals import audit
from referrals.audit import Journal
from referrals.models import AuditChain, Kind
from referrals.tenancy import organization
from tests.referrals.tampering import CHAINS, EVENTS, lift_the_fence, missed, rows, sentences

MANIPULATIONS = 200


def write(clinic, user, lines):
    with organization(clinic.pk):
        for number in range(lines):
            target = ("patient", str(number))
            audit.record(Kind.PATIENT_READ, target=target, by=user, organization=clinic)


@pytest.fixture
def superuser_session(db):
    """Let the session do what a superuser can."""
    with connection.cursor() as cursor:
        lift_the_fence(cursor)
        yield cursor


@pytest.fixture
def written(clinic, other_clinic, clinician, stranger):
    """Two organizations' records, of which a part was noted outside the database."""
    write(clinic, clinician, 25)
    write(other_clinic, stranger, 15)
    audit.record(Kind.REFUSED, target=("patient", "x"), by=clinician, organization=None)


def test_record_as_it_was_written_is_whole(written, now):
    audit.anchor(now=now)

    assert sentences() == sentences(Journal.read()) == []


# --- What a superuser might do --------------------------------------------------------


def test_every_manipulation_is_seen(superuser_session, written, clinic, clinician, now):
    audit.anchor(now=now)
    # After the last note outside, too.
    write(clinic, clinician, 10)
    journal = Journal.read()

    assert missed(superuser_session, journal, times=MANIPULATIONS) == []
    assert sentences(journal) == []


def test_record_put_back_is_seen_by_the_note_outside(
    superuser_session, written, clinic, clinician, now
):
    cursor = superuser_session
    kept = [row["id"] for row in rows(cursor)]
    cursor.execute(f"SELECT length, mac, seal, id FROM {CHAINS}")
    heads = cursor.fetchall()
    write(clinic, clinician, 3)
    audit.anchor(now=now)

    cursor.execute(f"DELETE FROM {EVENTS} WHERE NOT id = ANY(%s)", [kept])
    cursor.executemany(f"UPDATE {CHAINS} SET length = %s, mac = %s, seal = %s WHERE id = %s", heads)

    # Everything as it truly was, heads too: the database alone cannot tell (DECISIONS.md).
    assert sentences() == []
    [told] = sentences(Journal.read())
    assert told.endswith("it has 25 lines and 28 were noted outside.")


def test_chain_that_is_gone_is_missed(superuser_session, written, now):
    audit.anchor(now=now)
    superuser_session.execute(f"DELETE FROM {EVENTS}")
    superuser_session.execute(f"DELETE FROM {CHAINS}")

    told = sentences(Journal.read())

    assert len(told) == 3
    assert all(sentence.endswith("it was noted outside and is gone.") for sentence in told)


def test_key_may_change(written, clinic, clinician, settings, now):
    settings.AUDIT_KEY = f"{'Z' * 43}=,{settings.AUDIT_KEY}"
    write(clinic, clinician, 2)

    assert sentences() == []
    settings.AUDIT_KEY = settings.AUDIT_KEY.split(",")[0]
    assert sentences()


# --- Notes outside the database -------------------------------------------------------


def note_files():
    return sorted(Path(site_settings.AUDIT_ANCHORS).iterdir())


def test_note_names_chains_that_grew_and_nobody(written, clinic, clinician, now):
    assert audit.anchor(now=now) == 3
    write(clinic, clinician, 1)

    assert audit.anchor(now=now) == 1
    assert audit.anchor(now=now) == 0

    [path] = note_files()
    first, second = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert path.name == "2026-11-10.jsonl"
    assert [length for length, _mac in second["heads"].values()] == [26]
    assert set(first) == {"at", "restart", "heads", "acts", "disabled", "seal"}


def test_first_note_of_a_day_names_every_chain(written, clinic, clinician, now):
    audit.anchor(now=now)
    write(clinic, clinician, 1)
    audit.anchor(now=now + timedelta(days=1))

    newest = Journal.read(newest_only=True)

    assert sorted(head.length for head in newest.heads.values()) == [1, 15, 26]
    assert newest.heads == Journal.read().heads


def test_note_that_was_changed_is_seen(written, now):
    audit.anchor(now=now)
    [path] = note_files()
    path.write_text(path.read_text("utf-8").replace("[25,", "[24,"), encoding="utf-8")

    assert "not ours: 2026-11-10.jsonl, line 1" in sentences(Journal.read())[0]


def test_chain_that_was_cut_keeps_its_note(superuser_session, written, clinic, now):
    audit.anchor(now=now)
    superuser_session.execute(f"DELETE FROM {EVENTS} WHERE number > 5")
    superuser_session.execute(f"UPDATE {CHAINS} SET length = 5 WHERE length > 5")

    assert audit.anchor(now=now) == 0
    assert {head.length for head in Journal.read().heads.values()} == {25, 15, 1}


def test_restart_lets_an_earlier_end_stand(superuser_session, written, clinic, clinician, now):
    superuser_session.execute("CREATE TEMP TABLE kept ON COMMIT DROP AS SELECT id FROM " + EVENTS)
    superuser_session.execute(f"SELECT length, mac, seal, id FROM {CHAINS}")
    heads = superuser_session.fetchall()
    write(clinic, clinician, 3)
    audit.anchor(now=now)
    superuser_session.execute(f"DELETE FROM {EVENTS} WHERE id NOT IN (SELECT id FROM kept)")
    superuser_session.executemany(
        f"UPDATE {CHAINS} SET length = %s, mac = %s, seal = %s WHERE id = %s", heads
    )

    audit.restart(now=now)

    assert sentences(Journal.read()) == []


# --- The command, and many writers ----------------------------------------------------


def test_command_says_that_the_record_is_whole(written, now, capsys):
    audit.anchor(now=now)

    call_command("verify_audit")

    assert capsys.readouterr().out.startswith("The record is whole: 41 lines in 3 chains")


def test_command_fails_where_it_is_not(superuser_session, written, capsys):
    superuser_session.execute(f"UPDATE {EVENTS} SET actor_id = 1 WHERE number = 3")

    with pytest.raises(CommandError, match="tampered"):
        call_command("verify_audit")
    assert capsys.readouterr().out.count("line 3 is not as it was written") == 2


@pytest.mark.django_db(transaction=True)
def test_writers_at_one_time_do_not_wait_for_each_other(clinic, clinician):
    other = connections.create_connection("default")
    write(clinic, clinician, 1)
    try:
        with organization(clinic.pk):
            audit.record(Kind.PATIENT_READ, target=("patient", "a"), by=None, organization=clinic)
            # Another page of the same clinic, while this one has not ended.
            mine, connections["default"] = connections["default"], other
            try:
                write(clinic, clinician, 1)
            finally:
                connections["default"] = mine
    finally:
        other.close()

    assert sentences() == []
    with organization(clinic.pk):
        assert sorted(AuditChain.objects.values_list("length", flat=True)) == [1, 2]


def test_refused_transaction_leaves_the_chain_whole(clinic, clinician):
    write(clinic, clinician, 2)
    with pytest.raises(ValueError), organization(clinic.pk):
        audit.record(Kind.PATIENT_READ, target=("patient", "a"), by=None, organization=clinic)
        raise ValueError
    write(clinic, clinician, 1)

    assert sentences() == []
    with organization(clinic.pk):
        assert AuditChain.objects.get().length == 3


def test_long_proofs_run_on_little_too(db):
    outcomes = list(record.chain(lines=400, manipulations=10))

    assert [outcome.is_met for outcome in outcomes] == [True, True], outcomes
