"""What somebody who owns the database might do to the record, and whether it is seen."""

import random

from django.db import transaction

from referrals import audit
from referrals.audit import Journal

EVENTS, CHAINS = "referrals_auditevent", "referrals_auditchain"


def lift_the_fence(cursor):
    """Let the session do what a superuser can: no policy and no trigger stands in the way."""
    for table in (EVENTS, CHAINS):
        cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    cursor.execute(f"ALTER TABLE {EVENTS} DISABLE TRIGGER {EVENTS}_append_only")


def sentences(journal=None):
    """Give what is wrong with the record, in words."""
    return [str(problem) for problem in audit.verify(journal)]


def missed(cursor, journal: Journal, *, times: int) -> list[tuple[int, str]]:
    """Manipulate the record so often, each time from the whole; return what was not seen."""
    found = []
    for number in range(times):
        chance = random.Random(number)
        what = [edit, delete, swap, cut, insert][number % 5]
        try:
            with transaction.atomic():
                before = rows(cursor)
                what(cursor, chance, chance.choice(before))
                if rows(cursor) != before and not sentences(journal):
                    found.append((number, what.__name__))
                raise _UndoneAgain
        except _UndoneAgain:
            pass
    return found


def edit(cursor, chance, row):
    column, value = chance.choice(
        [
            ("kind", "patient.listed"),
            ("actor_id", "999999"),
            ("target_id", "someone else"),
            ("target_kind", "plan"),
            ("at", "2020-01-01T00:00:00Z"),
            ("mac", "\\x00"),
            ("organization_id", None),
            ("number", str(row["number"] + 1000)),
        ]
    )
    cursor.execute(f"UPDATE {EVENTS} SET {column} = %s WHERE id = %s", [value, row["id"]])


def delete(cursor, chance, row):
    cursor.execute(f"DELETE FROM {EVENTS} WHERE id = %s", [row["id"]])


def swap(cursor, chance, row):
    """Exchange the contents of two lines and leave their places."""
    cursor.execute(f"SELECT id, kind, target_id, mac FROM {EVENTS} WHERE id <> %s", [row["id"]])
    others = cursor.fetchall()
    other, kind, target_id, mac = chance.choice(others)
    keeps_mac = chance.random() < 0.5
    for pk, told in (
        (row["id"], (kind, target_id, mac)),
        (other, (row["kind"], row["target_id"], row["mac"])),
    ):
        columns = "kind = %s, target_id = %s" + ("" if keeps_mac else ", mac = %s")
        told = told[:2] if keeps_mac else told
        cursor.execute(f"UPDATE {EVENTS} SET {columns} WHERE id = %s", [*told, pk])


def cut(cursor, chance, row):
    """Take the end off a chain, and make its head say so as well as one can without the key."""
    cursor.execute(
        f"DELETE FROM {EVENTS} WHERE chain = %s AND number >= %s", [row["chain"], row["number"]]
    )
    cursor.execute(
        f"SELECT number, mac FROM {EVENTS} WHERE chain = %s ORDER BY number DESC LIMIT 1",
        [row["chain"]],
    )
    left = cursor.fetchone() or (0, b"")
    if chance.random() < 0.5:
        cursor.execute(
            f"UPDATE {CHAINS} SET length = %s, mac = %s WHERE id = %s", [*left, row["chain"]]
        )


def insert(cursor, chance, row):
    """Put a line in whose signature was taken from another one."""
    cursor.execute(
        f"INSERT INTO {EVENTS} (id, at, kind, actor_id, organization_id, target_kind, target_id,"
        " chain, number, mac) SELECT gen_random_uuid(), at, kind, actor_id, organization_id,"
        f" target_kind, 'put in', chain, 5000 + number, mac FROM {EVENTS} WHERE id = %s",
        [row["id"]],
    )


class _UndoneAgain(Exception):
    """Takes one manipulation back."""


def rows(cursor):
    cursor.execute(f"SELECT id, kind, target_id, mac, chain, number FROM {EVENTS} ORDER BY id")
    names = [column.name for column in cursor.description]
    return [dict(zip(names, line, strict=True)) for line in cursor.fetchall()]
