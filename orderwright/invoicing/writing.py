"""What every action of this area ends with: numbers, and what orders are told of their money."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.invoicing import sql
from orderwright.invoicing.models import Payment
from orderwright.kernel.ids import new_id
from orderwright.sales.money import MoneyTold
from orderwright.sales.telling import tell_money


def take_number(by: Caller, kind: str, prefix: str) -> str:
    """The next number of a kind of document without gaps: locked until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.TAKE_NUMBER, {"organization": by.organization_id, "id": new_id(), "kind": kind}
        )
        (last,) = cursor.fetchone()
    return f"{prefix}{last:05d}"


def lock_orders(by: Caller, order_ids: Iterable[UUID | None]) -> list[UUID]:
    """Lock these orders in key order, before their invoices and payments; one statement."""
    wanted = sorted({one for one in order_ids if one is not None})
    if not wanted:
        return []
    with connection.cursor() as cursor:
        cursor.execute(sql.LOCK_ORDERS, {"organization": by.organization_id, "orders": wanted})
        return [row[0] for row in cursor.fetchall()]


def orders_of_payments(by: Caller, payment_ids: Sequence[UUID]) -> list[UUID]:
    """The orders on which these payments are deposits; one statement, none without payments."""
    if not payment_ids:
        return []
    rows = Payment.objects.of(by.organization_id).with_ids(payment_ids).exclude(order_id=None)
    return list(rows.values_list("order_id", flat=True))


def tell_orders(by: Caller, order_ids: Iterable[UUID | None]) -> None:
    """Tell each order its money and what is invoiced of its lines (domain 2.5).

    Two statements for the sums of all of them, and what each order's own change takes.
    """
    wanted = sorted({one for one in order_ids if one is not None})
    if not wanted:
        return
    values: dict[str, Any] = {"organization": by.organization_id, "orders": wanted}
    invoiced: dict[UUID, dict[UUID, Decimal]] = {}
    with connection.cursor() as cursor:
        cursor.execute(sql.MONEY, values)
        told = [(row[0], MoneyTold(*row[1:])) for row in cursor.fetchall()]
        cursor.execute(sql.INVOICED, values)
        for order_id, line_id, quantity in cursor.fetchall():
            invoiced.setdefault(order_id, {})[line_id] = quantity
    for order_id, money in told:
        tell_money(by, order_id, money, invoiced=invoiced.get(order_id))
