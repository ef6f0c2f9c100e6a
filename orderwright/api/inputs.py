"""Bodies and filters of requests, described by the shapes that check them.

A body is documented in OpenAPI from its shape and handed to the action as it came: the shape, which
the pages use as well, is the only place that decides what is sound.
"""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, WithJsonSchema, create_model

from orderwright.kernel.fields import whole_number
from orderwright.kernel.shapes import Shape

_VERSION = whole_number(1, 2**31 - 1)


class Sent(BaseModel):
    """What was sent: the fields as they came, without those that were not sent."""

    def sent(self) -> dict[str, Any]:
        """The fields that the request names, unchanged."""
        return {name: getattr(self, name) for name in self.model_fields_set if name != "version"}

    def version_read(self) -> int | None:
        """The version that the client read, if it says so. Raises Invalid."""
        sent = getattr(self, "version", None)
        read: int | None = None if sent is None else _VERSION.check(sent, "version")
        return read


class Asked(Sent):
    """What a list is asked for: a page of it, and filters."""

    q: str | None = None
    limit: int | None = None
    cursor: str | None = None

    def filters(self) -> dict[str, Any]:
        """The filters that the query names."""
        paging = {"q", "limit", "cursor"}
        return {name: held for name, held in self.sent().items() if name not in paging}


def body_of(name: str, shape: Shape, **further: Mapping[str, Any]) -> type[Sent]:
    """The body that creates a record; `further` are fields beside the shape's, as JSON schemas."""
    needed = [key for key, field in shape.fields.items() if field.required]
    model: type[Sent] = _model(name, shape, further, needed=needed)
    return model


def patch_of(name: str, shape: Shape, **further: Mapping[str, Any]) -> type[Sent]:
    """The body that changes a record: everything optional, and the `version` that was read."""
    model: type[Sent] = _model(name, shape, {**further, "version": _VERSION.schema})
    return model


def filters_of(name: str, shape: Shape) -> type[Sent]:
    """The filters of a list, beside parameters that the operation names itself."""
    model: type[Sent] = _model(name, shape, {})
    return model


def query_of(name: str, shape: Shape) -> type[Asked]:
    """The whole query of a list: its page, its search and its filters."""
    model: type[Asked] = _model(name, shape, {}, base=Asked)
    return model


def _model(
    name: str,
    shape: Shape,
    further: Mapping[str, Mapping[str, Any]],
    *,
    needed: Sequence[str] = (),
    base: type[Sent] = Sent,
) -> Any:
    schemas = {key: field.schema for key, field in shape.fields.items()} | dict(further)
    fields: dict[str, Any] = {
        key: (Annotated[Any, WithJsonSchema(dict(schema))], None) for key, schema in schemas.items()
    }
    extra: dict[str, Any] = {"required": list(needed)} if needed else {}
    named = type(f"{name}Base", (base,), {"model_config": ConfigDict(json_schema_extra=extra)})
    return create_model(name, __base__=named, **fields)
