"""Reads of stock: figures of products, lots, what reservations hold, selections."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import sql
from orderwright.inventory.rules import Availability, LotFacts, Reservation, Stock, availability_of
from orderwright.kernel.json_text import from_json
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.weight import convert, round_weight


@dataclass(frozen=True, slots=True)
class ProductStock:
    """What is on hand of one product and the sums of what is promised of it."""

    product_id: UUID
    stock: Stock
    covered: Decimal
    short: Decimal
    has_weight_promises: bool

    @property
    def is_settled(self) -> bool:
        """Nothing covered that is not there, nothing free while somebody waits."""
        if self.has_weight_promises:
            return False
        free = max(ZERO, self.stock.quantity) - self.covered
        return free == 0 or (free > 0 and not self.short)


@dataclass(frozen=True, slots=True)
class Holding:
    """What one reservation holds: promised, selected and shipped.

    `selected` and `sent` are (quantity in the product's default unit, {weight unit: weight}).
    """

    reservation_id: UUID
    required: Decimal
    covered: Decimal
    selected: tuple[Decimal, Mapping[str, Decimal]]
    sent: tuple[Decimal, Mapping[str, Decimal]]


@dataclass(frozen=True, slots=True)
class SelectionRow:
    """A quantity taken from one lot, as lists show it; quantity in the product's default unit.

    `is_packed`: it lies in a box that has not left.
    """

    id: UUID
    reservation_id: UUID
    lot_id: UUID
    tag_id: str
    product_id: UUID
    quantity: Decimal
    unit: str
    weight: Decimal
    weight_unit: str
    status: str
    selected_at: datetime
    selected_by: str
    is_packed: bool = False

    @property
    def is_open(self) -> bool:
        """Whether it can be released, packed or shipped."""
        return self.status == "retrieved" and not self.is_packed


def stock_of(by: Caller, product_ids: Iterable[UUID]) -> list[ProductStock]:
    """On hand and promised of products; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.STOCK,
            {
                "organization": by.organization_id,
                "products": list(product_ids),
                "weight_unit": by.organization.default_weight_unit,
            },
        )
        return [_product_stock(row) for row in cursor.fetchall()]


def availability(by: Caller, product_ids: Iterable[UUID]) -> dict[UUID, Availability]:
    """The figures of domain 1.10 for products, in their default units; at most two statements."""
    by.must("inventory:read")
    stocks = stock_of(by, product_ids)
    weighed = [entry.product_id for entry in stocks if entry.has_weight_promises]
    promises = promises_of(by, weighed) if weighed else {}
    return {
        entry.product_id: availability_of(entry.stock, promises[entry.product_id])
        if entry.product_id in promises
        else Availability(entry.stock.quantity, entry.covered, entry.short)
        for entry in stocks
    }


def promises_of(by: Caller, product_ids: Iterable[UUID]) -> dict[UUID, list[Reservation]]:
    """The open reservations of products; one statement."""
    found: dict[UUID, list[Reservation]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            sql.PROMISES, {"organization": by.organization_id, "products": list(product_ids)}
        )
        for product_id, *rest in cursor.fetchall():
            found.setdefault(product_id, []).append(Reservation(*rest))
    return found


def holdings_of(by: Caller, reservation_ids: Iterable[UUID]) -> dict[UUID, Holding]:
    """What reservations hold; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.HOLDINGS,
            {"organization": by.organization_id, "reservations": list(reservation_ids)},
        )
        return {row[0]: _holding(row) for row in cursor.fetchall()}


def selections_of(by: Caller, reservation_ids: Iterable[UUID]) -> list[SelectionRow]:
    """Every selection of reservations, newest first; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SELECTIONS,
            {"organization": by.organization_id, "reservations": list(reservation_ids)},
        )
        return [SelectionRow(*row) for row in cursor.fetchall()]


def lots_of_products(by: Caller, product_ids: Iterable[UUID]) -> dict[UUID, list[LotFacts]]:
    """Lots with something on hand, by product, oldest first; one statement."""
    found: dict[UUID, list[LotFacts]] = {}
    with connection.cursor() as cursor:
        cursor.execute(
            sql.LOTS_OF_PRODUCTS,
            {"organization": by.organization_id, "products": list(product_ids)},
        )
        for row in cursor.fetchall():
            lot = LotFacts(*row)
            found.setdefault(lot.product_id, []).append(lot)
    return found


def _product_stock(row: tuple[Any, ...]) -> ProductStock:
    product_id, unit, weight_unit, quantity, weights, covered, short, by_weight = row
    total = ZERO
    for name, text in from_json(weights).items():
        weight = Decimal(text)
        total += weight if name == weight_unit else convert(weight, name, weight_unit)
    return ProductStock(
        product_id=product_id,
        stock=Stock(quantity, unit, round_weight(total), weight_unit),
        covered=covered,
        short=short,
        has_weight_promises=by_weight > 0,
    )


def _holding(row: tuple[Any, ...]) -> Holding:
    reservation_id, required, covered, sums = row
    quantities = {"retrieved": ZERO, "shipped": ZERO}
    weights: dict[str, dict[str, Decimal]] = {"retrieved": {}, "shipped": {}}
    for status, weight_unit, quantity, weight in from_json(sums) or []:
        quantities[status] += Decimal(quantity)
        weights[status][weight_unit] = Decimal(weight)
    return Holding(
        reservation_id=reservation_id,
        required=required,
        covered=covered,
        selected=(quantities["retrieved"], weights["retrieved"]),
        sent=(quantities["shipped"], weights["shipped"]),
    )
