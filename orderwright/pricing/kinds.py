"""The kinds of records of pricing: their rows as reads answer them, and their rules."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from orderwright.activity.kinds import Kind, Values
from orderwright.catalog.models import ProductCategory, ProductLine
from orderwright.directory.models import Customer, CustomerGroup
from orderwright.identity.caller import Caller
from orderwright.kernel.fields import flag, identifier
from orderwright.kernel.shapes import Shape
from orderwright.pricing import shapes
from orderwright.pricing.models import CustomerPrice, DiscountCode, VolumeDiscount

_ACTIVE: Final = Shape({"is_active": flag()})


@dataclass(frozen=True, slots=True)
class CustomerPriceRow:
    """A customer's own price: `currency` per `unit`, or per each product's price unit."""

    id: UUID
    version: int
    customer_id: UUID
    customer_number: str
    customer_name: str
    product_line_id: UUID
    product_line_name: str
    price: Decimal
    currency: str
    unit: str
    category_ids: list[UUID]
    attributes: dict[str, Any]
    is_active: bool
    created_at: datetime
    updated_at: datetime


def _in_a_currency(by: Caller, values: Values) -> Values:
    """Money is in the organization's currency unless said (ruling 14)."""
    return {**values, "currency": values["currency"] or by.organization.default_currency}


CUSTOMER_PRICE: Final = Kind(
    model=CustomerPrice,
    noun="customer price",
    area="discounts",
    shape=shapes.CUSTOMER_PRICE,
    row=CustomerPriceRow,
    joined={
        "customer_number": "customer__number",
        "customer_name": "customer__name",
        "product_line_name": "product_line__name",
    },
    searched=("customer__name", "customer__number", "product_line__name"),
    filters=Shape(
        {"is_active": flag(), "customer_id": identifier(), "product_line_id": identifier()}
    ),
    references={
        "customer_id": Customer,
        "product_line_id": ProductLine,
        "category_ids": ProductCategory,
    },
    complete=_in_a_currency,
)


@dataclass(frozen=True, slots=True)
class VolumeDiscountRow:
    """Tiers by quantity; an empty list does not restrict. Percents are fractions."""

    id: UUID
    version: int
    name: str
    tiers: list[dict[str, str]]
    customer_group_ids: list[UUID]
    product_line_ids: list[UUID]
    category_ids: list[UUID]
    attributes: dict[str, Any]
    acceptable_units: list[str]
    is_active: bool
    created_at: datetime
    updated_at: datetime


VOLUME_DISCOUNT: Final = Kind(
    model=VolumeDiscount,
    noun="volume discount",
    area="discounts",
    shape=shapes.VOLUME_DISCOUNT,
    row=VolumeDiscountRow,
    filters=_ACTIVE,
    references={
        "customer_group_ids": CustomerGroup,
        "product_line_ids": ProductLine,
        "category_ids": ProductCategory,
    },
)


@dataclass(frozen=True, slots=True)
class DiscountCodeRow:
    """A code; `percentage` is a fraction, `amount` money in `currency`."""

    id: UUID
    version: int
    code: str
    name: str
    type: str
    percentage: Decimal | None
    amount: Decimal | None
    currency: str
    starts_on: date | None
    ends_on: date | None
    max_redemptions: int | None
    once_per_customer: bool
    customer_ids: list[UUID]
    is_active: bool
    created_at: datetime
    updated_at: datetime


def _complete_code(by: Caller, values: Values) -> Values:
    return _in_a_currency(by, values) if values["type"] == "amount" else values


def _check_code(by: Caller, values: Values, changed: Collection[str]) -> None:
    shapes.check_discount_code(values)


DISCOUNT_CODE: Final = Kind(
    model=DiscountCode,
    noun="discount code",
    area="discounts",
    shape=shapes.DISCOUNT_CODE,
    row=DiscountCodeRow,
    searched=("code", "name"),
    filters=_ACTIVE,
    references={"customer_ids": Customer},
    complete=_complete_code,
    check=_check_code,
)
