"""Shapes on the wire that every answer shares: strings for decimals, keyset lists, permissions."""

from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID

import orjson
from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.kernel.cursors import write_cursor
from orderwright.kernel.errors import Invalid, NotFound
from orderwright.kernel.paging import Page, write_place
from orderwright.kernel.quantity import trim

MOST_ROWS = 200
View = TypeVar("View", bound=Callable[..., Any])


def needs(permission: str) -> Callable[[View], View]:
    """Mark an operation with the permission that the road checks before the body is read."""

    def mark(view: View) -> View:
        view.permission = permission  # type: ignore[attr-defined]
        return view

    return mark


def about(look: Callable[..., Any]) -> Callable[[View], View]:
    """Mark an operation with how the record in its path is found: `look(by, **path)` takes the
    texts of the path and raises NotFound.

    The road asks when a body is refused: what is not there, or not yours, is 404 whatever was sent.
    What stands under the GET of one record needs no mark.
    """

    def mark(view: View) -> View:
        view.look = look  # type: ignore[attr-defined]
        return view

    return mark


def public(view: View) -> View:
    """Mark an operation that answers without a caller (it authenticates in its own way)."""
    view.public = True  # type: ignore[attr-defined]
    return view


def caller(request: HttpRequest) -> Caller:
    """Who is asking; the road has settled it."""
    found: Caller = request.caller  # type: ignore[attr-defined]
    return found


def answer(body: Any, *, status: int = 200) -> HttpResponse:
    """A JSON answer. Decimals become trimmed strings, instants RFC 3339 in UTC."""
    return HttpResponse(
        orjson.dumps(body, default=_plain, option=orjson.OPT_UTC_Z | orjson.OPT_NAIVE_UTC),
        status=status,
        content_type="application/json",
    )


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return trim(value)
    if isinstance(value, frozenset | set):
        return sorted(value)
    if isinstance(value, memoryview):
        return bytes(value).decode()
    raise TypeError(f"{type(value).__name__} has no place in an answer")


def listed(
    rows: Sequence[Any],
    *,
    limit: int,
    show: Callable[[Any], Any],
    position: Callable[[Any], UUID] = lambda row: row.id,
) -> HttpResponse:
    """A page of a list, from `limit + 1` rows: the row too many says that there is more."""
    shown = rows[:limit]
    more = len(rows) > limit
    return answer(
        {
            "data": [show(row) for row in shown],
            "next_cursor": write_cursor(position(shown[-1])) if more else None,
        }
    )


def paged(page: Page[Any], *, show: Callable[[Any], Any]) -> HttpResponse:
    """A page of a sorted list, and the cursor to go on from."""
    rows = [show(row) for row in page.rows]
    return answer({"data": rows, "next_cursor": write_place(page.later) if page.later else None})


def given(request: HttpRequest) -> dict[str, str]:
    """The parameters of the address; one that stands there several times has commas in it."""
    return {name: ",".join(values) for name, values in request.GET.lists()}


def page_size(limit: int | None) -> int:
    """The rows of a page, 1 to 200. Raises Invalid outside."""
    if limit is None:
        return 50
    if not 1 <= limit <= MOST_ROWS:
        raise Invalid(
            "invalid_limit", f"limit is 1 to {MOST_ROWS}.", fields={"limit": f"1 to {MOST_ROWS}"}
        )
    return limit


def uuid_or_missing(text: str, noun: str) -> UUID:
    """The id in a path. Raises NotFound for text that is no id: there is no such record."""
    try:
        return UUID(text)
    except ValueError as error:
        raise missing(noun) from error


def missing(noun: str) -> NotFound:
    """The one answer for records that do not exist and for records of others."""
    return NotFound("not_found", f"There is no such {noun}.")


def instant(value: datetime | None) -> str | None:
    """RFC 3339 in UTC."""
    return None if value is None else f"{value.astimezone(UTC).replace(tzinfo=None).isoformat()}Z"


def day(value: date | None) -> str | None:
    """YYYY-MM-DD."""
    return None if value is None else value.isoformat()
