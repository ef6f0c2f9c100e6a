"""The inventory area: locations, lots, reservations, selections and movements."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """Locations, lots, reservations, selections and movements."""

    name = "orderwright.inventory"
