"""Lines as people send them, read against the catalog, and as rows to be written."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.money import check_price
from orderwright.kernel.numbers import ONE, ZERO
from orderwright.kernel.quantity import check_quantity, check_unit
from orderwright.kernel.text import check_text
from orderwright.kernel.weight import check_weight, check_weight_unit
from orderwright.pricing.facts import CatalogFacts, PriceFacts
from orderwright.pricing.rules import LineToPrice, PricedLine, PricedOrder, Step
from orderwright.pricing.units import check_sold_in

MOST_LINES = 5_000
KINDS = {"sale": "product", "service": "service"}
_TEXTS = ("size", "shape", "color", "quality", "material")


@dataclass(frozen=True, slots=True)
class NewLine:
    """One line as sent: numbers as strings or numbers, unit None for the product's own."""

    product_id: UUID
    quantity: object = None
    unit: str | None = None
    unit_price: object = None
    requested_weight: object = None
    weight_unit: str | None = None
    weight_basis: str = "total"
    size: str | None = None
    shape: str | None = None
    color: str | None = None
    quality: str | None = None
    material: str | None = None
    description: str | None = None
    needed_by: date | None = None
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class ReadLine:
    """A line that makes sense: `ordered` in `unit`, on its basis (domain 1.12)."""

    id: UUID
    position: int
    new: NewLine
    product: CatalogFacts
    basis: str
    ordered: Decimal
    unit: str
    unit_ratio: Decimal
    requested_weight: Decimal | None
    weight_unit: str
    to_price: LineToPrice


def read_lines(
    by: Caller,
    lines: Sequence[NewLine],
    facts: PriceFacts,
    *,
    first_position: int = 1,
    path: str = "lines.{}.",
) -> tuple[ReadLine, ...]:
    """The lines, checked. Raises Invalid with the field of the first line that is wrong; `path` is
    where a line stands in the request."""
    if not lines or first_position - 1 + len(lines) > MOST_LINES:
        raise Invalid(
            "no_lines" if not lines else "too_many_lines",
            f"An order has 1 to {MOST_LINES} lines. Add a product."
            if not lines
            else f"An order has at most {MOST_LINES} lines. Split it.",
            fields={"lines": f"1 to {MOST_LINES} lines"},
        )
    return tuple(
        _read(by, line, facts, position=first_position + index, field=path.format(index))
        for index, line in enumerate(lines)
    )


def _read(by: Caller, line: NewLine, facts: PriceFacts, *, position: int, field: str) -> ReadLine:
    product = _product(line, facts, field)
    basis, ordered, unit, ratio = _measure(line, product, field)
    weight, weight_unit = _weight(line, product, field, basis)
    price = None
    if line.unit_price is not None and by.may("orders_commercial:update"):
        price = check_price(line.unit_price, f"{field}unit_price")
    for name in _TEXTS:
        check_text(getattr(line, name) or "", f"{field}{name}", longest=80)
    check_text(line.description or "", f"{field}description", longest=2_000)
    if line.priority not in (None, "", "low", "normal", "high"):
        raise _invalid(field, "priority", "The priority is low, normal or high.")
    line_id = new_id()
    return ReadLine(
        id=line_id,
        position=position,
        new=line,
        product=product,
        basis=basis,
        ordered=ordered,
        unit=unit,
        unit_ratio=ratio,
        requested_weight=weight,
        weight_unit=weight_unit,
        to_price=LineToPrice(
            key=line_id,
            position=position,
            product=product.pricing,
            quantity=ordered,
            unit=unit,
            basis=basis,
            kind=KINDS[product.type],
            unit_price=price,
            price_locked=price is None,
            weight=_total_weight(line, weight, ordered, basis),
            weight_unit=weight_unit,
        ),
    )


def _product(line: NewLine, facts: PriceFacts, field: str) -> CatalogFacts:
    product = facts.products.get(line.product_id)
    if product is None:
        raise _invalid(field, "product_id", "There is no such product.", code="unknown_product")
    if not product.is_active:
        message = f"{product.name} is no longer sold. Choose another product."
        raise _invalid(field, "product_id", message, code="product_inactive")
    if product.type not in KINDS:
        message = f"{product.name} is of type {product.type} and cannot be ordered."
        raise _invalid(field, "product_id", message, code="product_not_orderable")
    allowed = facts.allowed_lines
    if allowed is not None and product.pricing.product_line_id not in allowed:
        message = f"{facts.buyer_name} may not order {product.name}: its product line is not open."
        raise _invalid(field, "product_id", message, code="product_line_not_allowed")
    return product


def _measure(line: NewLine, product: CatalogFacts, field: str) -> tuple[str, Decimal, str, Decimal]:
    """Basis, ordered, unit and ratio. Without a quantity the weight is what is ordered."""
    if line.quantity is None and line.requested_weight is not None:
        unit = check_weight_unit(
            line.weight_unit or product.pricing.weight_unit, f"{field}weight_unit"
        )
        weight = check_quantity(line.requested_weight, unit, f"{field}requested_weight")
        return "weight", weight, unit, ONE
    if line.quantity is None:
        message = "Give a quantity, or a weight."
        raise _invalid(field, "quantity", message, code="missing_quantity")
    unit = product.pricing.default_unit
    if line.unit:
        unit = check_unit(line.unit, f"{field}unit")
    ratio = check_sold_in(product.pricing, unit, f"{field}unit")
    return "quantity", check_quantity(line.quantity, unit, f"{field}quantity"), unit, ratio


def _weight(
    line: NewLine, product: CatalogFacts, field: str, basis: str
) -> tuple[Decimal | None, str]:
    if line.weight_basis not in ("total", "each"):
        raise _invalid(field, "weight_basis", "The weight is total or each.")
    if line.requested_weight is None:
        return None, ""
    unit = check_weight_unit(line.weight_unit or product.pricing.weight_unit, f"{field}weight_unit")
    return check_weight(line.requested_weight, f"{field}requested_weight"), unit


def _total_weight(
    line: NewLine, weight: Decimal | None, ordered: Decimal, basis: str
) -> Decimal | None:
    if weight is not None and basis == "quantity" and line.weight_basis == "each":
        return weight * ordered
    return weight


def rows(lines: Sequence[ReadLine], priced: PricedOrder) -> list[dict[str, Any]]:
    """The lines as rows to insert, the generated ones last (domain 1.12)."""
    found = {line.key: line for line in priced.lines}
    written = [_row(line, found[line.id]) for line in lines]
    return written + generated_rows(priced, first_position=len(written) + 1)


def unpriced_row(line: ReadLine) -> dict[str, Any]:
    """A line to insert before the order is priced anew."""
    price = line.to_price.unit_price or ZERO
    nothing = PricedLine(line.id, price, "", (), ZERO, ZERO, ZERO, ZERO)
    return {**_row(line, nothing), "status": "not_started", "reasons": []}


def _row(line: ReadLine, priced: PricedLine) -> dict[str, Any]:
    new, product = line.new, line.product
    return {
        "id": line.id,
        "position": line.position,
        "kind": line.to_price.kind,
        "product_id": product.id,
        "sku": product.sku,
        "description": new.description or product.name,
        "basis": line.basis,
        "ordered": line.ordered,
        "unit": line.unit,
        "unit_ratio": line.unit_ratio,
        "requested_weight": line.requested_weight,
        "weight_unit": line.weight_unit,
        "weight_basis": new.weight_basis,
        **{name: getattr(new, name) or "" for name in _TEXTS},
        "unit_price": priced.unit_price,
        "price_locked": line.to_price.price_locked,
        "price_source": priced.price_source,
        "price_breakdown": _steps(priced.breakdown),
        "line_total": priced.line_total,
        "discount_share": priced.discount_share,
        "tax_rate": priced.tax_rate,
        "tax": priced.tax,
        "unit_cost": product.unit_cost,
        "needed_by": new.needed_by,
        "line_priority": new.priority or "",
    }


def _steps(breakdown: tuple[Step, ...] | None) -> list[dict[str, str]]:
    return [step.as_json() for step in breakdown or ()]


def generated_rows(priced: PricedOrder, *, first_position: int) -> list[dict[str, Any]]:
    """The discount line and then the freight line, where there is anything to say."""
    found = []
    if priced.discount_total:
        found.append(("discount", "Discount", -priced.discount_total, ""))
    if priced.freight.amount or priced.freight.unquoted:
        found.append(("freight", "Freight", priced.freight.amount, priced.freight.note))
    return [
        _generated(kind, name, amount, note, first_position + index)
        for index, (kind, name, amount, note) in enumerate(found)
    ]


def _generated(kind: str, name: str, amount: Decimal, note: str, position: int) -> dict[str, Any]:
    return {
        "id": new_id(),
        "position": position,
        "kind": kind,
        "product_id": None,
        "sku": "",
        "description": name,
        "basis": "quantity",
        "ordered": ONE,
        "unit": "",
        "unit_ratio": ONE,
        "requested_weight": None,
        "weight_unit": "",
        "weight_basis": "total",
        **dict.fromkeys(_TEXTS, ""),
        "unit_price": amount,
        "price_locked": True,
        "price_source": kind,
        "price_breakdown": [{"step": kind, "price": str(amount), "note": note}],
        "line_total": amount,
        "discount_share": ZERO,
        "tax_rate": ZERO,
        "tax": ZERO,
        "unit_cost": None,
        "needed_by": None,
        "line_priority": "",
    }


def _invalid(field: str, name: str, message: str, *, code: str = "invalid_line") -> Invalid:
    return Invalid(code, message, fields={f"{field}{name}": message})
