"""Remove an order for good (domain 4.10): guarded, its number typed, a tombstone survives."""

from uuid import UUID

from django.db import connection

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.inventory import actions as inventory
from orderwright.inventory import queries as stock
from orderwright.kernel.numbers import ZERO
from orderwright.sales import lifecycle, promises, queries
from orderwright.sales.page import OrderPage
from orderwright.sales.stock import give_back


def remove_order(*, by: Caller, order: UUID | str, confirm_number: object) -> None:
    """Delete the order with its lines and shipments; unshipped selections return to stock.

    Raises what `lifecycle.check_remove` raises: the order's status, invoices, payments, goods on
    their way (an Admin only), Invalid `wrong_confirm_number`.
    """
    by.must("sales_orders:delete")
    page = queries.lock_order_with_stock(by, order)
    lifecycle.check_remove(page.facts(), confirm_number=confirm_number, is_admin=by.is_admin)
    _return_stock(by, page)
    with connection.cursor() as cursor:
        for table, column in (("pricing_redemption", "order_id"), ("sales_salesorder", "id")):
            cursor.execute(
                f"DELETE FROM {table} WHERE organization_id = %s AND {column} = %s",
                [by.organization_id, page.id],
            )
    activity.record(by, "sales_order.removed", page.id, body=_tombstone(page))


def _return_stock(by: Caller, page: OrderPage) -> None:
    held = promises.reservations_of(page.lines)
    waiting = [row for row in stock.selections_of(by, held.values()) if row.status == "retrieved"]
    inventory.unpack_selections(by, [row.id for row in waiting if row.is_packed])
    open_ones = [row.id for row in waiting]
    if open_ones:
        give_back(by, page, open_ones)
    products = {line.product_id for line in page.lines if line.product_id is not None}
    zero = dict.fromkeys(held.values(), ZERO)
    inventory.close_promises(by, zero, products)


def _tombstone(page: OrderPage) -> dict[str, object]:
    return {
        "number": page.head.number,
        "customer_id": page.head.customer_id,
        "customer": page.head.customer_name,
        "status": page.head.status,
        "subtotal": page.head.subtotal,
        "discount_total": page.head.discount_total,
        "freight": page.head.freight,
        "tax": page.head.tax,
        "grand_total": page.head.grand_total,
        "currency": page.head.currency,
        "line_count": len(page.lines),
    }
