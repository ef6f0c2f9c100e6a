"""Rows of a proposal as a person leaves them, and the order lines that they become."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from orderwright.kernel.errors import Invalid

LONGEST_PHRASE = 200
_WORDS = ("size", "shape", "color", "quality", "material")


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One accepted row. `phrase` is what the notes called the product."""

    product_id: UUID
    phrase: str
    quantity: Any
    unit: str | None
    weight: Any
    weight_unit: str | None
    weight_basis: str | None
    words: Mapping[str, str | None]
    description: str | None
    priority: str | None
    needed_by: str | None

    def as_line(self) -> dict[str, Any]:
        """The row as `POST /sales-orders` takes it."""
        return {
            "product_id": str(self.product_id),
            "quantity": self.quantity,
            "unit": self.unit if self.quantity is not None else None,
            "requested_weight": self.weight,
            "weight_unit": self.weight_unit,
            "weight_basis": self.weight_basis or "total",
            **self.words,
            "description": self.description,
            "priority": self.priority,
            "needed_by": self.needed_by,
        }


def read_rows(rows: Sequence[Mapping[str, Any]]) -> list[Reviewed]:
    """Every row, checked. Raises Invalid for none, or with the field of the first that is wrong."""
    if not rows:
        raise Invalid("no_rows", "Accept at least one row.", fields={"rows": "at least one"})
    return [_read(row, f"rows.{index}") for index, row in enumerate(rows)]


def _read(row: Mapping[str, Any], field: str) -> Reviewed:
    quantity, weight = row.get("quantity"), row.get("weight")
    if quantity in (None, "") and weight in (None, ""):
        message = "Give a quantity, or a weight, before accepting the row."
        raise Invalid("missing_quantity", message, fields={f"{field}.quantity": message})
    return Reviewed(
        product_id=_product(row, field),
        phrase=str(row.get("product_text") or "").strip()[:LONGEST_PHRASE],
        quantity=None if quantity in (None, "") else quantity,
        unit=_text(row, "unit"),
        weight=None if weight in (None, "") else weight,
        weight_unit=_text(row, "weight_unit"),
        weight_basis=_text(row, "weight_basis"),
        words={name: _text(row, name) for name in _WORDS},
        description=None,
        priority=_text(row, "priority"),
        needed_by=_text(row, "needed_by"),
    )


def _product(row: Mapping[str, Any], field: str) -> UUID:
    product = row.get("product")
    wanted = product.get("id") if isinstance(product, Mapping) else row.get("product_id")
    try:
        return UUID(str(wanted))
    except ValueError as error:
        message = "Choose the product of this row."
        raise Invalid("missing_product", message, fields={f"{field}.product": message}) from error


def _text(row: Mapping[str, Any], name: str) -> str | None:
    value = row.get(name)
    return str(value) if value not in (None, "") else None
