"""The road of a page: session → caller → one transaction → page rendered with the database closed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote
from uuid import UUID

from django.conf import settings
from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from orderwright.identity import queries as identity

PUBLIC = ("/sign-in", "/healthz", "/readyz", "/static/", "/favicon")


class QueryInTemplate(RuntimeError):
    """A template asked the database; the view has to bring everything."""


class WebRoad:
    """Give each page its caller and one transaction; an answer of 400 and up rolls back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer inside one transaction of the caller's organization."""
        if request.path.startswith(PUBLIC):
            return self.get_response(request)
        user_id = request.session.get("user_id")
        with transaction.atomic():
            signed_in = (
                identity.caller_of_user(UUID(user_id), now=timezone.now()) if user_id else None
            )
            if signed_in is None:
                return redirect(f"{settings.LOGIN_URL}?next={quote(request.get_full_path())}")
            request.signed_in = signed_in  # type: ignore[attr-defined]
            request.caller = signed_in.caller  # type: ignore[attr-defined]
            response = self.get_response(request)
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a template with the database closed: a query in a template fails at once."""
    with database_closed():
        return render(request, template, context or {}, status=status)


@contextmanager
def database_closed() -> Iterator[None]:
    """No statement may run in here: templates get values, not queries."""
    with connection.execute_wrapper(_refuse):
        yield


def _refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    raise QueryInTemplate(f"a template asked the database: {sql[:200]}")
