"""What the forms of prices and discounts have in common, and how people type it.

People type percents; a fraction is sent: 5 is 0.05.
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from orderwright.catalog import kinds as catalog
from orderwright.directory import kinds as directory
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import parse_decimal, trim
from orderwright.pricing.kinds import CustomerPriceRow, VolumeDiscountRow
from orderwright.web import choices
from orderwright.web.inputs import Input

HUNDRED: Final = Decimal(100)
ATTRIBUTES: Final = Input(
    "attributes",
    "Only products with",
    "rows",
    add="Add an attribute",
    hint="Several values of one attribute stand with commas: red, blue.",
    inputs=(Input("name", "Attribute"), Input("values", "Values")),
)
IN_USE: Final = Input("is_active", "In use", "check")


def product_lines(by: Caller) -> list[tuple[str, str]]:
    """The product lines to choose from."""
    return choices.of_kind(by, catalog.PRODUCT_LINE)


def _categories(by: Caller) -> list[tuple[str, str]]:
    return choices.of_kind(by, catalog.PRODUCT_CATEGORY)


def customer_groups(by: Caller) -> list[tuple[str, str]]:
    """Type groups and pricing groups to choose from."""
    return choices.of_kind(by, directory.CUSTOMER_GROUP)


CATEGORIES: Final = Input(
    "category_ids", "Only categories", "checks", choices=_categories, hint="None ticked: all."
)


def percent_typed(fraction: object) -> str:
    """A fraction as a person types it: 0.05 is 5."""
    return "" if fraction in (None, "") else trim(Decimal(str(fraction)) * HUNDRED)


def fraction_sent(typed: object) -> object:
    """What a person typed as a percent, as a fraction; what is no number stays as it is, so that
    the rule can say so."""
    try:
        return None if typed in (None, "") else trim(parse_decimal(str(typed), "") / HUNDRED)
    except Invalid:
        return typed


def attributes_typed(held: Mapping[str, Any]) -> list[dict[str, str]]:
    """A filter by attributes as rows to type in."""
    return [
        {"name": name, "values": ", ".join(values) if isinstance(values, list) else str(values)}
        for name, values in held.items()
    ]


def attributes_sent(rows: list[dict[str, str]]) -> dict[str, list[str]]:
    """The rows as a filter: each attribute with the values that fit."""
    return {
        row["name"]: [one.strip() for one in row["values"].split(",") if one.strip()]
        for row in rows
    }


def narrowing(row: CustomerPriceRow | VolumeDiscountRow) -> str:
    """In words, what of a product line a price or discount is for."""
    parts = []
    if row.category_ids:
        count = len(row.category_ids)
        parts.append(f"{count} categor{'y' if count == 1 else 'ies'}")
    parts += [f"{one['name']} {one['values']}" for one in attributes_typed(row.attributes)]
    return "; ".join(parts)


def with_attributes(sent: dict[str, Any]) -> dict[str, Any]:
    """What a form with these rows sends."""
    return sent | {"attributes": attributes_sent(sent["attributes"])}
