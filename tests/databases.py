"""The test database as other processes are told of it."""

from urllib.parse import quote, urlencode

from django.db import connection


def test_database_url() -> str:
    """Write the test database as DATABASE_URL does; a Unix socket goes into the host option."""
    s = connection.settings_dict
    who = quote(s["USER"]) + (f":{quote(s['PASSWORD'])}" if s["PASSWORD"] else "")
    where = {name: str(s[name.upper()]) for name in ("host", "port") if s[name.upper()]}
    return f"postgresql://{who}@/{s['NAME']}?{urlencode(where)}"


test_database_url.__test__ = False
