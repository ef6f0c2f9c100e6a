"""The returns area: goods that come back, what becomes of them, and the money given back."""

from django.apps import AppConfig


class ReturnsConfig(AppConfig):
    """Goods that come back, and what becomes of them."""

    name = "orderwright.returns"
