"""Production stages as people set them up (domain 1.17)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from orderwright.activity.kinds import Kind
from orderwright.kernel.fields import flag, name, note, text, whole_number
from orderwright.kernel.lists import words
from orderwright.kernel.shapes import Shape
from orderwright.production.models import Stage

STAGE_FIELDS: Final = Shape(
    {
        "name": name(),
        "code": text(20),
        "description": note(2000),
        "sort_order": whole_number(-10_000, 10_000, default=0),
        "inventory_types": words(40),
        "departments": words(80),
        "is_default": flag(),
        "is_active": flag(default=True),
    }
)


@dataclass(frozen=True, slots=True)
class StageRow:
    """A step in which things are made."""

    id: UUID
    version: int
    name: str
    code: str
    description: str
    sort_order: int
    inventory_types: list[str]
    departments: list[str]
    is_default: bool
    is_active: bool
    created_at: datetime
    updated_at: datetime


STAGE: Final = Kind(
    model=Stage,
    noun="stage",
    area="production",
    shape=STAGE_FIELDS,
    row=StageRow,
    searched=("name", "code"),
    filters=Shape({"is_active": flag()}),
)
