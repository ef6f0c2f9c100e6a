"""What goods that arrive cover: the sales lines that waited for them (domain 1.10, 4.9)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity import actions as activity
from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import ZERO, trim
from orderwright.purchasing.sql import WAITING


@dataclass(frozen=True, slots=True)
class Covered:
    """How much of a sales line is covered now and was not; `short` is what it still waits for.
    Quantities are in the product's unit, or a weight."""

    order_id: UUID
    order_number: str
    order_lead_id: UUID
    position: int
    quantity: Decimal
    short: Decimal
    unit: str

    def as_json(self) -> dict[str, str | int | UUID]:
        """As events and answers tell it."""
        return {
            "order_id": self.order_id,
            "order": self.order_number,
            "position": self.position,
            "quantity": trim(self.quantity),
            "short": trim(self.short),
            "unit": self.unit,
        }


@dataclass(frozen=True, slots=True)
class _Waiting:
    id: UUID
    covered: Decimal
    required: Decimal
    unit: str
    order_id: UUID
    order_number: str
    order_lead_id: UUID
    position: int


Waiting = Mapping[UUID, _Waiting]


def waiting(by: Caller, product_ids: Collection[UUID]) -> Waiting:
    """The sales lines that wait for these products. One statement; the products are locked."""
    return _read(by, products=list(product_ids), reservations=None)


def covered_since(by: Caller, before: Waiting) -> tuple[Covered, ...]:
    """What is covered of the lines that waited `before`, by order and line. One statement, none
    when nothing waited."""
    if not before:
        return ()
    found = [
        Covered(
            order_id=now.order_id,
            order_number=now.order_number,
            order_lead_id=now.order_lead_id,
            position=now.position,
            quantity=now.covered - before[now.id].covered,
            short=max(ZERO, now.required - now.covered),
            unit=now.unit,
        )
        for now in _read(by, products=None, reservations=list(before)).values()
    ]
    chosen = [one for one in found if one.quantity > 0]
    return tuple(sorted(chosen, key=lambda one: (one.order_number, one.position)))


def tell(by: Caller, covered: Collection[Covered], *, receipt: str, receipt_id: UUID) -> None:
    """One `sales_order.covered` for each order that waited, for its timeline and its lead. One
    statement for all."""
    orders: dict[UUID, list[Covered]] = {}
    for one in covered:
        orders.setdefault(one.order_id, []).append(one)
    happened: list[tuple[UUID, dict[str, Any]]] = [
        (
            order_id,
            {
                "receipt": receipt,
                "receipt_id": receipt_id,
                "order_lead_id": lines[0].order_lead_id,
                "lines": [one.as_json() for one in lines],
            },
        )
        for order_id, lines in orders.items()
    ]
    if happened:
        activity.record_each(by, "sales_order.covered", happened)


def _read(
    by: Caller, *, products: list[UUID] | None, reservations: list[UUID] | None
) -> dict[UUID, _Waiting]:
    with connection.cursor() as cursor:
        cursor.execute(
            WAITING,
            {
                "organization": by.organization_id,
                "products": products or [],
                "reservations": reservations or [],
            },
        )
        return {row[0]: _Waiting(*row) for row in cursor.fetchall()}
