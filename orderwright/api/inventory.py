"""Lots over HTTP: list, add, read, describe, delete, count, move, what happened to one; and what is
available of a product."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from orderwright.api.answers import (
    answer,
    caller,
    instant,
    listed,
    missing,
    needs,
    page_size,
    uuid_or_missing,
)
from orderwright.api.inputs import body_of, filters_of, patch_of
from orderwright.api.records import current_in_details, plain_value, price
from orderwright.identity.caller import Caller
from orderwright.inventory import lot_queries, lots, queries
from orderwright.inventory.lot_queries import LotRow, MovementRow
from orderwright.kernel.cursors import read_cursor
from orderwright.kernel.numbers import trim

router = Router(tags=["Inventory"])

LotFilters = filters_of("LotFilters", lot_queries.FILTERS)
NewLotBody = body_of("NewLot", lots.SHAPE)
LotChanges = patch_of("LotChanges", lots.CHANGES, **{name: {} for name in lots.CHANGED_ELSEWHERE})
Adjustment = patch_of("Adjustment", lots.ADJUSTMENT)
Transfer = patch_of("Transfer", lots.TRANSFER)


@router.get("/lots")
@needs("inventory:read")
def list_lots(
    request: HttpRequest,
    chosen: Query[LotFilters],  # type: ignore[valid-type]
    limit: int | None = None,
    cursor: str | None = None,
) -> HttpResponse:
    """Lots, newest first. `tag` is the beginning of a tag; `q` that, or a part of the product's
    name or SKU."""
    by, size = caller(request), page_size(limit)
    filters = chosen.sent()  # type: ignore[attr-defined]
    rows = lot_queries.lots(by=by, filters=filters, before=read_cursor(cursor), limit=size)
    return listed(rows, limit=size, show=lambda row: show_lot(by, row))


@router.post("/lots")
@needs("inventory:create")
def add_lot(request: HttpRequest, body: NewLotBody) -> HttpResponse:  # type: ignore[valid-type]
    """Put stock on the books. With `auto_merge` the answer may be the lot that took it up."""
    by = caller(request)
    return answer(show_lot(by, lots.add_lot(by=by, sent=body.sent())), status=201)  # type: ignore[attr-defined]


@router.get("/lots/{ref}")
@needs("inventory:read")
def read_lot(request: HttpRequest, ref: str) -> HttpResponse:
    """One lot, by its id or its tag."""
    by = caller(request)
    return answer(show_lot(by, lot_queries.lot(by=by, ref=ref)))


@router.patch("/lots/{ref}")
@needs("inventory:update")
def change_lot(request: HttpRequest, ref: str, body: LotChanges) -> HttpResponse:  # type: ignore[valid-type]
    """Describe a lot anew, or say that it is rejected, scrap, archived or available again."""
    by = caller(request)
    with current_in_details(lambda: show_lot(by, lot_queries.read_lot(by, ref))):
        row = lots.edit_lot(by=by, ref=ref, sent=body.sent(), version=body.version_read())  # type: ignore[attr-defined]
    return answer(show_lot(by, row))


@router.delete("/lots/{ref}")
@needs("inventory:delete")
def delete_lot(request: HttpRequest, ref: str) -> HttpResponse:
    """Take a lot off the books that was never used."""
    lots.delete_lot(by=caller(request), ref=ref)
    return HttpResponse(status=204)


@router.post("/lots/{ref}/actions/adjust")
@needs("inventory:update")
def adjust_lot(request: HttpRequest, ref: str, body: Adjustment) -> HttpResponse:  # type: ignore[valid-type]
    """Set a lot to the counted new values; what was not counted stays."""
    by = caller(request)
    with current_in_details(lambda: show_lot(by, lot_queries.read_lot(by, ref))):
        row = lots.adjust_lot(by=by, ref=ref, sent=body.sent(), version=body.version_read())  # type: ignore[attr-defined]
    return answer(show_lot(by, row))


@router.post("/lots/{ref}/actions/transfer")
@needs("inventory:update")
def transfer_lot(request: HttpRequest, ref: str, body: Transfer) -> HttpResponse:  # type: ignore[valid-type]
    """Move a whole lot to another location."""
    by = caller(request)
    with current_in_details(lambda: show_lot(by, lot_queries.read_lot(by, ref))):
        row = lots.transfer_lot(by=by, ref=ref, sent=body.sent(), version=body.version_read())  # type: ignore[attr-defined]
    return answer(show_lot(by, row))


@router.get("/lots/{ref}/movements")
@needs("inventory:read")
def list_movements(
    request: HttpRequest, ref: str, limit: int | None = None, cursor: str | None = None
) -> HttpResponse:
    """Every change of a lot, newest first."""
    by, size = caller(request), page_size(limit)
    lot = lot_queries.lot(by=by, ref=ref)
    rows = lot_queries.movements(by=by, lot_id=lot.id, before=read_cursor(cursor), limit=size)
    return listed(rows, limit=size, show=lambda row: show_movement(lot, row))


@router.get("/products/{product_id}/availability")
@needs("inventory:read")
def availability(request: HttpRequest, product_id: str) -> HttpResponse:
    """What is on hand, promised and available to promise, in the product's default unit."""
    known_id = uuid_or_missing(product_id, "product")
    found = queries.availability(caller(request), [known_id]).get(known_id)
    if found is None:
        raise missing("product")
    return answer(
        {
            "product_id": known_id,
            "on_hand": trim(found.on_hand),
            "reserved": trim(found.reserved),
            "short": trim(found.short),
            "available": trim(found.available),
        }
    )


def show_lot(by: Caller, row: LotRow) -> dict[str, Any]:
    """A lot; its cost is absent for those who may not see it."""
    hidden = {"product_sku", "product_name", "location_name", "unit_cost", "currency"}
    shown = {
        name: plain_value(getattr(row, name))
        for name in LotRow.__dataclass_fields__
        if name not in hidden
    }
    shown["product"] = {"id": row.product_id, "sku": row.product_sku, "name": row.product_name}
    shown["location"] = {"id": row.location_id, "name": row.location_name}
    if by.may("orders_commercial:read"):
        currency = row.currency or by.organization.default_currency
        shown["unit_cost"] = price(row.unit_cost, currency)
        shown["currency"] = row.currency or None
    return shown


def show_movement(lot: LotRow, row: MovementRow) -> dict[str, Any]:
    """One change of a lot, in the lot's units."""
    return {
        "id": row.id,
        "lot_id": lot.id,
        "product_id": lot.product_id,
        "action": row.action,
        "quantity_delta": trim(row.quantity_delta),
        "quantity_after": trim(row.quantity_after),
        "unit": lot.unit,
        "weight_delta": trim(row.weight_delta),
        "weight_after": trim(row.weight_after),
        "weight_unit": lot.weight_unit,
        "reason": row.reason or None,
        "cause_id": row.cause_id,
        "cause": row.cause or None,
        "actor": {"name": row.actor_name},
        "at": instant(row.at),
    }
