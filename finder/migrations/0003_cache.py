"""The table of the default cache: unlogged, since losing it in a crash costs nothing."""

from django.db import migrations

CREATE = """
CREATE UNLOGGED TABLE finder_cache (
  cache_key varchar(255) PRIMARY KEY,
  value text NOT NULL,
  expires timestamp with time zone NOT NULL
);
CREATE INDEX finder_cache_expires ON finder_cache (expires);
"""


class Migration(migrations.Migration):
    """Stand in for createcachetable, which would make a logged table."""

    dependencies = [("finder", "0002_directory")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE finder_cache;")]
