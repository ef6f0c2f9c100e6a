"""What customer prices, volume discounts and codes hold, and when they are sound (domain 1.18)."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any, Final

from orderwright.kernel.fields import (
    choice,
    currency,
    day,
    flag,
    fraction,
    identifier,
    name,
    price,
    text,
    unit,
    whole_number,
)
from orderwright.kernel.lists import attribute_filter, entries, identifiers, words
from orderwright.kernel.numbers import ZERO, parse_decimal
from orderwright.kernel.quantity import trim
from orderwright.kernel.shapes import Field, Shape, fixed, invalid, required

_MOST = Decimal(10) ** 12

CUSTOMER_PRICE: Final = Shape(
    {
        "customer_id": fixed(required(identifier())),
        "product_line_id": required(identifier()),
        "price": required(price()),
        "currency": currency(),
        "unit": unit(),
        "category_ids": identifiers(),
        "attributes": attribute_filter(),
        "is_active": flag(default=True),
    }
)


def _threshold() -> Field:
    def check(value: Any, field: str) -> Decimal:
        threshold = parse_decimal(value, field)
        if not ZERO <= threshold < _MOST:
            raise invalid("invalid_quantity", "A threshold is a quantity of zero or more.", field)
        return threshold

    return Field(check, {"type": ["string", "number"]}, required=True)


TIER: Final = Shape(
    {"name": text(80), "threshold": _threshold(), "percent": required(fraction(one=False))}
)


def tiers() -> Field:
    """Tiers sorted by threshold, numbers kept as texts; at least one.

    Raises Invalid `invalid_tiers` for two of the same threshold.
    """
    listed = entries(TIER)

    def check(value: Any, field: str) -> list[dict[str, str]]:
        given = sorted(listed.check(value, field), key=lambda tier: tier["threshold"])
        thresholds = [tier["threshold"] for tier in given]
        if not given:
            raise invalid("required", "Give at least one tier.", field)
        if len(set(thresholds)) != len(thresholds):
            raise invalid("invalid_tiers", "Two tiers start at the same quantity.", field)
        return [
            {
                "name": tier["name"],
                "threshold": trim(tier["threshold"]),
                "percent": trim(tier["percent"]),
            }
            for tier in given
        ]

    return Field(check, listed.schema, required=True)


VOLUME_DISCOUNT: Final = Shape(
    {
        "name": name(),
        "tiers": tiers(),
        "customer_group_ids": identifiers(),
        "product_line_ids": identifiers(),
        "category_ids": identifiers(),
        "attributes": attribute_filter(),
        "acceptable_units": words(20),
        "is_active": flag(default=True),
    }
)

DISCOUNT_CODE: Final = Shape(
    {
        "code": name(40),
        "name": text(80),
        "type": choice("percentage", "amount"),
        "percentage": fraction(),
        "amount": price(),
        "currency": currency(),
        "starts_on": day(),
        "ends_on": day(),
        "max_redemptions": whole_number(1, 1_000_000_000),
        "once_per_customer": flag(default=True),
        "customer_ids": identifiers(),
        "is_active": flag(default=True),
    }
)


def check_discount_code(code: Mapping[str, Any]) -> None:
    """A code gives a percentage or an amount, never both, in an order of days.

    Raises Invalid with the field.
    """
    given, other = ("percentage", "amount")
    if code["type"] == "amount":
        given, other = other, given
    if not code[given]:
        raise invalid("required", f"A code of type {code['type']} needs this.", given)
    if code[other] is not None:
        sentence = f"A code of type {code['type']} has no {other}."
        raise invalid("invalid_discount", sentence, other)
    if code["starts_on"] and code["ends_on"] and code["ends_on"] < code["starts_on"]:
        raise invalid("invalid_date", "The last day is before the first.", "ends_on")
