"""The types of what clients send: each takes exactly what the contract says, and nothing else.

Numbers are strings or JSON numbers, read by the rules themselves; dates and instants are texts;
flags are `true` or `false`. A null is as good as nothing: the default stands.
"""

from datetime import date, datetime
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, Field, StrictBool, WithJsonSchema, model_validator

Number = Annotated[Any, WithJsonSchema({"type": ["string", "number", "null"]})]
Flag = StrictBool
Version = Annotated[int, Field(strict=True, ge=1, lt=2**31)]


def _only_text(value: Any) -> Any:
    if not isinstance(value, str | date):
        raise ValueError("Give a text like 2026-12-01.")
    return value


Day = Annotated[date, BeforeValidator(_only_text)]
Instant = Annotated[datetime, BeforeValidator(_only_text)]


class Body(BaseModel):
    """A body of known fields; further ones are ignored, and null is as good as absent."""

    @model_validator(mode="before")
    @classmethod
    def _without_nulls(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        return {name: value for name, value in values.items() if value is not None}


class Versioned(Body):
    """A change; `version` refuses it on a record that changed since it was read."""

    version: Version | None = None
