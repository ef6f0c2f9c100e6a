"""Lines of purchase orders as people send them, read against the catalog (domain 1.14)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import from_json
from orderwright.kernel.money import check_price, round_half_up, round_money
from orderwright.kernel.numbers import EXACT, ONE, ZERO
from orderwright.kernel.quantity import check_quantity, check_unit
from orderwright.kernel.text import check_text
from orderwright.kernel.weight import check_weight, check_weight_unit
from orderwright.pricing.rules import ProductFacts, UnitFacts
from orderwright.pricing.units import check_sold_in, price_in
from orderwright.purchasing import sql

MOST_LINES = 5_000
PRICE_PLACES = 4
_TEXTS = ("size", "shape", "color", "quality", "material")


@dataclass(frozen=True, slots=True)
class NewLine:
    """One line as sent: a product or a description, numbers as strings or numbers.

    `unit` None is the product's own; `unit_price` None what was last paid to this supplier, else
    the product's cost.
    """

    product_id: UUID | None = None
    quantity: object = None
    unit: str | None = None
    unit_price: object = None
    requested_weight: object = None
    weight_unit: str | None = None
    size: str | None = None
    shape: str | None = None
    color: str | None = None
    quality: str | None = None
    material: str | None = None
    description: str | None = None
    needed_by: date | None = None


@dataclass(frozen=True, slots=True)
class BoughtProduct:
    """A product as purchase lines need it, with the price that it was last bought at, and how much
    orders wait for (`short`, in its default unit)."""

    id: UUID
    sku: str
    name: str
    type: str
    is_active: bool
    unit_cost: Decimal | None
    currency: str
    last_price: Decimal | None
    last_unit: str | None
    last_currency: str | None
    short: Decimal
    units: ProductFacts


def read_products(
    by: Caller, supplier_id: UUID, product_ids: Iterable[UUID]
) -> dict[UUID, BoughtProduct]:
    """The products of lines; one statement."""
    with connection.cursor() as cursor:
        cursor.execute(
            sql.PRODUCTS,
            {
                "organization": by.organization_id,
                "supplier": supplier_id,
                "products": list(product_ids),
            },
        )
        return {row[0]: _product(row) for row in cursor.fetchall()}


def read_lines(
    by: Caller,
    lines: Sequence[NewLine],
    products: Mapping[UUID, BoughtProduct],
    *,
    currency: str,
    first_position: int = 1,
    path: str = "lines.{}.",
) -> list[dict[str, Any]]:
    """The lines as rows to insert, each checked. Raises Invalid with the field of the first line
    that is wrong; `path` is where a line stands in the request."""
    if not lines or first_position - 1 + len(lines) > MOST_LINES:
        message = (
            f"A purchase order has at most {MOST_LINES} lines. Split it."
            if lines
            else "The purchase order has no line. Add a product."
        )
        code = "too_many_lines" if lines else "no_lines"
        raise Invalid(code, message, fields={"lines": message})
    return [
        _read(
            by,
            line,
            products,
            currency=currency,
            position=first_position + index,
            field=path.format(index),
        )
        for index, line in enumerate(lines)
    ]


def line_total(quantity: Decimal, price: Decimal, currency: str) -> Decimal:
    """quantity × price, rounded to the currency's minor unit (domain 5.1)."""
    return round_money(EXACT.multiply(quantity, price), currency)


def _read(
    by: Caller,
    line: NewLine,
    products: Mapping[UUID, BoughtProduct],
    *,
    currency: str,
    position: int,
    field: str,
) -> dict[str, Any]:
    product = _known(line, products, field)
    basis, ordered, unit, ratio = _measure(line, product, field)
    for name in _TEXTS:
        check_text(getattr(line, name) or "", f"{field}{name}", longest=80)
    description = check_text(line.description or "", f"{field}description", longest=2_000).strip()
    if product is None and not description:
        raise _invalid(field, "product_id", "Choose a product, or describe what is bought.")
    weight, weight_unit = _weight(line, product, field, basis)
    price = _price(by, line, product, unit=unit, currency=currency, field=field)
    return {
        "id": new_id(),
        "position": position,
        "product_id": product.id if product else None,
        "sku": product.sku if product else "",
        "description": description or (product.name if product else ""),
        "basis": basis,
        "ordered": ordered,
        "unit": unit,
        "unit_ratio": ratio,
        "requested_weight": weight,
        "weight_unit": weight_unit,
        **{name: getattr(line, name) or "" for name in _TEXTS},
        "unit_price": price,
        "line_total": line_total(ordered, price, currency),
        "needed_by": line.needed_by,
    }


def _known(
    line: NewLine, products: Mapping[UUID, BoughtProduct], field: str
) -> BoughtProduct | None:
    if line.product_id is None:
        return None
    product = products.get(line.product_id)
    if product is None:
        raise _invalid(field, "product_id", "There is no such product.", code="unknown_product")
    if not product.is_active:
        message = f"{product.name} is no longer in use. Choose another product."
        raise _invalid(field, "product_id", message, code="product_inactive")
    if product.type not in ("sale", "service"):
        message = f"{product.name} is of type {product.type} and cannot be bought."
        raise _invalid(field, "product_id", message, code="product_not_orderable")
    return product


def _measure(
    line: NewLine, product: BoughtProduct | None, field: str
) -> tuple[str, Decimal, str, Decimal]:
    """Basis, ordered, unit and ratio. Without a quantity the weight is what is ordered."""
    own_weight_unit = product.units.weight_unit if product else ""
    if line.quantity is None and line.requested_weight is not None:
        unit = check_weight_unit(line.weight_unit or own_weight_unit, f"{field}weight_unit")
        weight = check_quantity(line.requested_weight, unit, f"{field}requested_weight")
        return "weight", weight, unit, ONE
    if line.quantity is None:
        message = "Give a quantity, or a weight."
        raise _invalid(field, "quantity", message, code="missing_quantity")
    unit = check_unit(line.unit, f"{field}unit") if line.unit else ""
    if product is None:
        unit = unit or "pcs"
        return "quantity", check_quantity(line.quantity, unit, f"{field}quantity"), unit, ONE
    unit = unit or product.units.default_unit
    ratio = check_sold_in(product.units, unit, f"{field}unit")
    return "quantity", check_quantity(line.quantity, unit, f"{field}quantity"), unit, ratio


def _weight(
    line: NewLine, product: BoughtProduct | None, field: str, basis: str
) -> tuple[Decimal | None, str]:
    own = product.units.weight_unit if product else ""
    if line.requested_weight is None:
        return None, ""
    unit = check_weight_unit(line.weight_unit or own, f"{field}weight_unit")
    if basis == "weight":
        return None, unit
    return check_weight(line.requested_weight, f"{field}requested_weight"), unit


def _price(
    by: Caller,
    line: NewLine,
    product: BoughtProduct | None,
    *,
    unit: str,
    currency: str,
    field: str,
) -> Decimal:
    """The price given, else what was last paid to this supplier, else the product's cost."""
    if line.unit_price is not None and by.may("orders_commercial:update"):
        return check_price(line.unit_price, f"{field}unit_price")
    if product is None:
        return ZERO
    if product.last_price is not None and product.last_currency == currency and product.last_unit:
        found = price_in(product.units, product.last_price, product.last_unit, unit)
        if found is not None:
            return round_half_up(found, PRICE_PLACES)
    own_currency = product.currency or by.organization.default_currency
    if product.unit_cost is None or own_currency != currency:
        return ZERO
    found = price_in(product.units, product.unit_cost, product.units.default_unit, unit)
    return ZERO if found is None else round_half_up(found, PRICE_PLACES)


def _product(row: tuple[Any, ...]) -> BoughtProduct:
    units = {
        name: UnitFacts(ratio=Decimal(str(unit["ratio"])))
        for name, unit in from_json(row[6]).items()
    }
    facts = ProductFacts(
        id=row[0],
        default_unit=row[5],
        units=units,
        weight_unit=row[7],
        weight_per_unit=row[8],
    )
    return BoughtProduct(*[*row[:5], *row[9:], facts])


def _invalid(field: str, name: str, message: str, *, code: str = "invalid_line") -> Invalid:
    return Invalid(code, message, fields={f"{field}{name}": message})
