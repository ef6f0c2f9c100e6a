"""Quantities and their units: what is counted takes no decimals, what is measured takes six.

A quantity is always a Decimal in a named unit. Units that are weights are known to
`orderwright.kernel.weight`; everything that is not measured is counted (ruling 11).
"""

from decimal import Decimal

from orderwright.kernel import weight
from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import decimals_of, parse_decimal, round_half_up, trim

__all__ = [
    "QUANTITY_PLACES",
    "check_counted",
    "check_quantity",
    "check_ratio",
    "check_unit",
    "decimals_allowed",
    "is_counted",
    "measured_units",
    "round_quantity",
    "trim",
]

QUANTITY_PLACES = 6
_LIMIT = Decimal(10) ** 12  # what a quantity column of 18 digits, 6 of them decimals, can hold

_LENGTHS = "mm cm dm m km in inch ft foot feet yd yard mi"
_AREAS = "mm2 cm2 dm2 m2 ha sqin sqft sqyd sqm acre"
_VOLUMES = "ml cl dl l hl liter litre mm3 cm3 dm3 m3 floz pt qt gal bbl"
_TIMES = "s sec min h hr hour hours d day days week month"
_MEASURED = frozenset(f"{_LENGTHS} {_AREAS} {_VOLUMES} {_TIMES}".split())


def is_counted(unit: str) -> bool:
    """Whether things in this unit are counted (pcs, pair, set, box, dozen, any name of a package).

    Weights, lengths, areas, volumes and times are measured; every other unit counts something.
    """
    return unit.lower() not in _MEASURED and not weight.is_weight_unit(unit)


def measured_units() -> dict[str, list[str]]:
    """The units that are measured, by what they measure, besides weights."""
    return {
        "length": _LENGTHS.split(),
        "area": _AREAS.split(),
        "volume": _VOLUMES.split(),
        "time": _TIMES.split(),
    }


def decimals_allowed(unit: str) -> int:
    """0 for a counted unit, 6 for a measured one."""
    return 0 if is_counted(unit) else QUANTITY_PLACES


def round_quantity(value: Decimal) -> Decimal:
    """A quantity at the six decimals at which it is stored."""
    return round_half_up(value, QUANTITY_PLACES)


def check_unit(unit: object, field: str = "unit") -> str:
    """The unit's name, trimmed. Raises Invalid `invalid_unit` for none, or for one too long."""
    name = unit.strip() if isinstance(unit, str) else ""
    if not name or len(name) > 20 or not name.isprintable():
        raise _invalid("invalid_unit", "Name the unit, like pcs or g (at most 20 letters).", field)
    return name


def check_quantity(value: object, unit: str, field: str = "quantity") -> Decimal:
    """A quantity that somebody asks for, in `unit`: more than zero, no finer than its unit.

    Raises Invalid `invalid_quantity`, or `invalid_number` for what is no number at all.
    """
    quantity = parse_decimal(value, field)
    if quantity <= 0:
        raise _invalid("invalid_quantity", "The quantity must be more than zero.", field)
    return _check_size(quantity, unit, field)


def check_counted(
    value: object, unit: str, field: str = "quantity", *, allow_negative: bool = False
) -> Decimal:
    """A quantity that somebody counted, in `unit`: zero or more, no finer than its unit.

    Raises Invalid `invalid_quantity`, or `invalid_number` for what is no number at all.
    """
    quantity = parse_decimal(value, field)
    if quantity < 0 and not allow_negative:
        raise _invalid("invalid_quantity", "The quantity cannot be negative.", field)
    return _check_size(quantity, unit, field)


def check_ratio(value: object, field: str = "ratio") -> Decimal:
    """How many default units one of this unit is: more than zero, at most six decimals.

    Raises Invalid `invalid_ratio`, or `invalid_number` for what is no number at all.
    """
    ratio = parse_decimal(value, field)
    if not 0 < ratio < _LIMIT or decimals_of(ratio) > QUANTITY_PLACES:
        message = "The ratio must be more than zero, with at most 6 decimals."
        raise _invalid("invalid_ratio", message, field)
    return ratio


def _check_size(quantity: Decimal, unit: str, field: str) -> Decimal:
    if abs(quantity) >= _LIMIT:
        raise _invalid("invalid_quantity", "This quantity is too large to be meant.", field)
    allowed = decimals_allowed(unit)
    if decimals_of(quantity) > allowed:
        raise _invalid("invalid_quantity", _too_fine(unit, allowed), field)
    return quantity


def _too_fine(unit: str, allowed: int) -> str:
    if allowed:
        return f"A quantity in {unit} has at most {allowed} decimals."
    return f"A quantity in {unit} is a whole number."


def _invalid(code: str, message: str, field: str) -> Invalid:
    return Invalid(code, message, fields={field: message})
