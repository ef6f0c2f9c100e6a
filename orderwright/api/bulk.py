"""Many records at once over HTTP: start a run, follow it, stop it."""

from collections.abc import Callable, Mapping
from typing import Annotated, Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router
from pydantic import Field

from orderwright.activity import bulk, bulk_results
from orderwright.activity.bulk import MOST
from orderwright.activity.bulk_results import RunPage, RunRow
from orderwright.activity.record_lists import ids_of_records
from orderwright.api.answers import about, answer, caller, instant, needs, page_size
from orderwright.api.body_types import Body
from orderwright.catalog.kinds import PRODUCT
from orderwright.directory.kinds import CUSTOMER
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.sales import bulk as sales

router = Router(tags=["Many at once"])
Find = Callable[[Caller, Mapping[str, str], int], list[UUID]]


class BulkBody(Body):
    """The action, its own body, and the records: by `ids`, or all that match a `filter` of the
    list's parameters."""

    action: str
    ids: Annotated[list[UUID], Field(max_length=MOST)] | None = None
    filter: dict[str, str] | None = None
    body: dict[str, Any] = {}


def _no_record(by: Caller) -> None:
    """The path names none."""


def _records(kind: Any) -> Find:
    def find(by: Caller, given: Mapping[str, str], most: int) -> list[UUID]:
        filters = {name: text for name, text in given.items() if name != "q"}
        return ids_of_records(by=by, kind=kind, q=given.get("q"), filters=filters, most=most)

    return find


def _start(request: HttpRequest, list_name: str, body: BulkBody, find: Find) -> HttpResponse:
    by = caller(request)
    if (body.ids is None) == (body.filter is None):
        message = "Name the records by ids or by a filter: one of the two."
        raise Invalid("invalid_input", message, fields={"ids": message})
    ids = body.ids if body.filter is None else find(by, body.filter, MOST + 1)
    action = bulk.bulk_action(list_name, body.action)
    run_id = bulk.start(by=by, action=action, ids=ids or [], parameters=body.body)
    return answer(show_run(bulk_results.run_page(by, run_id)), status=201)


@router.post("/sales-orders/actions/bulk")
@needs("sales_orders:update")
@about(_no_record)
def bulk_sales_orders(request: HttpRequest, body: BulkBody) -> HttpResponse:
    """`hold {reason}`, `release-hold`, `issue`, `set-lead {order_lead_id}`,
    `set-priority {priority}` on many orders."""
    return _start(
        request, "sales-orders", body, lambda by, given, most: sales.ids_of(by, given, most=most)
    )


@router.post("/products/actions/bulk")
@needs("products:update")
@about(_no_record)
def bulk_products(request: HttpRequest, body: BulkBody) -> HttpResponse:
    """`activate`, `deactivate` on many products."""
    return _start(request, "products", body, _records(PRODUCT))


@router.post("/customers/actions/bulk")
@needs("customers:update")
@about(_no_record)
def bulk_customers(request: HttpRequest, body: BulkBody) -> HttpResponse:
    """`set-status {status, reason?}`, `activate`, `deactivate` on many customers."""
    return _start(request, "customers", body, _records(CUSTOMER))


@router.get("/bulk-runs/{run_id}")
@needs("")
def one_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """How far a run is; the caller's own, or anybody's for an Admin."""
    return answer(show_run(bulk_results.run_page(caller(request), run_id)))


@router.get("/bulk-runs/{run_id}/rows")
@needs("")
def rows_of_run(
    request: HttpRequest, run_id: UUID, limit: int | None = None, cursor: str | None = None
) -> HttpResponse:
    """The result of each record, in the order in which they were given."""
    by, size = caller(request), page_size(limit)
    bulk_results.run_page(by, run_id)
    rows = bulk_results.run_rows(by, run_id, after=_position(cursor), limit=size + 1)
    more = str(rows[size - 1].position) if len(rows) > size else None
    return answer({"data": [show_row(row) for row in rows[:size]], "next_cursor": more})


@router.post("/bulk-runs/{run_id}/actions/cancel")
@needs("")
def cancel_run(request: HttpRequest, run_id: UUID) -> HttpResponse:
    """Stop a run; what is done stays done."""
    by = caller(request)
    bulk.cancel(by=by, run_id=run_id)
    return answer(show_run(bulk_results.run_page(by, run_id)))


def _position(cursor: str | None) -> int:
    if not cursor:
        return 0
    if cursor.isascii() and cursor.isdigit() and len(cursor) < 9:
        return int(cursor)
    message = "This cursor was not made by this list. Start again without one."
    raise Invalid("invalid_cursor", message, fields={"cursor": message})


def show_run(run: RunPage) -> dict[str, Any]:
    """A run with its counts, and why rows were skipped."""
    return {
        "id": run.id,
        "action": run.action,
        "status": run.status,
        "started_at": instant(run.started_at),
        "ended_at": instant(run.ended_at),
        "total": run.total,
        "done": run.done,
        "skipped": run.skipped,
        "waiting": run.waiting,
        "reasons": [
            {"code": one.code, "count": one.count, "message": one.message} for one in run.reasons
        ],
    }


def show_row(row: RunRow) -> dict[str, Any]:
    """The result of one record."""
    return {
        "id": row.subject_id,
        "name": row.label or None,
        "status": row.status,
        "code": row.code or None,
        "message": row.message or None,
    }
