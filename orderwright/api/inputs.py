"""Bodies and filters of requests, described by the shapes that check them.

A body is documented in OpenAPI from its shape and handed to the action as it came: the shape, which
the pages use as well, is the only place that decides what is sound.
"""

from collections.abc import Mapping
from typing import Annotated, Any

from ninja import Schema
from pydantic import ConfigDict, WithJsonSchema, create_model

from orderwright.kernel.fields import whole_number
from orderwright.kernel.shapes import Shape

_VERSION = whole_number(1, 2**31 - 1)


class Sent(Schema):
    """What was sent: the fields as they came, without those that were not sent."""

    def sent(self) -> dict[str, Any]:
        """The fields that the request names, unchanged."""
        return {name: getattr(self, name) for name in self.model_fields_set if name != "version"}

    def version_read(self) -> int | None:
        """The version that the client read, if it says so. Raises Invalid."""
        value = getattr(self, "version", None)
        return None if value is None else int(_VERSION.check(value, "version"))


def body_of(name: str, shape: Shape, **further: Mapping[str, Any]) -> type[Sent]:
    """The body that creates a record; `further` are fields beside the shape's, as JSON schemas."""
    needed = [key for key, field in shape.fields.items() if field.required]
    return _model(name, shape, further, needed=needed)


def patch_of(name: str, shape: Shape, **further: Mapping[str, Any]) -> type[Sent]:
    """The body that changes a record: everything optional, and the `version` that was read."""
    return _model(name, shape, {**further, "version": _VERSION.schema})


def filters_of(name: str, shape: Shape) -> type[Sent]:
    """The filters of a list, from the query."""
    return _model(name, shape, {})


def _model(
    name: str, shape: Shape, further: Mapping[str, Mapping[str, Any]], *, needed: Any = ()
) -> type[Sent]:
    schemas = {key: field.schema for key, field in shape.fields.items()} | dict(further)
    fields: dict[str, Any] = {
        key: (Annotated[Any, WithJsonSchema(dict(schema))], None) for key, schema in schemas.items()
    }
    extra: dict[str, Any] = {"required": list(needed)} if needed else {}
    base = type(f"{name}Base", (Sent,), {"model_config": ConfigDict(json_schema_extra=extra)})
    model: type[Sent] = create_model(name, __base__=base, __doc__=None, **fields)
    return model
