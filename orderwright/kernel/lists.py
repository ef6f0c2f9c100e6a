"""The kinds of fields that hold several things: ids, texts, rows, properties."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from orderwright.kernel import quantity
from orderwright.kernel.errors import Invalid
from orderwright.kernel.fields import check_identifier, identifier, text
from orderwright.kernel.numbers import parse_decimal
from orderwright.kernel.shapes import Check, Field, Shape, invalid, together

_MOST_ROWS: Final = 500


def identifiers() -> Field:
    """Ids of other records, each once."""
    return _sequence(check_identifier, {"type": "string", "format": "uuid"})


def words(longest: int) -> Field:
    """A few texts, each once; empty ones are left out."""
    listed = _sequence(text(longest).check, {"type": "string", "maxLength": longest})

    def check(value: Any, field_name: str) -> list[str]:
        return [word for word in listed.check(value, field_name) if word]

    return Field(check, listed.schema, default=())


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


def _check_list(value: Any, name: str) -> None:
    if not isinstance(value, list | tuple):
        raise invalid("invalid_input", "Give a list.", name)
    if len(value) > _MOST_ROWS:
        raise invalid("too_many", f"At most {_MOST_ROWS} fit here.", name)
