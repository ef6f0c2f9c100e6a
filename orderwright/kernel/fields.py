"""The kinds of fields that shapes are made of. Each function returns a `Field`."""

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final
from uuid import UUID

from orderwright.kernel import contacts, money, quantity, weight
from orderwright.kernel.errors import Invalid
from orderwright.kernel.numbers import ZERO, decimals_of, parse_decimal
from orderwright.kernel.shapes import Check, Field, Shape, invalid, together
from orderwright.kernel.text import check_text, refuse_card_numbers

_NUMBER: Final = {"type": ["string", "number", "null"]}
_WHOLE_DIGITS: Final = 9
_MOST_ROWS: Final = 500


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
        return None if value == "" else _identifier(value, name)

    return Field(check, {"type": ["string", "null"], "format": "uuid"})


def identifiers() -> Field:
    """Ids of other records, each once."""
    return _sequence(_identifier, {"type": "string", "format": "uuid"})


def words(longest: int) -> Field:
    """A few texts, each once; empty ones are left out."""
    listed = _sequence(text(longest).check, {"type": "string", "maxLength": longest})

    def check(value: Any, field_name: str) -> list[str]:
        return [word for word in listed.check(value, field_name) if word]

    return Field(check, listed.schema, default=())


def _identifier(value: Any, name: str) -> UUID:
    try:
        return value if isinstance(value, UUID) else UUID(value)
    except (ValueError, TypeError, AttributeError) as error:
        raise invalid("unknown_reference", "There is no such record.", name) from error


def _sequence(check_one: Check, schema: Mapping[str, Any]) -> Field:
    def check(value: Any, name: str) -> list[Any]:
        _check_list(value, name)
        return list(
            dict.fromkeys(check_one(one, f"{name}.{index}") for index, one in enumerate(value))
        )

    return Field(check, {"type": ["array", "null"], "items": dict(schema)}, default=())


def rows(shape: Shape) -> Field:
    """Records inside a record. One that names its `id` is changed, one without is new."""
    whole = Shape({"id": identifier(), **shape.fields})

    def check(row: Mapping[str, Any], name: str) -> dict[str, Any]:
        return (whole.of_change if row.get("id") else whole.of_new)(row, name)

    return _objects(check, whole)


def entries(shape: Shape) -> Field:
    """Objects inside a record that have no identity of their own: they are sent anew each time."""
    return _objects(shape.of_new, shape)


def _objects(check_one: Callable[[Mapping[str, Any], str], Any], shape: Shape) -> Field:
    def check(value: Any, name: str) -> list[dict[str, Any]]:
        _check_list(value, name)
        kept, refusals = [], []
        for index, row in enumerate(value):
            try:
                if not isinstance(row, Mapping):
                    raise invalid("invalid_input", "Give an object.", f"{name}.{index}")
                kept.append(check_one(row, f"{name}.{index}."))
            except Invalid as refusal:
                refusals.append(refusal)
        if refusals:
            raise together(refusals)
        return kept

    return Field(check, {"type": ["array", "null"], "items": shape.schema()}, default=())


def nested(shape: Shape) -> Field:
    """An object with fields of its own; only those that were sent are kept."""

    def check(value: Any, name: str) -> dict[str, Any]:
        if not isinstance(value, Mapping):
            raise invalid("invalid_input", "Give an object.", name)
        return shape.of_change(value, f"{name}.")

    return Field(check, shape.schema(), default={})


def attributes() -> Field:
    """Properties with one value each: {"color": "red"}."""
    return _properties(_property, {"type": ["string", "number"]})


def attribute_filter() -> Field:
    """Properties with the values that fit: {"color": ["red", "blue"]} (ruling 12)."""

    def check(value: Any, name: str) -> list[str]:
        given = value if isinstance(value, list) else [value]
        _check_list(given, name)
        return [_property(one, f"{name}.{index}") for index, one in enumerate(given)]

    return _properties(check, {"type": "array", "items": {"type": "string"}})


def _properties(check_one: Check, schema: Mapping[str, Any]) -> Field:
    def check(value: Any, field_name: str) -> dict[str, Any]:
        if not isinstance(value, Mapping) or len(value) > 100:
            message = 'Give properties and values, like {"color": "red"}.'
            raise invalid("invalid_input", message, field_name)
        return {
            _property_name(one, field_name): check_one(held, f"{field_name}.{one}")
            for one, held in value.items()
        }

    described = {"type": ["object", "null"], "additionalProperties": dict(schema)}
    return Field(check, described, default={})


def _property_name(value: Any, name: str) -> str:
    kept: str = text(80).check(value, name)
    if not kept:
        raise invalid("invalid_input", "Every property needs a name.", name)
    return kept


def _property(value: Any, name: str) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return quantity.trim(parse_decimal(value, name))
    kept: str = text(200).check(value, name)
    return kept


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


def _check_list(value: Any, name: str) -> None:
    if not isinstance(value, list | tuple):
        raise invalid("invalid_input", "Give a list.", name)
    if len(value) > _MOST_ROWS:
        raise invalid("too_many", f"At most {_MOST_ROWS} fit here.", name)


def _string(**bounds: Any) -> dict[str, Any]:
    return {"type": ["string", "null"], **bounds}
