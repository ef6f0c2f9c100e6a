"""The catalog area: products, product lines, categories, units and item codes."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Products, product lines, categories, units and item codes."""

    name = "orderwright.catalog"

    def ready(self) -> None:
        """Many products can be taken out of use at once; merged customers share their codes."""
        from orderwright.activity.bulk import register
        from orderwright.catalog.actions import let_codes_merge
        from orderwright.catalog.bulk import BULK_ACTIONS
        from orderwright.directory.merging import before_merging

        before_merging(let_codes_merge)

        register(*BULK_ACTIONS)
