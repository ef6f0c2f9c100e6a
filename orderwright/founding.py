"""Found an organization with everything the areas give a new one."""

from collections.abc import Callable, Sequence
from datetime import datetime

from orderwright.directory import equipment as directory
from orderwright.identity import actions as identity
from orderwright.identity.actions import Founded
from orderwright.identity.caller import Caller
from orderwright.inventory import locations as inventory

# The actions that give a new organization its system records, lowest area first.
EQUIPMENT: Sequence[Callable[[Caller], None]] = (
    directory.equip_organization,
    inventory.equip_organization,
)


def found_organization(*, name: str, email: str, password: str, now: datetime) -> Founded:
    """An organization that can work at once. Raises what `create_organization` raises."""
    return identity.create_organization(
        name=name, email=email, password=password, now=now, equip=EQUIPMENT
    )
