"""The importing area: files become records."""

from django.apps import AppConfig


class ImportingConfig(AppConfig):
    """Imports of customers, products, inventory and orders."""

    name = "orderwright.importing"
