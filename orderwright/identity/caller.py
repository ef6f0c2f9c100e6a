"""The caller: who acts, for which organization, with what permissions, and when."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from orderwright.kernel.errors import Forbidden

SETTINGS: dict[str, Any] = {
    "pricing.volume_applies_to_customer_price": True,
    "pricing.tier_mode": "compound",
    "pricing.unit_price_dp": 4,
    "invoicing.mode": "on_shipment",
    "orders.auto_issue_on_submit": False,
    "orders.auto_complete_when_paid": True,
    "orders.estimate_days": 30,
    "shipping.notify_customer": False,
    "stock.allow_negative": False,
    "metrics.percent_dp": 1,
    "production.due_offset_days": 7,
    "production.enforce_inventory_types": False,
    "invoicing.footer": "",
    "invoicing.tax_number": "",
    "invoicing.iban": "",
    "invoicing.show_photos": False,
    "security.second_factor_from": None,
}


@dataclass(frozen=True, slots=True)
class OrganizationFacts:
    """What every action needs to know of the organization."""

    id: UUID
    name: str
    default_currency: str
    default_weight_unit: str
    timezone: str
    so_prefix: str
    po_prefix: str
    invoice_prefix: str
    settings: dict[str, Any]

    def setting(self, key: str) -> Any:
        """A setting of domain 1.1, or its default."""
        return self.settings.get(key, SETTINGS[key])


@dataclass(frozen=True, slots=True)
class Actor:
    """Who is written into events: a user, a key, or the system itself."""

    kind: str
    id: UUID | None
    name: str


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who acts for one organization at one instant."""

    organization: OrganizationFacts
    role: str
    permissions: frozenset[str]
    actor: Actor
    now: datetime

    @property
    def organization_id(self) -> UUID:
        """The organization that the caller belongs to."""
        return self.organization.id

    @property
    def today(self) -> date:
        """The date now, in the organization's timezone."""
        return self.now.astimezone(ZoneInfo(self.organization.timezone)).date()

    def day_of(self, day: date) -> tuple[datetime, datetime]:
        """When a day begins in the organization's timezone, and when the next one does."""
        zone = ZoneInfo(self.organization.timezone)
        starts = datetime.combine(day, time(), zone)
        return starts, datetime.combine(day + timedelta(days=1), time(), zone)

    @property
    def is_admin(self) -> bool:
        """Some corrections are an Admin's only (ruling 3)."""
        return self.role == "Admin"

    def may(self, permission: str) -> bool:
        """Whether the role holds this permission."""
        return permission in self.permissions

    def must(self, *permissions: str) -> None:
        """Refuse with Forbidden unless the role holds all of these permissions."""
        missing = [permission for permission in permissions if permission not in self.permissions]
        if missing:
            raise Forbidden(
                "missing_permission",
                f"Your role {self.role} lacks the permission {missing[0]}. "
                "Ask an administrator of your organization to give it to your role.",
                details={"permission": missing[0], "role": self.role},
            )
