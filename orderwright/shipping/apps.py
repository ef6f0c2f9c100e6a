"""The shipping area: shipments, what they carry, and what carriers say."""

from django.apps import AppConfig


class ShippingConfig(AppConfig):
    """Shipments, what they carry, and what carriers say."""

    name = "orderwright.shipping"
