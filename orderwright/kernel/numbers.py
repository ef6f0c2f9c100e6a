"""Numbers from outside, and the one context in which numbers are rounded."""

import re
from contextlib import AbstractContextManager
from decimal import ROUND_HALF_UP, Context, Decimal, localcontext

from orderwright.kernel.errors import Invalid

# Wide enough for the product of two of our largest columns; the default of 28 digits is not.
EXACT = Context(prec=60, rounding=ROUND_HALF_UP)

ZERO = Decimal(0)
ONE = Decimal(1)

_PLACES = tuple(Decimal(1).scaleb(-places) for places in range(13))
_PLAIN = re.compile(r"[+-]?(?:[0-9]{1,30}(?:\.[0-9]{0,30})?|\.[0-9]{1,30})", re.ASCII)
_FLOAT_DIGITS = 15  # every decimal number of 15 digits survives the way through a double


def exact() -> AbstractContextManager[Context]:
    """A context for arithmetic that must not lose a digit: `with exact(): …`."""
    return localcontext(EXACT)


def round_half_up(value: Decimal, places: int) -> Decimal:
    """The value at that many decimals, halves away from zero (domain 5.1): 2.675 → 2.68."""
    rounded = value.quantize(_PLACES[places], ROUND_HALF_UP, EXACT)
    return rounded if rounded else abs(rounded)  # no "-0.00"


def decimals_of(value: Decimal) -> int:
    """How many decimals the value needs, trailing zeros not counted: 1.50 needs 1."""
    if not value:
        return 0
    exponent = value.normalize(EXACT).as_tuple().exponent
    return max(0, -exponent) if isinstance(exponent, int) else 0


def trim(value: Decimal) -> str:
    """The number as people write it: no exponent, no trailing zeros, no minus zero."""
    if not value:
        return "0"
    text = format(value, "f")
    return text.rstrip("0").rstrip(".") if "." in text else text


def parse_decimal(value: object, field: str) -> Decimal:
    """A number from JSON or a form, as a finite Decimal.

    Takes plain decimal strings, integers, Decimals, and those floats that still are the decimal
    number that somebody wrote. Raises Invalid `invalid_number` for anything else: NaN, Infinity,
    exponents, thousands separators, booleans, and floats that carry the noise of an earlier
    calculation (0.30000000000000004).
    """
    if isinstance(value, str):
        text = value.strip()
        if _PLAIN.fullmatch(text):
            return Decimal(text)
    elif isinstance(value, Decimal):
        if value.is_finite() and -30 <= value.adjusted() <= 30:
            return value
    elif isinstance(value, int) and not isinstance(value, bool):
        if abs(value) < 10**30:
            return Decimal(value)
    elif isinstance(value, float):
        return _parse_float(value, field)
    raise _not_a_number(field)


def _parse_float(value: float, field: str) -> Decimal:
    number = Decimal(repr(value))
    if not number.is_finite() or not -30 <= number.adjusted() <= 30:
        raise _not_a_number(field)
    if len(number.normalize(EXACT).as_tuple().digits) > _FLOAT_DIGITS:
        message = "This number has lost its last digits on the way; send it as a string."
        raise Invalid("invalid_number", message, fields={field: message})
    return number


def _not_a_number(field: str) -> Invalid:
    message = 'Give a plain number with a decimal point, like 12.5 or "12.5".'
    return Invalid("invalid_number", message, fields={field: message})
