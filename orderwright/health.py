"""What a load balancer asks: is the process alive, and can it reach its database."""

from django.db import DatabaseError, connection
from django.http import HttpRequest, HttpResponse


def alive(_: HttpRequest) -> HttpResponse:
    """The process answers."""
    return HttpResponse("alive\n", content_type="text/plain")


def ready(_: HttpRequest) -> HttpResponse:
    """The process answers and its database does; 503 says to send nobody here for now."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
    except DatabaseError:
        connection.close()
        return HttpResponse("no database\n", content_type="text/plain", status=503)
    return HttpResponse("ready\n", content_type="text/plain")
