"""The inventory area: locations, lots, reservations, selections and movements."""

from django.apps import AppConfig


class InventoryConfig(AppConfig):
    """Locations, lots, reservations, selections and movements."""

    name = "orderwright.inventory"

    def ready(self) -> None:
        """Many lots are moved at once."""
        from orderwright.activity.bulk import register
        from orderwright.inventory.bulk import BULK_ACTIONS

        register(*BULK_ACTIONS)
