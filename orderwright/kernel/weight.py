"""Weights: the table of units and the only place that converts them (domain 1.19)."""

from collections.abc import Mapping
from decimal import Decimal
from types import MappingProxyType

from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import EXACT, decimals_of, parse_decimal, round_half_up

WEIGHT_PLACES = 6
TOLERANCE = Decimal("0.000001")  # two weights that differ by no more are the same (domain 2.2)
_LIMIT = Decimal(10) ** 12

# Grams per unit. The factors of trade (1 lb = 453.592 g) are rounded on purpose; a caller that
# needs other constants hands in a table of its own.
GRAMS: Mapping[str, Decimal] = MappingProxyType(
    {
        "mg": Decimal("0.001"),
        "cg": Decimal("0.01"),
        "dg": Decimal("0.1"),
        "g": Decimal("1"),
        "dag": Decimal("10"),
        "hg": Decimal("100"),
        "kg": Decimal("1000"),
        "tonne": Decimal("1000000"),
        "ct": Decimal("0.2"),
        "dwt": Decimal("1.555"),
        "gr": Decimal("0.0648"),
        "oz": Decimal("28.3495"),
        "lb": Decimal("453.592"),
        "st": Decimal("6350.29"),
        "ozt": Decimal("31.1035"),
        "lbt": Decimal("373.242"),
        "tola": Decimal("11.664"),
        "masha": Decimal("0.972"),
        "ratti": Decimal("0.1215"),
    }
)


def is_weight_unit(unit: str) -> bool:
    """Whether the unit stands in the table of weights."""
    return unit in GRAMS


def convert(
    weight: Decimal, from_unit: str, to_unit: str, *, grams: Mapping[str, Decimal] = GRAMS
) -> Decimal:
    """The weight in another unit, not rounded: `w × gram(from) ÷ gram(to)` (domain 3.0).

    Raises Invalid `unknown_weight_unit`.
    """
    if from_unit == to_unit and from_unit in grams:
        return weight
    for unit in (from_unit, to_unit):
        if unit not in grams:
            raise _unknown(unit, "weight_unit")
    return EXACT.divide(EXACT.multiply(weight, grams[from_unit]), grams[to_unit])


def round_weight(weight: Decimal) -> Decimal:
    """A weight at the six decimals at which it is stored."""
    return round_half_up(weight, WEIGHT_PLACES)


def same(one: Decimal, other: Decimal) -> bool:
    """Whether two weights in one unit are equal within the tolerance."""
    return abs(one - other) <= TOLERANCE


def check_weight_unit(unit: object, field: str = "weight_unit") -> str:
    """The unit's code. Raises Invalid `unknown_weight_unit`."""
    code = unit.strip() if isinstance(unit, str) and unit.isascii() else ""
    if code not in GRAMS:
        raise _unknown(code[:20], field)
    return code


def check_weight(value: object, field: str = "weight") -> Decimal:
    """A weight that somebody recorded: zero or more, at most six decimals.

    Raises Invalid `invalid_weight`, or `invalid_number` for what is no number at all.
    """
    weight = parse_decimal(value, field)
    if weight < 0:
        raise _invalid("A weight cannot be negative.", field)
    if weight >= _LIMIT:
        raise _invalid("This weight is too large to be meant.", field)
    if decimals_of(weight) > WEIGHT_PLACES:
        raise _invalid("A weight has at most 6 decimals.", field)
    return weight


def _unknown(unit: str, field: str) -> Invalid:
    message = f"{unit or 'This'} is not a weight unit; use one of {', '.join(GRAMS)}."
    return Invalid("unknown_weight_unit", message, fields={field: message})


def _invalid(message: str, field: str) -> Invalid:
    return Invalid("invalid_weight", message, fields={field: message})
