"""Money: the only place that rounds it, formats it and shares it out."""

from collections.abc import Sequence
from decimal import Decimal

from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import (
    EXACT,
    ZERO,
    decimals_of,
    parse_decimal,
    round_half_up,
    trim,
)

__all__ = [
    "PRICE_PLACES",
    "ZERO",
    "check_currency",
    "check_money",
    "check_price",
    "format_money",
    "format_price",
    "minor_digits",
    "round_half_up",
    "round_money",
    "share_out",
]

PRICE_PLACES = 4
_LIMIT = Decimal(10) ** 14  # what a money column of 18 digits, 4 of them decimals, can hold

_TWO_DIGITS = """
    AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BOV BRL BSD BTN BWP BYN BZD
    CAD CDF CHE CHF CHW CNY COP COU CRC CUC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL
    GHS GIP GMD GTQ GYD HKD HNL HRK HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR
    LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB
    PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP SLE SLL SOS SRD SSP STN SVC SYP
    SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ZWL
"""
_NO_DIGITS = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
_THREE_DIGITS = "BHD IQD JOD KWD LYD OMR TND"
_FOUR_DIGITS = "CLF UYW"
_MINOR_DIGITS: dict[str, int] = {
    code: digits
    for digits, codes in ((2, _TWO_DIGITS), (0, _NO_DIGITS), (3, _THREE_DIGITS), (4, _FOUR_DIGITS))
    for code in codes.split()
}


def check_currency(code: object, field: str = "currency") -> str:
    """The ISO 4217 code in capitals. Raises Invalid `unknown_currency`."""
    known = code.strip().upper() if isinstance(code, str) else ""
    if known not in _MINOR_DIGITS:
        message = "Give the three-letter code of a currency, like USD or EUR."
        raise Invalid("unknown_currency", message, fields={field: message})
    return known


def minor_digits(currency: str) -> int:
    """Decimals of the currency's smallest unit (ISO 4217): USD 2, JPY 0, KWD 3.

    Raises Invalid `unknown_currency`.
    """
    digits = _MINOR_DIGITS.get(currency)
    return digits if digits is not None else _MINOR_DIGITS[check_currency(currency)]


def round_money(value: Decimal, currency: str) -> Decimal:
    """The amount in the currency's minor unit, halves away from zero (domain 5.1)."""
    return round_half_up(value, minor_digits(currency))


def format_money(value: Decimal, currency: str) -> str:
    """The amount with exactly the currency's minor digits and nothing else: `"8015.63"`."""
    return format(round_money(value, currency), "f")


def format_price(value: Decimal, currency: str) -> str:
    """A unit price: the currency's minor digits, and up to four where it has them: `"10.6875"`."""
    whole, _, decimals = trim(round_half_up(value, PRICE_PLACES)).partition(".")
    decimals = decimals.ljust(minor_digits(currency), "0")
    return f"{whole}.{decimals}" if decimals else whole


def check_price(value: object, field: str = "unit_price") -> Decimal:
    """A unit price that somebody typed: zero or more, at most 4 decimals (domain 5.7).

    Raises Invalid `invalid_price`, or `invalid_number` for what is no number.
    """
    price = parse_decimal(value, field)
    if price < 0:
        raise _invalid("invalid_price", "A price cannot be negative.", field)
    if decimals_of(price) > PRICE_PLACES:
        raise _invalid("invalid_price", "A price has at most 4 decimals.", field)
    if price >= _LIMIT:
        raise _invalid("invalid_price", "This price is too large to be meant.", field)
    return price


def check_money(value: object, currency: str, field: str = "amount") -> Decimal:
    """An amount that somebody typed: more than zero, in the currency's minor unit.

    Raises Invalid `invalid_amount`, or `invalid_number` for what is no number.
    """
    amount = parse_decimal(value, field)
    digits = minor_digits(currency)
    if amount <= 0:
        raise _invalid("invalid_amount", "The amount must be more than zero.", field)
    if decimals_of(amount) > digits:
        message = f"An amount in {currency} has at most {digits} decimals."
        raise _invalid("invalid_amount", message, field)
    if amount >= _LIMIT:
        raise _invalid("invalid_amount", "This amount is too large to be meant.", field)
    return amount


def share_out(total: Decimal, weights: Sequence[Decimal], currency: str) -> tuple[Decimal, ...]:
    """Shares of `total` in proportion to `weights`, which add up to it to the last minor unit.

    Each share is floored to the minor unit; the units left over go to the largest remainders, ties
    to the lower position (domain 5.4). Raises ValueError for a negative total or weight, for a
    total finer than the minor unit, and for something to share among nobody.
    """
    digits = minor_digits(currency)
    units = _as_units(total, digits)
    finest = max((-_exponent(weight) for weight in weights), default=0)
    parts = [_as_units(weight, max(finest, 0)) for weight in weights]
    whole = sum(parts)
    if units and not whole:
        raise ValueError("nothing to share the total by")
    shares = [units * part // whole if whole else 0 for part in parts]
    left = units - sum(shares)
    if left:
        largest = sorted(range(len(parts)), key=lambda at: (-(units * parts[at] % whole), at))
        for at in largest[:left]:
            shares[at] += 1
    return tuple(Decimal(share).scaleb(-digits, EXACT) for share in shares)


def _as_units(value: Decimal, digits: int) -> int:
    scaled = value.scaleb(digits, EXACT)
    if scaled < 0 or scaled != scaled.to_integral_value():
        raise ValueError(f"{value} cannot be shared out")
    return int(scaled)


def _exponent(value: Decimal) -> int:
    exponent = value.as_tuple().exponent
    if not isinstance(exponent, int):
        raise ValueError(f"{value} cannot be shared out")
    return exponent


def _invalid(code: str, message: str, field: str) -> Invalid:
    return Invalid(code, message, fields={field: message})
