"""Who reads under a consent and who ends it follow each other; the database keeps the order."""

from uuid import UUID

from django.db import connection

# Tells these locks from any other use of the same mechanism.
_SPACE = 0x6D6867


def hold_shared(patient: UUID) -> None:
    """Wait for whoever changes this patient's consents, and make the next one wait for us.

    Consents are never updated, so that no row of theirs can be locked by the role that serves
    pages. The lock goes with the transaction; what is read after it is what was committed.
    """
    _hold("pg_advisory_xact_lock_shared", patient)


def hold_alone(patient: UUID) -> None:
    """Wait until nobody reads under this patient's consents, and keep others out."""
    _hold("pg_advisory_xact_lock", patient)


def _hold(function: str, patient: UUID) -> None:
    low = patient.int & 0x7FFFFFFF
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {function}(%s, %s)", [_SPACE, low])
