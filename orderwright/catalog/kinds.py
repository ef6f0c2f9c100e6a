"""The kinds of records of the catalog: their rows as reads answer them, and their rules."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from orderwright.activity.kinds import Kind, Values
from orderwright.catalog import finding, rules
from orderwright.catalog.models import Product, ProductCategory, ProductLine
from orderwright.identity.caller import Caller


@dataclass(frozen=True, slots=True)
class ProductLineRow:
    """A family of products."""

    id: UUID
    version: int
    name: str
    free_freight: bool
    commission_exempt: bool
    created_at: datetime
    updated_at: datetime


PRODUCT_LINE: Final = Kind(
    model=ProductLine,
    noun="product line",
    area="products",
    shape=rules.PRODUCT_LINE,
    row=ProductLineRow,
)


@dataclass(frozen=True, slots=True)
class ProductCategoryRow:
    """A second way to group products."""

    id: UUID
    version: int
    name: str
    created_at: datetime
    updated_at: datetime


PRODUCT_CATEGORY: Final = Kind(
    model=ProductCategory,
    noun="product category",
    area="products",
    shape=rules.PRODUCT_CATEGORY,
    row=ProductCategoryRow,
)


@dataclass(frozen=True, slots=True)
class ProductRow:
    """Something that can stand on a line; `base_price` is `currency` per `price_unit`.

    `units` maps each further unit to what one of it holds in the default unit.
    """

    id: UUID
    version: int
    sku: str
    name: str
    short_name: str
    description: str
    type: str
    product_line_id: UUID | None
    product_line_name: str | None
    category_id: UUID | None
    category_name: str | None
    attributes: dict[str, Any]
    aliases: list[str]
    base_price: Decimal | None
    currency: str
    price_unit: str
    unit_cost: Decimal | None
    default_unit: str
    units: dict[str, dict[str, str]]
    weight_per_unit: Decimal | None
    weight_unit: str
    tax_rate: Decimal | None
    is_manufactured: bool
    reorder_threshold: Decimal | None
    is_active: bool
    created_at: datetime
    updated_at: datetime


def _complete_product(by: Caller, values: Values) -> Values:
    """Money and weights have a unit: the organization's when none is given."""
    completed = dict(values)
    if completed["base_price"] is not None or completed["unit_cost"] is not None:
        completed["currency"] = completed["currency"] or by.organization.default_currency
    if completed["weight_per_unit"] is not None:
        completed["weight_unit"] = completed["weight_unit"] or by.organization.default_weight_unit
    return completed


def _check_product(by: Caller, values: Values, changed: Collection[str]) -> None:
    rules.check_product(values)


PRODUCT: Final = Kind(
    model=Product,
    noun="product",
    area="products",
    shape=rules.PRODUCT,
    row=ProductRow,
    joined={"product_line_name": "product_line__name", "category_name": "category__name"},
    searched=("name", "sku", "short_name"),
    finder=finding.LISTED,
    filters=rules.PRODUCT_FILTERS,
    references={"product_line_id": ProductLine, "category_id": ProductCategory},
    complete=_complete_product,
    check=_check_product,
    settled_in_use=frozenset({"default_unit", "type"}),
)
