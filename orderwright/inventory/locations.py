"""Places where lots lie."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from orderwright.activity.kinds import Kind
from orderwright.identity.caller import Caller
from orderwright.inventory.models import Location
from orderwright.kernel.fields import country, flag, name, text
from orderwright.kernel.shapes import Shape


@dataclass(frozen=True, slots=True)
class LocationRow:
    """A place where lots lie."""

    id: UUID
    version: int
    name: str
    short_name: str
    type: str
    street: str
    city: str
    country: str
    postal_code: str
    is_default: bool
    is_active: bool
    created_at: datetime
    updated_at: datetime


LOCATION: Final = Kind(
    model=Location,
    noun="location",
    area="settings",
    shape=Shape(
        {
            "name": name(),
            "short_name": text(20),
            "type": text(20),
            "street": text(200),
            "city": text(100),
            "country": country(),
            "postal_code": text(20),
            "is_default": flag(),
            "is_active": flag(default=True),
        }
    ),
    row=LocationRow,
    open_to_all=True,
    searched=("name", "short_name"),
    filters=Shape({"is_active": flag()}),
)


def equip_organization(by: Caller) -> None:
    """A new organization has one place for its stock, which it may rename."""
    Location.objects.create(
        organization_id=by.organization_id, name="Main", short_name="MAIN", is_default=True
    )
