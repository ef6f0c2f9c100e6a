"""The price stack: from the base price to the totals of an order (domain 5.1 to 5.4)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.kernel.errors import Invalid
from orderwright.kernel.money import format_price, round_half_up, round_money, share_out
from orderwright.kernel.numbers import EXACT, ZERO
from orderwright.pricing.discounts import (
    VolumeFactor,
    apply_code,
    match_customer_price,
    volume_factors,
)
from orderwright.pricing.freight import quote_freight
from orderwright.pricing.rules import (
    BuyerFacts,
    Freight,
    LineToPrice,
    PricedLine,
    PricedOrder,
    PricingInput,
    ProductFacts,
    Step,
)
from orderwright.pricing.units import price_by_weight, price_in

_LIMIT = Decimal(10) ** 12  # so that a thousand such lines still fit a money column
MERCHANDISE = frozenset({"product", "service"})


@dataclass(frozen=True, slots=True)
class PriceChange:
    """A line whose unit price changed because of something else on the order (domain 5.3)."""

    key: Any
    before: Decimal
    after: Decimal


@dataclass(frozen=True, slots=True)
class _UnitPrice:
    price: Decimal
    source: str
    breakdown: tuple[Step, ...] | None


def price_order(order: PricingInput) -> PricedOrder:
    """Prices of all lines, and totals that they add up to to the last minor unit.

    `grand_total = subtotal − discount_total + freight + tax`; line totals are rounded each and then
    summed; the tax of a line is on its total less its share of the discount. Raises Invalid
    `amount_too_large` for a line of a million millions or more.
    """
    currency = order.currency
    lines = [line for line in order.lines if line.kind in MERCHANDISE]
    prices = _unit_prices(order, lines)
    totals = [
        _line_total(line, found.price, currency) for line, found in zip(lines, prices, strict=True)
    ]
    subtotal = sum(totals, round_money(ZERO, currency))
    discount = round_money(
        apply_code(
            order.code, subtotal, currency=currency, default_currency=order.default_currency
        ),
        currency,
    )
    by_position = sorted(range(len(lines)), key=lambda at: lines[at].position)
    shares = dict(
        zip(
            by_position,
            share_out(discount, [totals[at] for at in by_position], currency),
            strict=True,
        )
    )
    priced = tuple(
        _priced(line, found, totals[at], shares[at], order)
        for at, (line, found) in enumerate(zip(lines, prices, strict=True))
    )
    freight = _freight(order, lines, subtotal - discount)
    tax = sum((line.tax for line in priced), round_money(ZERO, currency))
    return PricedOrder(
        lines=priced,
        subtotal=subtotal,
        discount_total=discount,
        freight=freight,
        tax=tax,
        grand_total=subtotal - discount + freight.amount + tax,
        flags=_flags(lines, priced, freight),
    )


def tax_rate_of(buyer: BuyerFacts, product: ProductFacts) -> Decimal:
    """The tax rate of a line, a fraction: 0 for a tax-exempt customer, else the customer's rate if
    set, else the product's, else 0 (ruling 13)."""
    if buyer.tax_exempt:
        return ZERO
    if buyer.tax_rate is not None:
        return buyer.tax_rate
    return product.tax_rate or ZERO


def keeps_price(order_status: str, *, is_new: bool) -> bool:
    """Whether a line is `frozen` when its order is priced again (domain 5.3).

    In an estimate every line is priced again on every change; after issue only new lines are.
    """
    return order_status != "estimate" and not is_new


def changed_prices(
    before: Mapping[Any, Decimal], after: Iterable[PricedLine]
) -> tuple[PriceChange, ...]:
    """The lines that had a unit price before and have another one now."""
    return tuple(
        PriceChange(line.key, before[line.key], line.unit_price)
        for line in after
        if line.key in before and before[line.key] != line.unit_price
    )


def _unit_prices(order: PricingInput, lines: list[LineToPrice]) -> list[_UnitPrice]:
    factors = volume_factors(
        lines, order.volume_discounts, order.buyer, tier_mode=order.settings.tier_mode
    )
    return [_unit_price(order, line, factors) for line in lines]


def _unit_price(
    order: PricingInput, line: LineToPrice, factors: Mapping[UUID, VolumeFactor]
) -> _UnitPrice:
    """Steps 0 to 3 for one line (domain 5.1)."""
    if line.frozen and line.unit_price is not None:
        return _UnitPrice(line.unit_price, line.price_source, None)
    if not line.price_locked and line.unit_price is not None:
        step = Step("manual", line.unit_price, "typed by a person")
        return _UnitPrice(line.unit_price, "manual", (step,))
    steps = _base_and_customer(order, line)
    if not steps:
        step = Step("no_price", ZERO, f"no price in {order.currency}")
        return _UnitPrice(ZERO, "none", (step,))
    source = steps[-1].step
    factor = factors.get(line.product.id) if line.kind == "product" else None
    if factor is not None and _volume_applies(order, source):
        lowered = EXACT.multiply(steps[-1].price, factor.factor)
        steps.append(Step("volume", lowered, factor.note, factor.discount.id))
        source = "volume" if source == "base" else "customer+volume"
    rounded = round_half_up(steps[-1].price, order.settings.unit_price_dp)
    if rounded != steps[-1].price:
        note = f"to {order.settings.unit_price_dp} decimals"
        steps.append(Step("rounding", rounded, note))
    return _UnitPrice(rounded, source, tuple(steps))


def _base_and_customer(order: PricingInput, line: LineToPrice) -> list[Step]:
    """Steps 1 and 2: the base price, and the customer's own price that replaces it."""
    product = line.product
    base_unit = product.price_unit or product.default_unit
    steps = []
    base = product.base_price
    if base is not None and (product.currency or order.default_currency) == order.currency:
        steps += _step("base", order, line, base, base_unit)
    own = match_customer_price(
        order.customer_prices,
        order.buyer,
        product,
        currency=order.currency,
        default_currency=order.default_currency,
    )
    if own is not None:
        steps += _step("customer", order, line, own.price, own.unit or base_unit, record_id=own.id)
    return steps


def _step(
    name: str,
    order: PricingInput,
    line: LineToPrice,
    price: Decimal,
    unit: str,
    *,
    record_id: UUID | None = None,
) -> list[Step]:
    """The step at which a recorded price becomes the line's; none when its unit does not relate."""
    to_line = price_by_weight if line.basis == "weight" else price_in
    converted = to_line(line.product, price, unit, line.unit)
    if converted is None:
        return []
    note = f"{format_price(price, order.currency)} {order.currency} per {unit}"
    return [Step(name, converted, note, record_id)]


def _volume_applies(order: PricingInput, source: str) -> bool:
    return source == "base" or order.settings.volume_applies_to_customer_price


def _line_total(line: LineToPrice, price: Decimal, currency: str) -> Decimal:
    quantity = ZERO if line.cancelled else line.quantity
    total = round_money(EXACT.multiply(price, quantity), currency)
    if total >= _LIMIT:
        message = f"Line {line.position} comes to more money than can be meant."
        raise Invalid("amount_too_large", message, fields={"lines": message})
    return total


def _priced(
    line: LineToPrice,
    found: _UnitPrice,
    total: Decimal,
    share: Decimal,
    order: PricingInput,
) -> PricedLine:
    rate = tax_rate_of(order.buyer, line.product)
    return PricedLine(
        key=line.key,
        unit_price=found.price,
        price_source=found.source,
        breakdown=found.breakdown,
        line_total=total,
        discount_share=share,
        tax_rate=rate,
        tax=round_money(EXACT.multiply(total - share, rate), order.currency),
        flags=("no_price",) if found.source == "none" else (),
    )


def _freight(order: PricingInput, lines: list[LineToPrice], merchandise: Decimal) -> Freight:
    """The quoted freight; what was quoted once is kept while there is something to ship."""
    has_goods = any(line.kind == "product" and not line.cancelled for line in lines)
    if order.freight_kept is not None and has_goods:
        return Freight(round_money(order.freight_kept, order.currency), "as quoted")
    quoted = quote_freight(
        order.freight,
        order.buyer,
        lines,
        merchandise,
        currency=order.currency,
        default_currency=order.default_currency,
    )
    return Freight(round_money(quoted.amount, order.currency), quoted.note, quoted.unquoted)


def _flags(
    lines: list[LineToPrice], priced: tuple[PricedLine, ...], freight: Freight
) -> tuple[str, ...]:
    unpriced = any(
        "no_price" in found.flags and not line.cancelled
        for line, found in zip(lines, priced, strict=True)
    )
    flags = ("no_price",) if unpriced else ()
    return (*flags, "freight_unquoted") if freight.unquoted else flags
