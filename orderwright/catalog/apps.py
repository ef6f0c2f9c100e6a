"""The catalog area: products, product lines, categories, units and item codes."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Products, product lines, categories, units and item codes."""

    name = "orderwright.catalog"

    def ready(self) -> None:
        """Many products can be taken out of use, and back, at once."""
        from orderwright.activity.bulk import register
        from orderwright.catalog.bulk import BULK_ACTIONS

        register(*BULK_ACTIONS)
