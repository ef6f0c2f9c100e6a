"""The receipts of a supplier, whatever order they belong to, newest first."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, SortKey, Window, keyset, page_of, place_values

# The order's receipts are found by its index; what arrived is summed up for the page's rows only.
_PAGE: Final = """
    SELECT r.id, r.number, r.order_id, o.number, r.received_on, x.name, r.received_by, r.at,
        r.reversed_at, s.lines, s.rejected, s.first
    FROM purchasing_receipt r
    JOIN purchasing_purchaseorder o ON o.organization_id = r.organization_id AND o.id = r.order_id
    LEFT JOIN inventory_location x
      ON x.organization_id = r.organization_id AND x.id = r.location_id
    CROSS JOIN LATERAL (
        SELECT count(*) AS lines, coalesce(sum(l.rejected), 0) AS rejected,
            (array_agg(p.description ORDER BY p.position))[1] AS first
        FROM purchasing_receiptline l
        JOIN purchasing_purchaseorderline p
          ON p.organization_id = l.organization_id AND p.id = l.line_id
        WHERE l.organization_id = r.organization_id AND l.receipt_id = r.id) s
    WHERE r.organization_id = %(organization)s AND o.supplier_id = %(supplier)s
"""


@dataclass(frozen=True, slots=True)
class ReceiptSummary:
    """A receipt in a list: how many lines it has, and what the first of them brought."""

    id: UUID
    number: str
    order_id: UUID
    order_number: str
    received_on: date
    location_name: str | None
    received_by: str
    at: datetime
    reversed_at: datetime | None
    line_count: int
    rejected: Decimal
    first: str


def receipts_of_supplier(by: Caller, supplier_id: UUID, window: Window) -> Page[ReceiptSummary]:
    """A page of them; one statement. Raises Forbidden."""
    by.must("purchase_orders:read")
    start, order = keyset(SortKey(), window, table="r")
    begins = f" AND {start}" if start else ""
    statement = f"{_PAGE}{begins} ORDER BY {order} LIMIT {int(window.size) + 1}"
    values = {"organization": by.organization_id, "supplier": supplier_id, **place_values(window)}
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return page_of([("", ReceiptSummary(*row)) for row in cursor.fetchall()], window)
