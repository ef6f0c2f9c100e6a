"""The kinds of fields that shapes are made of. Each function returns a `Field`."""

import re
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from orderwright.kernel import contacts, money, quantity, weight
from orderwright.kernel.numbers import ZERO, decimals_of, parse_decimal
from orderwright.kernel.shapes import Check, Field, invalid
from orderwright.kernel.text import check_text, refuse_card_numbers

_NUMBER: Final = {"type": ["string", "number", "null"]}
_WHOLE_DIGITS: Final = 9


def text(longest: int, *, default: str = "") -> Field:
    """A line of text, trimmed."""

    def check(value: Any, name: str) -> str:
        kept = check_text(value, name, longest=longest).strip()
        if "\n" in kept or "\r" in kept:
            raise invalid("invalid_text", "This is one line of text.", name)
        return kept

    return Field(check, _string(maxLength=longest), default=default)


def name(longest: int = 80) -> Field:
    """A line of text that has to be given and cannot be empty."""
    schema = {"type": "string", "minLength": 1, "maxLength": longest}
    return Field(text(longest).check, schema, required=True)


def note(longest: int = 10_000) -> Field:
    """Text of several lines, which must not hold a card number."""

    def check(value: Any, name: str) -> str:
        kept = check_text(value, name, longest=longest)
        refuse_card_numbers(kept, name)
        return kept

    return Field(check, _string(maxLength=longest), default="")


def optional_text(check_one: Check, longest: int) -> Field:
    """Text with a rule of its own, or nothing."""

    def check(value: Any, name: str) -> str:
        return "" if value == "" else check_one(value, name)

    return Field(check, _string(maxLength=longest), default="")


def email() -> Field:
    """An e-mail address."""
    return optional_text(contacts.check_email, 254)


def phone() -> Field:
    """A telephone number."""
    return optional_text(contacts.check_phone, 40)


def website() -> Field:
    """A web address."""
    return optional_text(contacts.check_website, 200)


def country() -> Field:
    """An ISO 3166 alpha-2 code."""
    return optional_text(contacts.check_country, 2)


def tax_number() -> Field:
    """A number by which a tax office knows somebody, like a VAT id."""
    return optional_text(contacts.check_tax_number, 30)


def currency() -> Field:
    """An ISO 4217 code."""
    return optional_text(money.check_currency, 3)


def weight_unit() -> Field:
    """A unit of the table of weights."""
    return optional_text(weight.check_weight_unit, 8)


def unit() -> Field:
    """The name of any unit."""
    return optional_text(quantity.check_unit, 20)


def choice(*values: str, default: str | None = None) -> Field:
    """One of a few words; without a default it has to be given."""

    def check(value: Any, name: str) -> str:
        if not isinstance(value, str) or value not in values:
            raise invalid("unknown_choice", f"Use one of {', '.join(values)}.", name)
        return value

    schema = {"type": ["string", "null"], "enum": [*values, None]}
    return Field(check, schema, default=default, required=default is None)


def flag(*, default: bool = False) -> Field:
    """Yes or no. Queries and forms say `true` and `false`."""

    def check(value: Any, name: str) -> bool:
        known = {"true": True, "false": False}.get(value) if isinstance(value, str) else value
        if not isinstance(known, bool):
            raise invalid("invalid_flag", "Use true or false.", name)
        return known

    return Field(check, {"type": ["boolean", "null"]}, default=default)


def whole_number(least: int, most: int, *, default: int | None = None) -> Field:
    """An integer within bounds."""

    def check(value: Any, name: str) -> int | None:
        if value == "":
            return default
        digits = value.strip() if isinstance(value, str) else value
        if isinstance(digits, str) and digits.isascii() and digits.isdigit():
            digits = int(digits) if len(digits) <= _WHOLE_DIGITS else most + 1
        if not isinstance(digits, int) or isinstance(digits, bool) or not least <= digits <= most:
            raise invalid("invalid_number", f"Use a whole number, {least} to {most}.", name)
        return digits

    schema = {"type": ["integer", "string", "null"], "minimum": least, "maximum": most}
    return Field(check, schema, default=default)


def price() -> Field:
    """Money per unit: zero or more, at most 4 decimals."""
    return _number(money.check_price)


def measured_quantity() -> Field:
    """A quantity of zero or more, at most six decimals."""

    def check(value: Any, name: str) -> Decimal:
        number = parse_decimal(value, name)
        return number if number == ZERO else quantity.check_quantity(number, "g", name)

    return _number(check)


def item_weight() -> Field:
    """A weight of more than zero."""

    def check(value: Any, name: str) -> Decimal:
        kept = weight.check_weight(value, name)
        if not kept:
            raise invalid("invalid_weight", "The weight must be more than zero.", name)
        return kept

    return _number(check)


def fraction(*, most: Decimal = Decimal(1), zero: bool = False, one: bool = True) -> Field:
    """A share as a fraction, 5 % being 0.05, at most six decimals."""

    def check(value: Any, name: str) -> Decimal:
        share = parse_decimal(value, name)
        within = (share > 0 or (zero and share == 0)) and (share < most or (one and share == most))
        if not within or decimals_of(share) > 6:
            message = f"Use a fraction up to {most}: 5 % is 0.05."
            raise invalid("invalid_fraction", message, name)
        return share

    return _number(check)


def ratio() -> Field:
    """How many default units one of a unit is."""
    return Field(quantity.check_ratio, {"type": ["string", "number"]}, required=True)


def _number(check_one: Check) -> Field:
    def check(value: Any, name: str) -> Decimal | None:
        return None if value == "" else check_one(value, name)

    return Field(check, _NUMBER)


def identifier() -> Field:
    """The id of another record, or none. Whether it exists is for the action to find out."""

    def check(value: Any, name: str) -> UUID | None:
        return None if value == "" else check_identifier(value, name)

    return Field(check, {"type": ["string", "null"], "format": "uuid"})


def check_identifier(value: Any, name: str) -> UUID:
    """An id, if it looks like one. Raises Invalid `unknown_reference`."""
    try:
        return value if isinstance(value, UUID) else UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise invalid("unknown_reference", "There is no such record.", name) from error


def day() -> Field:
    """A date, YYYY-MM-DD."""

    def check(value: Any, name: str) -> date | None:
        if value == "":
            return None
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        if isinstance(value, str) and re.fullmatch(r"\d{4}-\d\d-\d\d", value, re.ASCII):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass
        raise invalid("invalid_date", "Give a date as YYYY-MM-DD.", name)

    return Field(check, {"type": ["string", "null"], "format": "date"})


def instant() -> Field:
    """A moment with its offset from UTC, RFC 3339."""

    def check(value: Any, name: str) -> datetime | None:
        try:
            given = value if isinstance(value, datetime) else datetime.fromisoformat(value)
        except (ValueError, TypeError):
            given = None
        if given is None or given.tzinfo is None or not 1970 <= given.year <= 9000:
            message = "Give a moment with its offset, like 2026-12-31T23:59:00Z."
            raise invalid("invalid_instant", message, name)
        return given

    return Field(check, {"type": ["string", "null"], "format": "date-time"})


def _string(**bounds: Any) -> dict[str, Any]:
    return {"type": ["string", "null"], **bounds}
