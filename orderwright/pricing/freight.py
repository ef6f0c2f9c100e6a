"""Freight: exempt, free from a threshold on, flat, by the carrier's rate, or not known yet."""

from collections.abc import Iterable
from decimal import Decimal

from orderwright.kernel.money import format_money, round_money
from orderwright.kernel.numbers import EXACT, ZERO, trim
from orderwright.kernel.weight import convert, is_weight_unit
from orderwright.pricing.rules import BuyerFacts, Freight, FreightFacts, LineToPrice
from orderwright.pricing.units import ratio_of


def quote_freight(
    freight: FreightFacts | None,
    buyer: BuyerFacts,
    lines: Iterable[LineToPrice],
    merchandise: Decimal,
    *,
    currency: str,
    default_currency: str,
) -> Freight:
    """The freight of an order with this `merchandise` value, subtotal less discount (domain 5.5).

    Nothing to ship and exemption come first; then the free threshold, the flat rate and the
    carrier's rate. Money of the term in another currency does not apply (ruling 14).
    """
    goods = [line for line in lines if line.kind == "product" and not line.cancelled]
    exempt = _why_exempt(freight, buyer, goods)
    if exempt is not None:
        return Freight(ZERO, exempt)
    if freight is None:
        return Freight(ZERO, "no shipping term", unquoted=True)
    if (freight.currency or default_currency) == currency:
        by_term = _by_term(freight, merchandise, currency)
        if by_term is not None:
            return by_term
    if default_currency == currency:
        by_carrier = _by_carrier(freight, goods, currency)
        if by_carrier is not None:
            return by_carrier
    return Freight(ZERO, "no rate is known", unquoted=True)


def weight_in_kg(lines: Iterable[LineToPrice]) -> Decimal | None:
    """What the lines weigh together; None when the weight of one is not known."""
    total = ZERO
    for line in lines:
        weight = _kg_of(line)
        if weight is None:
            return None
        total += weight
    return total


def _why_exempt(
    freight: FreightFacts | None, buyer: BuyerFacts, goods: list[LineToPrice]
) -> str | None:
    if not goods:
        return "nothing to ship"
    if buyer.free_freight is not None:
        return f"free freight: {buyer.free_freight}"
    if freight is not None and freight.term_type == "free_freight":
        return f"free freight: shipping term {freight.term_name}".rstrip()
    if any(line.product.free_freight for line in goods):
        return "free freight: product line"
    return None


def _by_term(freight: FreightFacts, merchandise: Decimal, currency: str) -> Freight | None:
    threshold = freight.free_freight_threshold
    is_free_option = not freight.free_option_ids or freight.option_id in freight.free_option_ids
    if threshold is not None and merchandise >= threshold and is_free_option:
        return Freight(ZERO, f"free from {format_money(threshold, currency)} {currency} on")
    least = freight.minimum_order_value
    if freight.flat_rate is not None and (least is None or merchandise >= least):
        return Freight(round_money(freight.flat_rate, currency), "flat rate")
    return None


def _by_carrier(freight: FreightFacts, goods: list[LineToPrice], currency: str) -> Freight | None:
    if freight.rate_base is None and freight.rate_per_kg is None:
        return None
    base = freight.rate_base or ZERO
    if not freight.rate_per_kg:
        return Freight(round_money(base, currency), "carrier's rate")
    weight = weight_in_kg(goods)
    if weight is None:
        return None
    amount = base + EXACT.multiply(freight.rate_per_kg, weight)
    return Freight(round_money(amount, currency), f"carrier's rate for {trim(weight)} kg")


def _kg_of(line: LineToPrice) -> Decimal | None:
    if line.weight is not None and is_weight_unit(line.weight_unit):
        return convert(line.weight, line.weight_unit, "kg")
    if is_weight_unit(line.unit):
        return convert(line.quantity, line.unit, "kg")
    product = line.product
    ratio = ratio_of(product, line.unit)
    if ratio is None:
        return None
    in_default = EXACT.multiply(line.quantity, ratio)
    if is_weight_unit(product.default_unit):
        return convert(in_default, product.default_unit, "kg")
    if not product.weight_per_unit or not is_weight_unit(product.weight_unit):
        return None
    weight = EXACT.multiply(in_default, product.weight_per_unit)
    return convert(weight, product.weight_unit, "kg")
