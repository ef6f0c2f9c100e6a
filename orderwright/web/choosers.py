"""What fields with suggestions offer: records that fit what is typed, best first.

Typing errors are forgiven. Without a word typed, the newest records are offered.
"""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, JsonResponse

from orderwright.activity import records
from orderwright.catalog import supplying
from orderwright.catalog.kinds import PRODUCT, ProductRow
from orderwright.catalog.queries import sees_prices
from orderwright.catalog.rules import TYPES
from orderwright.directory import queries as directory
from orderwright.directory.suppliers import SUPPLIER
from orderwright.identity.caller import Caller
from orderwright.inventory import queries as inventory
from orderwright.inventory.rules import Availability
from orderwright.kernel.numbers import trim
from orderwright.reporting.search import search
from orderwright.sales import order_lists
from orderwright.sales.order_lists import OrderFilter
from orderwright.web.display import quantity

OFFERED: Final = 12
_LOOKED_AT: Final = 40


def lookup_customers(request: HttpRequest) -> JsonResponse:
    """Active customers, with their number and town."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("customers:read")
    ids = _found(by, request, "customer")
    found = directory.customers(by=by, filters={"is_active": True}, among=ids, limit=_size(ids))
    rows = [
        {
            "id": str(one.id),
            "label": one.row.name,
            "hint": ", ".join(
                [one.row.number, *[place.city for place in one.addresses if place.city][:1]]
            ),
        }
        for one in _in_order(found, ids)
    ]
    return JsonResponse({"data": rows})


def lookup_products(request: HttpRequest) -> JsonResponse:
    """Active products, with what a line needs to know of them and what is available."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("products:read")
    ids = _found(by, request, "product")
    kind = request.GET.get("type", "")
    filters = {"is_active": True, **({"type": kind} if kind in TYPES else {})}
    found = records.listed(by=by, kind=PRODUCT, filters=filters, among=ids, limit=_size(ids))
    rows = _sold_first(by, request, _in_order(found, ids))
    stock: dict[UUID, Availability] = {}
    if rows and by.may("inventory:read"):
        stock = dict(inventory.availability(by, [row.id for row in rows if row.type == "sale"]))
    return JsonResponse({"data": [_offered(by, row, stock.get(row.id)) for row in rows]})


def lookup_suppliers(request: HttpRequest) -> JsonResponse:
    """Active suppliers, with their number."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("suppliers:read")
    q = request.GET.get("q", "").strip()
    found = records.listed(
        by=by, kind=SUPPLIER, q=q or None, filters={"is_active": True}, limit=OFFERED - 1
    )
    rows = [{"id": str(row.id), "label": row.name, "hint": row.number} for row in found]
    return JsonResponse({"data": rows[:OFFERED]})


def lookup_orders(request: HttpRequest) -> JsonResponse:
    """Sales orders, with their customer."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("sales_orders:read")
    q = request.GET.get("q", "").strip()
    if q:
        hits = search(by, q, kinds=["order"], limit=OFFERED)
        rows = [{"id": str(hit.id), "label": hit.label, "hint": hit.hint} for hit in hits]
        return JsonResponse({"data": rows})
    sees = by.may("customers:read")
    newest = order_lists.orders(by, OrderFilter()).rows[:OFFERED]
    rows = [
        {"id": str(row.id), "label": row.number, "hint": row.customer_name if sees else ""}
        for row in newest
    ]
    return JsonResponse({"data": rows})


def _sold_first(by: Caller, request: HttpRequest, rows: list[ProductRow]) -> list[ProductRow]:
    """What the supplier of a purchase order sells to us stands first; in that order otherwise."""
    try:
        supplier_id = UUID(request.GET.get("supplier_id", ""))
    except ValueError:
        return rows
    sold = set(supplying.products_of(by, supplier_id)) if by.may("suppliers:read") else set()
    return sorted(rows, key=lambda row: row.id not in sold)


def _found(by: Caller, request: HttpRequest, kind: str) -> list[UUID] | None:
    """The ids of what fits, best first; None when nothing was typed."""
    q = request.GET.get("q", "").strip()
    return [hit.id for hit in search(by, q, kinds=[kind], limit=_LOOKED_AT)] if q else None


def _size(ids: Sequence[UUID] | None) -> int:
    return OFFERED - 1 if ids is None else _LOOKED_AT


def _in_order(found: Sequence[Any], ids: Sequence[UUID] | None) -> list[Any]:
    """The records in the order of their ids; as they come without one."""
    places = {record_id: place for place, record_id in enumerate(ids or ())}
    return sorted(found, key=lambda one: places.get(one.id, 0))[:OFFERED]


def _offered(by: Caller, row: ProductRow, stock: Availability | None) -> dict[str, Any]:
    hint = row.sku
    if stock is not None:
        hint = f"{row.sku}, {quantity(stock.available, row.default_unit)} available"
    offered = {
        "id": str(row.id),
        "label": row.name,
        "hint": hint,
        "sku": row.sku,
        "unit": row.default_unit,
        "units": [row.default_unit, *row.units],
        "type": row.type,
    }
    if sees_prices(by) and row.base_price is not None:
        offered |= {"price": trim(row.base_price), "currency": row.currency}
    return offered
