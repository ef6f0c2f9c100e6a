"""The road of a page: session → caller → one transaction → page rendered with the database closed.

A form carries a key in its hidden field `_once`: a second submission of the same form gets the
first answer again. A refusal that no form keeps becomes a page that says what to do.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from hashlib import sha256
from typing import Any, Final
from urllib.parse import quote

import orjson
from django.conf import settings
from django.core.exceptions import BadRequest
from django.db import DataError, IntegrityError, OperationalError, connection, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone

from orderwright.activity import idempotency
from orderwright.activity.constraints import refusal_of
from orderwright.identity import queries as identity
from orderwright.identity import sessions
from orderwright.importing.actions import too_large
from orderwright.kernel.errors import Conflict, Invalid, NotFound, Refusal, TryAgain

PUBLIC: Final = ("/sign-in", "/join/", "/reset", "/healthz", "/readyz", "/static/", "/favicon")
ENROLMENT: Final = "/account/second-factor"
BEFORE_ENROLMENT: Final = ("/account", "/sign-out")
REMEMBERED: Final = ("Location", "HX-Redirect", "HX-Trigger")
ONCE: Final = "_once"


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
        with transaction.atomic():
            signed_in = identity.caller_of_cookie(request.session, now=timezone.now())
            if signed_in is None:
                return _to_sign_in(request)
            if signed_in.must_enrol and not request.path.startswith(BEFORE_ENROLMENT):
                return redirect(ENROLMENT)
            sessions.note_seen(signed_in)
            request.signed_in = signed_in  # type: ignore[attr-defined]
            request.caller = signed_in.caller  # type: ignore[attr-defined]
            response = self._once(request)
            response["Cache-Control"] = "private, no-store"
            if response.status_code >= 400:
                transaction.set_rollback(True)
            return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A refusal as a page. Anything else is a fault of ours."""
        refusal = _refusal_of(error)
        return None if refusal is None else refused(request, refusal)

    def _once(self, request: HttpRequest) -> HttpResponse:
        if int(request.headers.get("Content-Length") or 0) > settings.IMPORT_MOST_BYTES + 100_000:
            return refused(request, too_large())
        key = request.POST.get(ONCE) if request.method == "POST" else None
        if not key:
            return self.get_response(request)
        by = request.caller  # type: ignore[attr-defined]
        try:
            first = idempotency.claim(by, key, _digest_of_form(request))
        except Invalid as refusal:
            return refused(request, refusal)
        if first is not None:
            return _again(first)
        response = self.get_response(request)
        if response.status_code < 400:
            idempotency.remember(
                by, key, status=response.status_code, content=_content_of(response)
            )
        return response


def page(
    request: HttpRequest, template: str, context: dict[str, Any] | None = None, *, status: int = 200
) -> HttpResponse:
    """Render a template with the database closed: a query in a template fails at once."""
    with database_closed():
        return render(request, template, context or {}, status=status)


def refused(request: HttpRequest, refusal: Refusal) -> HttpResponse:
    """A page that says why not, and what to do."""
    return page(request, "refused.html", {"refusal": refusal}, status=refusal.status)


def no_such_page(request: HttpRequest, anything: str) -> HttpResponse:
    """Every address that no page has."""
    raise NotFound("not_found", f"There is no page at /{anything}.")


@contextmanager
def database_closed() -> Iterator[None]:
    """No statement may run in here: templates get values, not queries."""
    with connection.execute_wrapper(_refuse):
        yield


def _refuse(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
    raise QueryInTemplate(f"a template asked the database: {sql[:200]}")


def _to_sign_in(request: HttpRequest) -> HttpResponse:
    url = f"{settings.LOGIN_URL}?next={quote(request.get_full_path())}"
    if request.headers.get("HX-Request") != "true":
        return redirect(url)
    response = HttpResponse(status=200)
    response["HX-Redirect"] = settings.LOGIN_URL
    return response


def _refusal_of(error: Exception) -> Refusal | None:
    if isinstance(error, Refusal):
        return error
    if isinstance(error, Http404):
        return NotFound("not_found", "There is no such page.")
    if isinstance(error, IntegrityError):
        return refusal_of(error)
    if isinstance(error, DataError | BadRequest):
        return Invalid("invalid_input", "A value cannot be stored: it is too large or unreadable.")
    if isinstance(error, TryAgain | OperationalError):
        return Conflict(
            "busy", "Others are changing the same records. Nothing was written; please try again."
        )
    return None


def _digest_of_form(request: HttpRequest) -> bytes:
    fields = sorted(
        (name, values) for name, values in request.POST.lists() if name != "csrfmiddlewaretoken"
    )
    digest = sha256(request.get_full_path().encode())
    digest.update(orjson.dumps(fields))
    return digest.digest()


def _content_of(response: HttpResponse) -> bytes:
    headers = {name: response[name] for name in REMEMBERED if name in response}
    return orjson.dumps({"headers": headers, "body": response.content.decode()})


def _again(first: idempotency.Remembered) -> HttpResponse:
    kept = orjson.loads(first.content)
    response = HttpResponse(kept["body"], status=first.status)
    for name, value in kept["headers"].items():
        response[name] = value
    response["Idempotent-Replayed"] = "true"
    return response
