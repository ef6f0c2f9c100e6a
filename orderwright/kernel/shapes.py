"""The shape of a record that people fill in: its fields, and what each of them takes.

One description serves the creation of a record (defaults are filled in), a change (only what was
sent), the forms of the pages and the documentation of the API. Values come from JSON or from a
form; what is not sound is refused with a sentence for each field at once.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orderwright.kernel.errors import Invalid

Check = Callable[[Any, str], Any]


@dataclass(frozen=True, slots=True)
class Field:
    """One field: `check(value, name)` returns what is kept, or raises Invalid.

    `schema` is its JSON schema. `required` has to be given at creation and cannot be cleared;
    anything else falls back to `default`. `fixed` is settled at creation.
    """

    check: Check
    schema: Mapping[str, Any]
    default: Any = None
    required: bool = False
    fixed: bool = False


def required(field: Field) -> Field:
    """The field, which has to be given."""
    return replace(field, required=True)


def fixed(field: Field) -> Field:
    """The field, which cannot change after creation."""
    return replace(field, fixed=True)


@dataclass(frozen=True, slots=True)
class Shape:
    """The fields of one kind of record, by name. Names that it does not know are ignored."""

    fields: Mapping[str, Field]

    def of_new(self, sent: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
        """All fields of a new record: null or absent takes the default.

        Raises Invalid that names every field that is missing or not sound.
        """
        return self._checked(sent, prefix, list(self.fields))

    def of_change(self, sent: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
        """The fields that were sent; null goes back to the default.

        Raises Invalid that names every field that is not sound.
        """
        return self._checked(sent, prefix, [name for name in self.fields if name in sent])

    def _checked(
        self, sent: Mapping[str, Any], prefix: str, names: Sequence[str]
    ) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        refusals: list[Invalid] = []
        for name in names:
            try:
                kept[name] = _take(self.fields[name], sent.get(name), f"{prefix}{name}")
            except Invalid as refusal:
                refusals.append(refusal)
        if refusals:
            raise together(refusals)
        return kept

    def schema(self) -> dict[str, Any]:
        """The JSON schema of a new record."""
        return {
            "type": "object",
            "properties": {name: dict(field.schema) for name, field in self.fields.items()},
            "required": [name for name, field in self.fields.items() if field.required],
        }


def _take(field: Field, value: Any, name: str) -> Any:
    kept = field.default if value is None else field.check(value, name)
    if field.required and (kept is None or kept == ""):
        raise invalid("required", "This is needed.", name)
    return kept


def together(refusals: Sequence[Invalid]) -> Invalid:
    """Several refusals as one that names all fields; a single one stays as it is."""
    if len(refusals) == 1:
        only = refusals[0]
        return Invalid(only.code, _sentence(only.fields), fields=only.fields, details=only.details)
    fields = {name: text for refusal in refusals for name, text in refusal.fields.items()}
    return Invalid("invalid_input", _sentence(fields), fields=fields)


def _sentence(fields: Mapping[str, str]) -> str:
    name, text = next(iter(fields.items()))
    more = f" ({len(fields) - 1} more to correct.)" if len(fields) > 1 else ""
    return f"{name}: {text}{more}"


def invalid(code: str, message: str, name: str) -> Invalid:
    """A refusal about one field."""
    return Invalid(code, message, fields={name: message})
