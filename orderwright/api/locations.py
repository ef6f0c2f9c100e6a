"""Locations over HTTP."""

from ninja import Router

from orderwright.api.records import mount, resource
from orderwright.inventory.locations import LOCATION

router = Router(tags=["Inventory"])

mount(router, resource("/locations", LOCATION))
