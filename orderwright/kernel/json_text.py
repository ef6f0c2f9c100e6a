"""JSON for the database: decimals and ids as text, so that no digit is lost."""

from typing import Any

import orjson


def to_json(value: Any) -> str:
    """Text of a value for a jsonb parameter. Decimals, ids and dates become strings."""
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()


def from_json(value: Any) -> Any:
    """What a json column holds, whether or not the driver has read it already."""
    return orjson.loads(value) if isinstance(value, str | bytes) else value
