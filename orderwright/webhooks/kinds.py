"""What people fill in of an endpoint, and how it reads."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from orderwright.activity.kinds import Kind
from orderwright.kernel.fields import flag, text
from orderwright.kernel.shapes import Field, Shape, invalid, required
from orderwright.webhooks.event_types import is_known
from orderwright.webhooks.models import Endpoint
from orderwright.webhooks.rules import LONGEST_URL


@dataclass(frozen=True, slots=True)
class EndpointRow:
    """An endpoint as people see it, without its secrets."""

    id: UUID
    version: int
    url: str
    description: str
    event_types: list[str]
    is_active: bool
    disabled_at: datetime | None
    disabled_reason: str
    previous_secret_until: datetime | None
    failing_since: datetime | None
    last_delivered_at: datetime | None
    created_at: datetime
    updated_at: datetime


def _event_types() -> Field:
    def check(value: Any, field: str) -> list[str]:
        if not isinstance(value, list | tuple):
            raise invalid("invalid_input", "Give a list of event types.", field)
        for index, one in enumerate(value):
            if not isinstance(one, str) or not is_known(one):
                sentence = "There is no such event type, like sales_order.issued or sales_order.*"
                raise invalid("unknown_event_type", sentence, f"{field}.{index}")
        return sorted(set(value))

    schema = {"type": ["array", "null"], "items": {"type": "string"}}
    return Field(check, schema, default=[])


SHAPE: Final = Shape(
    {
        "url": required(text(LONGEST_URL)),
        "description": text(200),
        "event_types": _event_types(),
        "is_active": flag(default=True),
    }
)

ENDPOINT: Final = Kind(
    model=Endpoint,
    noun="webhook endpoint",
    area="settings",
    shape=SHAPE,
    row=EndpointRow,
    joined={"previous_secret_until": "previous_until"},
    searched=("url", "description"),
    filters=Shape({"is_active": flag()}),
    secrets=frozenset({"url"}),
)
