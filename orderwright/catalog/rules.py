"""What products and their groupings hold, and when they are sound (domain 1.8)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from orderwright.kernel.fields import (
    choice,
    currency,
    flag,
    fraction,
    identifier,
    item_weight,
    measured_quantity,
    name,
    note,
    price,
    ratio,
    text,
    unit,
    weight_unit,
)
from orderwright.kernel.lists import attributes, entries, identifiers, rows, words
from orderwright.kernel.quantity import trim
from orderwright.kernel.shapes import Field, Shape, invalid, required

TYPES: Final = ("sale", "service", "shipping", "credit", "return", "tax")

PRODUCT_LINE: Final = Shape({"name": name(), "free_freight": flag(), "commission_exempt": flag()})

PRODUCT_CATEGORY: Final = Shape({"name": name()})

UNIT: Final = Shape(
    {
        "unit": required(unit()),
        "ratio": ratio(),
        "fixed_discount": price(),
        "percent_discount": fraction(zero=True, one=False),
    }
)


def units() -> Field:
    """Further units as rows; kept as `{unit: {"ratio": …}}`, numbers as texts."""
    listed = entries(UNIT)

    def check(value: Any, field: str) -> dict[str, dict[str, str]]:
        kept: dict[str, dict[str, str]] = {}
        for index, row in enumerate(listed.check(value, field)):
            if row["unit"] in kept:
                raise invalid("invalid_unit", "This unit is listed twice.", f"{field}.{index}.unit")
            kept[row["unit"]] = {
                part: trim(held)
                for part, held in row.items()
                if isinstance(held, Decimal) and part != "unit"
            }
        return kept

    return Field(check, listed.schema, default={})


PRODUCT: Final = Shape(
    {
        "sku": name(60),
        "name": name(200),
        "short_name": text(40),
        "description": note(),
        "type": choice(*TYPES, default="sale"),
        "product_line_id": identifier(),
        "category_id": identifier(),
        "attributes": attributes(),
        "aliases": words(200),
        "base_price": price(),
        "currency": currency(),
        "price_unit": unit(),
        "unit_cost": price(),
        "default_unit": Field(unit().check, unit().schema, default="pcs"),
        "units": units(),
        "weight_per_unit": item_weight(),
        "weight_unit": weight_unit(),
        "tax_rate": fraction(zero=True),
        "is_manufactured": flag(),
        "reorder_threshold": measured_quantity(),
        "is_active": flag(default=True),
    }
)

PRODUCT_FILTERS: Final = Shape(
    {
        "is_active": flag(),
        "type": choice(*TYPES, default=""),
        "product_line_id": identifier(),
        "category_id": identifier(),
        "is_manufactured": flag(),
        "sku": text(60),
    }
)

# What a customer calls our products, and the lines that a group is limited to.
ITEM_CODES: Final = rows(Shape({"code": name(60), "product_id": required(identifier())}))
PRODUCT_LINE_ACCESS: Final = identifiers()


def check_product(product: Mapping[str, Any]) -> None:
    """Units make sense together (domain 5.6).

    Raises Invalid `invalid_unit` when the default unit stands among the further ones, or when the
    price is per a unit that the product is not sold in.
    """
    default, further = product["default_unit"], product["units"]
    if not default:
        raise invalid("invalid_unit", "Name the unit, like pcs or g.", "default_unit")
    if default in further:
        sentence = f"{default} is the default unit; list only further ones."
        raise invalid("invalid_unit", sentence, "units")
    price_unit = product["price_unit"]
    if price_unit and price_unit != default and price_unit not in further:
        sentence = f"The product is not sold in {price_unit}. Add this unit, or choose another."
        raise invalid("invalid_unit", sentence, "price_unit")
