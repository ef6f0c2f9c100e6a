"""The five operations that set-up records have in common: list, create, read, change, remove.

A `Resource` says where a kind of record stands, how it is shown and which actions it goes through;
`mount` gives a router its operations. Everything that is particular stands in the resource.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from orderwright.activity import records
from orderwright.activity.kinds import Kind
from orderwright.api.answers import (
    answer,
    caller,
    instant,
    listed,
    needs,
    page_size,
    uuid_or_missing,
)
from orderwright.api.inputs import body_of, patch_of, query_of
from orderwright.identity.caller import Caller
from orderwright.kernel.cursors import read_cursor
from orderwright.kernel.errors import Conflict
from orderwright.kernel.money import format_money, format_price
from orderwright.kernel.quantity import trim
from orderwright.kernel.shapes import Shape

Show = Callable[[Caller, Any], dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Resource:
    """One kind of set-up record in the API.

    `shape` is what people send, `filters` what narrows the list, the kind's own unless said;
    `further` are fields beside the shape, as JSON schemas. `list_rows`, `read_row`, `create`,
    `change` and `remove` are the queries and actions; what is left out goes through
    `activity.records`.
    """

    path: str
    kind: Kind
    show: Show
    list_rows: Callable[..., list[Any]]
    read_row: Callable[..., Any]
    create: Callable[[Caller, dict[str, Any]], UUID]
    change: Callable[[Caller, UUID, dict[str, Any], int | None], Any]
    remove: Callable[[Caller, UUID], None]
    shape: Shape
    filters: Shape
    further: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        """`PaymentTerm`, for the schemas of the documentation."""
        return self.kind.noun.title().replace(" ", "")

    def permission(self, verb: str) -> str:
        """What reading asks for; empty where every role may read."""
        return "" if verb == "read" and self.kind.open_to_all else self.kind.permission(verb)


def resource(path: str, kind: Kind, **particular: Any) -> Resource:
    """A resource whose operations go through `activity.records` unless something is particular."""
    usual: dict[str, Any] = {
        "show": show_plain,
        "shape": kind.shape,
        "filters": kind.filters,
        "list_rows": lambda **asked: records.listed(kind=kind, **asked),
        "read_row": lambda **asked: records.one(kind=kind, **asked),
        "create": lambda by, sent: records.create(by=by, kind=kind, sent=sent),
        "change": lambda by, record_id, sent, version: records.change(
            by=by, kind=kind, record_id=record_id, sent=sent, version=version
        ),
        "remove": lambda by, record_id: records.remove(by=by, kind=kind, record_id=record_id),
    }
    return Resource(path=path, kind=kind, **{**usual, **particular})


def mount(router: Router, *resources: Resource) -> None:
    """Give the router the operations of these resources."""
    for one in resources:
        _mount_list(router, one)
        _mount_create(router, one)
        _mount_read(router, one)
        _mount_change(router, one)
        _mount_remove(router, one)


def _mount_list(router: Router, of: Resource) -> None:
    query = query_of(f"{of.title}Query", of.filters)

    @router.get(of.path, operation_id=_operation("list", of), summary=f"List: {of.kind.noun}")
    @needs(of.permission("read"))
    def list_rows(request: HttpRequest, asked: Query[query]) -> HttpResponse:  # type: ignore[valid-type]
        by, size = caller(request), page_size(asked.limit)  # type: ignore[attr-defined]
        rows = of.list_rows(
            by=by,
            q=asked.q,  # type: ignore[attr-defined]
            filters=asked.filters(),  # type: ignore[attr-defined]
            before=read_cursor(asked.cursor),  # type: ignore[attr-defined]
            limit=size,
        )
        return listed(rows, limit=size, show=lambda row: of.show(by, row))


def _mount_create(router: Router, of: Resource) -> None:
    body_type = body_of(f"New{of.title}", of.shape, **of.further)

    @router.post(of.path, operation_id=_operation("create", of), summary=f"New: {of.kind.noun}")
    @needs(of.permission("create"))
    def create(request: HttpRequest, body: body_type) -> HttpResponse:  # type: ignore[valid-type]
        by = caller(request)
        record_id = of.create(by, body.sent())  # type: ignore[attr-defined]
        return answer(_shown(of, by, record_id), status=201)


def _mount_read(router: Router, of: Resource) -> None:
    @router.get(
        f"{of.path}/{{record_id}}",
        operation_id=_operation("read", of),
        summary=f"Read: {of.kind.noun}",
    )
    @needs(of.permission("read"))
    def read(request: HttpRequest, record_id: str) -> HttpResponse:
        return answer(_shown(of, caller(request), uuid_or_missing(record_id, of.kind.noun)))


def _mount_change(router: Router, of: Resource) -> None:
    body_type = patch_of(f"{of.title}Changes", of.shape, **of.further)

    @router.patch(
        f"{of.path}/{{record_id}}",
        operation_id=_operation("change", of),
        summary=f"Change: {of.kind.noun}",
    )
    @needs(of.permission("update"))
    def change(request: HttpRequest, record_id: str, body: body_type) -> HttpResponse:  # type: ignore[valid-type]
        by, known_id = caller(request), uuid_or_missing(record_id, of.kind.noun)
        with current_in_details(lambda: _shown(of, by, known_id)):
            of.change(by, known_id, body.sent(), body.version_read())  # type: ignore[attr-defined]
        return answer(_shown(of, by, known_id))


def _mount_remove(router: Router, of: Resource) -> None:
    @router.delete(
        f"{of.path}/{{record_id}}",
        operation_id=_operation("remove", of),
        summary=f"Remove: {of.kind.noun}",
    )
    @needs(of.permission("delete"))
    def remove(request: HttpRequest, record_id: str) -> HttpResponse:
        of.remove(caller(request), uuid_or_missing(record_id, of.kind.noun))
        return HttpResponse(status=204)


def _operation(verb: str, of: Resource) -> str:
    return f"{verb}_{of.kind.noun.replace(' ', '_')}"


def _shown(of: Resource, by: Caller, record_id: UUID) -> dict[str, Any]:
    return of.show(by, of.read_row(by=by, record_id=record_id))


@contextmanager
def current_in_details(show: Callable[[], dict[str, Any]]) -> Iterator[None]:
    """A refusal `stale_version` from in here carries the record as it is now."""
    try:
        yield
    except Conflict as refusal:
        if refusal.code == "stale_version":
            refusal.details["current"] = show()
        raise


def show_plain(by: Caller, row: Any) -> dict[str, Any]:
    """A row whose columns are what the API shows; empty texts are null."""
    return {name: plain_value(getattr(row, name)) for name in type(row).__dataclass_fields__}


def plain_value(value: Any) -> Any:
    """A value as JSON; decimals that are no money are trimmed."""
    match value:
        case "":
            return None
        case Decimal():
            return trim(value)
        case datetime():
            return instant(value)
        case date():
            return value.isoformat()
    return value


def money(value: Decimal | None, currency: str) -> str | None:
    """An amount with the currency's minor digits."""
    return None if value is None else format_money(value, currency)


def price(value: Decimal | None, currency: str) -> str | None:
    """A unit price with up to four digits."""
    return None if value is None else format_price(value, currency)


def reference(record_id: UUID | None, **named: Any) -> dict[str, Any] | None:
    """Another record with what people call it; null where there is none."""
    return None if record_id is None else {"id": record_id, **named}
