"""Rows of a proposal as a person leaves them, and the order lines that they become."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import parse_decimal
from orderwright.kernel.text import check_text

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

    def as_kept(self) -> dict[str, Any]:
        """The row as it is remembered: the line, and the words that it came from."""
        return {**self.as_line(), "product_text": self.phrase}


def read_rows(rows: Sequence[Mapping[str, Any]]) -> list[Reviewed]:
    """Every row, checked. Raises Invalid for none, or with the field of the first that is wrong."""
    if not rows:
        raise Invalid("no_rows", "Accept at least one row.", fields={"rows": "at least one"})
    return [_read(row, f"rows.{index}") for index, row in enumerate(rows)]


def _read(row: Mapping[str, Any], field: str) -> Reviewed:
    quantity, weight = _number(row, "quantity", field), _number(row, "weight", field)
    if quantity is None and weight is None:
        message = "Give a quantity, or a weight, before accepting the row."
        raise Invalid("missing_quantity", message, fields={f"{field}.quantity": message})
    return Reviewed(
        product_id=_product(row, field),
        phrase=(_text(row, "product_text", field, longest=20_000) or "").strip()[:LONGEST_PHRASE],
        quantity=quantity,
        unit=_text(row, "unit", field),
        weight=weight,
        weight_unit=_text(row, "weight_unit", field),
        weight_basis=_text(row, "weight_basis", field),
        words={name: _text(row, name, field) for name in _WORDS},
        description=None,
        priority=_text(row, "priority", field),
        needed_by=_text(row, "needed_by", field),
    )


def _product(row: Mapping[str, Any], field: str) -> UUID:
    product = row.get("product")
    wanted = product.get("id") if isinstance(product, Mapping) else row.get("product_id")
    try:
        return UUID(str(wanted))
    except ValueError as error:
        message = "Choose the product of this row."
        raise Invalid("missing_product", message, fields={f"{field}.product": message}) from error


def _number(row: Mapping[str, Any], name: str, field: str) -> Any:
    """A number as it was sent, if it is one."""
    value = row.get(name)
    if value in (None, ""):
        return None
    parse_decimal(value, f"{field}.{name}")
    return value


def _text(row: Mapping[str, Any], name: str, field: str, *, longest: int = 200) -> str | None:
    value = row.get(name)
    if value in (None, ""):
        return None
    return check_text(value, f"{field}.{name}", longest=longest)
