"""Places where lots lie."""

from orderwright.identity.caller import Caller
from orderwright.inventory.models import Location


def equip_organization(by: Caller) -> None:
    """A new organization has one place for its stock, which it may rename."""
    Location.objects.create(
        organization_id=by.organization_id, name="Main", short_name="MAIN", is_default=True
    )
