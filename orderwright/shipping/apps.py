"""The shipping area: picks, shipments, what they carry, and what carriers say."""

from django.apps import AppConfig


class ShippingConfig(AppConfig):
    """Picks, shipments, what they carry, and what carriers say."""

    name = "orderwright.shipping"

    def ready(self) -> None:
        """The pick of an order, and what is packed of it, follow it at once."""
        from orderwright.sales import watchers
        from orderwright.shipping import pick_keeping, unsent

        watchers.watch(pick_keeping.keep_pick)
        watchers.watch(unsent.follow_order)
