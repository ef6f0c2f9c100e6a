"""The road of an API request, shorter than a page's: key → caller → one transaction → answer.

It stands first among the middlewares and answers everything under /api/ itself: find the
operation, authenticate, check the permission, read the body, claim the idempotency key, run,
remember. A body is refused only when the record in the path is there for the caller. An answer
of 400 and up rolls everything back. A deadlock or a lost race inside the database is tried again.
"""

import json
import re
from collections.abc import Callable, Iterator
from typing import Any

import orjson
from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.core.exceptions import RequestDataTooBig
from django.db import DataError, OperationalError, transaction
from django.db.utils import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import CsrfViewMiddleware
from django.urls import Resolver404, resolve
from django.utils import timezone
from ninja.operation import Operation, PathView

from orderwright.activity import idempotency
from orderwright.activity.constraints import refusal_of
from orderwright.identity import queries as identity
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import (
    Forbidden,
    Invalid,
    NotFound,
    Refusal,
    TooLarge,
    TryAgain,
    Unauthenticated,
)

PREFIX = "/api/"
UPLOADS = "/api/v1/imports"
# An answer is read by programs: a browser that opens one takes it for nothing else.
PROTECTING = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
    "Referrer-Policy": "same-origin",
}
ATTEMPTS = 4
WRITES = frozenset({"POST", "PATCH", "DELETE"})
RETRIED = {"40001", "40P01"}
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class ApiRoad:
    """Answer requests to the API; pass everything else on."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """One request; its length is said, so that the answer goes out in one piece."""
        if not request.path_info.startswith(PREFIX):
            return self.get_response(request)
        response = _attempted(request)
        if not response.streaming:
            response.setdefault("Content-Length", str(len(response.content)))
        if "html" not in response.get("Content-Type", ""):
            for name, value in PROTECTING.items():
                response.setdefault(name, value)
        return response


def _attempted(request: HttpRequest) -> HttpResponse:
    """The answer, tried again when the database asks for it."""
    for attempt in range(1, ATTEMPTS + 1):
        try:
            return _answer(request)
        except OperationalError as error:
            if getattr(error.__cause__, "sqlstate", None) not in RETRIED or attempt == ATTEMPTS:
                return _unavailable()
        except TryAgain:
            if attempt == ATTEMPTS:
                return _unavailable()
    return _unavailable()


def _answer(request: HttpRequest) -> HttpResponse:
    try:
        if "\0" in request.path_info:
            raise Resolver404
        match = resolve(request.path_info)
        request.resolver_match = match
        if _is_public(match.func, request):
            return match.func(request, *match.args, **match.kwargs)
        with transaction.atomic():
            return _with_caller(request, match)
    except Resolver404:
        return refused(NotFound("not_found", f"There is nothing at {request.path_info}."))
    except Refusal as refusal:
        return refused(refusal)
    except IntegrityError as error:
        return refused(refusal_of(error))
    except DataError:
        return refused(_unstorable())


def _unstorable(field: str | None = None) -> Invalid:
    message = (
        "A value cannot be stored: a number is too large, or a text holds characters that no text "
        "can hold."
    )
    return Invalid("invalid_input", message, fields={field: message} if field else None)


def _with_caller(request: HttpRequest, match: Any) -> HttpResponse:
    caller = authenticate(request)
    request.caller = caller  # type: ignore[attr-defined]
    permission = _permission_of(match.func, request)
    if permission:
        caller.must(permission)
    if request.method in WRITES:
        _read_body(request)
    key = request.headers.get("Idempotency-Key")
    if key is not None and request.method in WRITES:
        return _once(request, match, caller, key)
    return _run(request, match)


def _read_body(request: HttpRequest) -> None:
    """The body, if it is small enough and its texts can be stored.

    Raises TooLarge, and Invalid with the field of a text with U+0000 or half a surrogate pair.
    """
    if request.content_type == "multipart/form-data" and request.path_info == UPLOADS:
        _read_upload(request)
        return
    try:
        body = request.body
    except RequestDataTooBig as error:
        most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE
        message = f"A request has at most {most} bytes. Send it in parts."
        raise TooLarge("body_too_large", message) from error
    if not body:
        request._body = b"{}"  # an action without words is an empty object
    field = unstorable_field(body)
    if field is not None:
        raise in_order(request, _unstorable(field))


def _read_upload(request: HttpRequest) -> None:
    """A file with its few fields: it may be larger than other bodies. Raises TooLarge."""
    most = settings.IMPORT_MOST_BYTES + 100_000
    if int(request.headers.get("Content-Length") or 0) > most:
        message = f"A file has at most {settings.IMPORT_MOST_BYTES} bytes. Split it."
        raise TooLarge("body_too_large", message)
    request._body = request.read(most)


def _once(request: HttpRequest, match: Any, caller: Caller, key: str) -> HttpResponse:
    digest = idempotency.digest_of_request(
        request.method or "", request.get_full_path(), request.body
    )
    first = idempotency.claim(caller, key, digest)
    if first is not None:
        replayed = HttpResponse(first.content, status=first.status, content_type="application/json")
        replayed["Idempotent-Replayed"] = "true"
        return replayed
    response = _run(request, match)
    if response.status_code < 400:
        idempotency.remember(caller, key, status=response.status_code, content=response.content)
    return response


def _run(request: HttpRequest, match: Any) -> HttpResponse:
    response: HttpResponse = match.func(request, *match.args, **match.kwargs)
    if response.status_code >= 400:
        transaction.set_rollback(True)
    return response


def authenticate(request: HttpRequest) -> Caller:
    """The caller behind a key or a signed-in browser session; one statement.

    Raises Unauthenticated without either, and Forbidden `csrf_failed` for a session's write
    without its token.
    """
    header = request.headers.get("Authorization", "")
    if header:
        scheme, _, key = header.partition(" ")
        if scheme.lower() == "bearer" and key and key.isascii() and len(key) < 200:
            caller = identity.caller_of_key(key.strip(), now=timezone.now())
            if caller is not None:
                return caller
        raise Unauthenticated("invalid_key", "This API key is unknown, expired or revoked.")
    return _caller_of_session(request)


def _caller_of_session(request: HttpRequest) -> Caller:
    session_key = request.COOKIES.get("sessionid")
    held = SessionStore(session_key) if session_key else {}
    signed_in = identity.caller_of_cookie(held, now=timezone.now())
    if signed_in is None:
        raise Unauthenticated(
            "not_signed_in", "Send an API key as `Authorization: Bearer …`, or sign in."
        )
    check = CsrfViewMiddleware(lambda _request: HttpResponse())
    check.process_request(request)
    if check.process_view(request, _guarded, (), {}) is not None:
        raise Forbidden("csrf_failed", "The form has expired: reload the page and send it again.")
    if signed_in.must_enrol:
        raise Forbidden(
            "second_factor_required",
            "Your organization asks for a second factor: set one up under your account.",
        )
    return signed_in.caller


def _guarded(request: HttpRequest) -> HttpResponse:
    return HttpResponse()


def _operation(func: Any, request: HttpRequest) -> Operation | None:
    path_view = _path_view(func)
    return path_view._find_operation(request) if path_view else None


def _path_view(func: Any) -> PathView | None:
    """Ninja's view is a function around its PathView; None for the documentation's own views."""
    cells = getattr(func, "__closure__", None) or ()
    return next(
        (cell.cell_contents for cell in cells if isinstance(cell.cell_contents, PathView)), None
    )


def _permission_of(func: Any, request: HttpRequest) -> str | None:
    operation = _operation(func, request)
    return getattr(getattr(operation, "view_func", None), "permission", None)


def in_order(request: HttpRequest, refusal: Refusal) -> Refusal:
    """What to answer in place of a refused body: that there is no such record, when there is none.

    Who may not know a record learns nothing from what is wrong with a body (401, 403, 404, 422).
    """
    match = request.resolver_match
    if match is None or not match.kwargs or refusal.status not in (400, 422):
        return refusal
    try:
        _look(request, match)
    except NotFound as missing:
        return missing
    except Refusal:
        pass
    return refusal


def _look(request: HttpRequest, match: Any) -> None:
    """Find the record in the path, by the operation's own means or by the GET of the record."""
    view = getattr(_operation(match.func, request), "view_func", None)
    if hasattr(view, "look"):
        view.look(request.caller, **match.kwargs)  # type: ignore[attr-defined,union-attr]
        return
    first, second = request.path_info.removeprefix(f"{PREFIX}v1/").split("/")[:2]
    of_record = resolve(f"{PREFIX}v1/{first}/{second}")
    path_view = _path_view(of_record.func)
    for operation in path_view.operations if path_view else ():
        if "GET" in operation.methods:
            operation.view_func(request, **of_record.kwargs)


def _is_public(func: Any, request: HttpRequest) -> bool:
    """Whether the operation asks for no caller: the documentation, and what is marked so."""
    if _path_view(func) is None:
        return True
    operation = _operation(func, request)
    return operation is None or getattr(operation.view_func, "public", False)


def unstorable_field(body: bytes) -> str | None:
    """The path of the first text in a JSON body that no database column can hold, or None."""
    if b"\\u0000" not in body and b"\\ud" not in body.lower():
        return None
    try:
        return next(_unstorable_in(json.loads(body), ()), None)
    except (ValueError, RecursionError):
        return None  # it is no JSON: the parser of bodies says so


def _unstorable_in(value: Any, path: tuple[str, ...]) -> Iterator[str]:
    if isinstance(value, str) and _UNSTORABLE.search(value):
        yield ".".join(path) or "body"
    elif isinstance(value, dict):
        for name, held in value.items():
            yield from _unstorable_in(name, (*path, "body"))
            yield from _unstorable_in(held, (*path, name))
    elif isinstance(value, list):
        for index, held in enumerate(value):
            yield from _unstorable_in(held, (*path, str(index)))


def refused(refusal: Refusal) -> HttpResponse:
    """A refusal as an HTTP answer, in the one shape of errors."""
    response = HttpResponse(
        orjson.dumps(refusal.as_json(), default=str),
        status=refusal.status,
        content_type="application/json",
    )
    if refusal.status == 429:
        response["Retry-After"] = str(refusal.details.get("retry_after", 60))
    if refusal.status == 401:
        response["WWW-Authenticate"] = "Bearer"
    return response


def _unavailable() -> HttpResponse:
    return HttpResponse(
        orjson.dumps(
            {
                "code": "busy",
                "message": "Others are changing the same records. Nothing was written; try again.",
                "fields": {},
                "details": {},
            }
        ),
        status=409,
        content_type="application/json",
    )
