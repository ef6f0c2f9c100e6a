"""What a load balancer asks: is the process alive, and can it work with its database."""

from functools import cache

from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse


class _NotMigrated(Exception):
    """Migrations are waiting to be applied."""


def alive(_: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("alive\n", content_type="text/plain")


def ready(_: HttpRequest) -> HttpResponse:
    """The database answers and has our schema; 503 says to send nobody here for now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
        _check_migrated()
    except _NotMigrated:
        return HttpResponse("migrations waiting\n", content_type="text/plain", status=503)
    except DatabaseError:
        connection.close()
        return HttpResponse("no database\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")


@cache  # what was applied stays applied; a refusal is no answer and is asked again
def _check_migrated() -> None:
    executor = MigrationExecutor(connection)
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        raise _NotMigrated
