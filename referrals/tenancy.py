"""The second fence: row-level security on every patient table, and rows that cannot be rewritten.

Views and queries keep organizations apart by themselves (``visible_to``); this module makes the
database do so too, whatever a query forgets. It knows no model.
"""

from collections.abc import Collection, Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

from django.db import connection, migrations, transaction

SETTING = "mhg.organization"
_CURRENT = f"nullif(current_setting('{SETTING}', true), '')"


@contextmanager
def organization(organization_id: UUID | None) -> Iterator[None]:
    """Open a transaction that sees the rows of one organization, or of none.

    The setting lives as long as the transaction, so a pooled connection carries nothing over.
    """
    before = _read() if connection.in_atomic_block else None
    with transaction.atomic():
        _write("" if organization_id is None else str(organization_id))
        yield
        # A failed statement rolls the setting back by itself.
        if before is not None and not connection.needs_rollback:
            _write(before)


def _read() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT coalesce(current_setting(%s, true), '')", [SETTING])
        return cursor.fetchone()[0]


def _write(value: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config(%s, %s, true)", [SETTING, value])


def keep_apart(
    table: str, *, allow_none: bool = False, also_shown_to: str = ""
) -> migrations.RunSQL:
    """Make the migration step that shows and takes only rows of the current organization.

    ``allow_none`` also lets in rows that belong to no organization (events of the site itself);
    ``also_shown_to`` names a column with a second organization, which sees and never writes.
    """
    rule = f"organization_id = {_CURRENT}::uuid"
    if allow_none:
        rule = f"({rule} OR organization_id IS NULL)"
    shown = f"({rule} OR {also_shown_to} = {_CURRENT}::uuid)" if also_shown_to else rule
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY {table}_organization ON {table} USING ({shown}) WITH CHECK ({rule});
        """,
        f"""
        DROP POLICY {table}_organization ON {table};
        ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY;
        ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;
        """,
    )


def same_organization(
    table: str, column: str, parent: str, theirs: str = "organization_id"
) -> migrations.RunSQL:
    """Make the migration step that ties a row to a parent of its own organization.

    Foreign keys are checked behind the policies, so without this a row could point across.
    The parent needs a unique constraint over (id, organization_id), or over what ``theirs`` names.
    """
    name = f"{table}_{column}_same_org"
    return migrations.RunSQL(
        f"""
        ALTER TABLE {table} ADD CONSTRAINT {name} FOREIGN KEY ({column}, organization_id)
          REFERENCES {parent} (id, {theirs}) DEFERRABLE INITIALLY DEFERRED;
        """,
        f"ALTER TABLE {table} DROP CONSTRAINT {name};",
    )


def append_only(table: str) -> migrations.RunSQL:
    """Make the migration step that refuses changes and deletions, by trigger and by grant."""
    return migrations.RunSQL(
        f"""
        CREATE OR REPLACE FUNCTION referrals_refuse_rewriting() RETURNS trigger
        LANGUAGE plpgsql AS $$
        BEGIN
          RAISE EXCEPTION '% keeps what was written: no % here', TG_TABLE_NAME, TG_OP
            USING ERRCODE = 'insufficient_privilege';
        END $$;
        CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
          FOR EACH ROW EXECUTE FUNCTION referrals_refuse_rewriting();
        DO $$ BEGIN
          IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mhg_app')
             AND current_user <> 'mhg_app' THEN
            REVOKE UPDATE, DELETE, TRUNCATE ON {table} FROM mhg_app;
          END IF;
        END $$;
        """,
        f"DROP TRIGGER {table}_append_only ON {table};",
    )


def append_only_tables() -> set[str]:
    """Return the tables whose rows the database refuses to change."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname FROM pg_trigger JOIN pg_class ON pg_class.oid = tgrelid"
            " WHERE tgname = relname || '_append_only'"
        )
        return {name for (name,) in cursor.fetchall()}


@contextmanager
def rewriting(table: str) -> Iterator[None]:
    """Let the owner of an append-only table change it, for moving it to another key alone.

    The role that serves pages owns nothing, so for it this fails. Needs a transaction.
    """
    with connection.cursor() as cursor:
        # A table with checks put off to the end of the transaction cannot be altered.
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER {table}_append_only")
    yield
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER {table}_append_only")


@contextmanager
def unfenced(tables: Collection[str]) -> Iterator[None]:
    """Let the owner of tables reach rows of every organization, to delete what hangs together.

    For everyone else the fence stands as before. Needs a transaction.
    """
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} NO FORCE ROW LEVEL SECURITY")
    yield
    with connection.cursor() as cursor:
        for table in tables:
            cursor.execute(f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY")


def kept_from_deletion(table: str) -> migrations.RunSQL:
    """Make the migration step that takes the right to delete away from the serving role."""
    return migrations.RunSQL(
        f"""
        DO $$ BEGIN
          IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mhg_app')
             AND current_user <> 'mhg_app' THEN
            REVOKE DELETE, TRUNCATE ON {table} FROM mhg_app;
          END IF;
        END $$;
        """,
        migrations.RunSQL.noop,
    )


def opens_share_links(table: str) -> migrations.RunSQL:
    """Make the migration step by which a link finds its organization, and nothing else does.

    Who opens a link belongs to no organization. The function runs as the owner of the table,
    for whom alone a policy shows the one row whose hash the function has just named.
    """
    return migrations.RunSQL(
        f"""
        CREATE POLICY {table}_by_hash ON {table} FOR SELECT TO CURRENT_USER
          USING (token_hash = nullif(current_setting('mhg.share_hash', true), ''));
        CREATE FUNCTION referrals_open_share_link(hash text, moment timestamptz)
        RETURNS TABLE (link uuid, organization uuid)
        LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, public AS $$
        BEGIN
          PERFORM set_config('mhg.share_hash', hash, true);
          RETURN QUERY SELECT s.id, s.organization_id FROM public.{table} s
            WHERE s.token_hash = hash AND s.revoked_at IS NULL AND s.expires_at > moment;
          PERFORM set_config('mhg.share_hash', '', true);
        END $$;
        REVOKE ALL ON FUNCTION referrals_open_share_link(text, timestamptz) FROM PUBLIC;
        DO $$ BEGIN
          IF EXISTS (SELECT FROM pg_roles WHERE rolname = 'mhg_app') THEN
            GRANT EXECUTE ON FUNCTION referrals_open_share_link(text, timestamptz) TO mhg_app;
          END IF;
        END $$;
        """,
        f"""
        DROP FUNCTION referrals_open_share_link(text, timestamptz);
        DROP POLICY {table}_by_hash ON {table};
        """,
    )


def find_share_link(token_hash: str, *, now: datetime) -> tuple[UUID, UUID] | None:
    """Return the ids of a live link and of its organization; none for all that opens nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM referrals_open_share_link(%s, %s)", [token_hash, now])
        return cursor.fetchone()
