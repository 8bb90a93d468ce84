"""Two addresses for machines: am I alive, and may traffic come; neither tells anything else."""

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

# An answer later than this is no better than none.
TIMEOUT_MS = 2000


@require_safe
@never_cache
def livez(request: HttpRequest) -> HttpResponse:
    """Say that the process answers; it asks nobody."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
def readyz(request: HttpRequest) -> HttpResponse:
    """Say whether the database answers and has the schema of this code."""
    try:
        with connection.cursor() as db:
            db.execute("SELECT set_config('statement_timeout', %s, false)", [str(TIMEOUT_MS)])
            waiting = _migrations_wait()
            db.execute("SELECT set_config('statement_timeout', '0', false)")
    except DatabaseError:
        connection.close()
        return _unready("the database does not answer")
    return (
        _unready("migrations wait") if waiting else HttpResponse("ok\n", content_type="text/plain")
    )


def _migrations_wait() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _unready(reason: str) -> HttpResponse:
    return HttpResponse(f"{reason}\n", status=503, content_type="text/plain")
