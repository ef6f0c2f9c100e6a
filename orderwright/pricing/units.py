"""Prices and quantities between the units in which one product is sold (domain 5.6)."""

from decimal import Decimal

from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import EXACT, ONE, ZERO
from orderwright.kernel.weight import GRAMS, is_weight_unit
from orderwright.pricing.rules import ProductFacts, UnitFacts


def ratio_of(product: ProductFacts, unit: str) -> Decimal | None:
    """How many default units of the product one `unit` holds, or None when nothing says it.

    The product's own table comes first; then two units of weight by the table of weights; then a
    unit of weight by the weight of one default unit.
    """
    if unit == product.default_unit:
        return ONE
    if unit in product.units:
        return product.units[unit].ratio
    if not is_weight_unit(unit):
        return None
    if is_weight_unit(product.default_unit):
        return EXACT.divide(GRAMS[unit], GRAMS[product.default_unit])
    if product.weight_per_unit and is_weight_unit(product.weight_unit):
        grams = EXACT.multiply(product.weight_per_unit, GRAMS[product.weight_unit])
        return EXACT.divide(GRAMS[unit], grams)
    return None


def check_sold_in(product: ProductFacts, unit: str, field: str = "unit") -> Decimal:
    """The unit's ratio to the default unit. Raises Invalid `unit_not_sold` (domain 5.6)."""
    ratio = ratio_of(product, unit)
    if ratio is None:
        sold_in = ", ".join([product.default_unit, *product.units])
        message = f"This product is not sold by the {unit}; use one of {sold_in}."
        raise Invalid("unit_not_sold", message, fields={field: message})
    return ratio


def price_in(product: ProductFacts, price: Decimal, price_unit: str, unit: str) -> Decimal | None:
    """A price per `price_unit` as a price per `unit`, not rounded; None when nothing relates them.

    `price × ratio(unit) ÷ ratio(price_unit)`, after the unit's own fixed and then percentage
    discount (domain 5.6). A price per unit already needs neither.
    """
    if price_unit == unit:
        return price
    to_ratio, from_ratio = ratio_of(product, unit), ratio_of(product, price_unit)
    if to_ratio is None or from_ratio is None:
        return None
    own = product.units.get(unit, UnitFacts(ONE))
    lowered = max(ZERO, price - own.fixed_discount)
    lowered = EXACT.multiply(lowered, ONE - own.percent_discount)
    return EXACT.divide(EXACT.multiply(lowered, to_ratio), from_ratio)


def price_by_weight(
    product: ProductFacts, price: Decimal, price_unit: str, unit: str
) -> Decimal | None:
    """The price per weight unit of a line that goes by weight (ruling 11).

    Where the price's unit has no known weight, the price is taken to be per the product's own
    weight unit, and where it has none, per the line's.
    """
    converted = price_in(product, price, price_unit, unit)
    if converted is not None:
        return converted
    own = product.weight_unit if is_weight_unit(product.weight_unit) else unit
    return EXACT.divide(EXACT.multiply(price, GRAMS[unit]), GRAMS[own])
