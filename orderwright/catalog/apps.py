"""The catalog area: products, product lines, categories, units and item codes."""

from django.apps import AppConfig


class CatalogConfig(AppConfig):
    """Products, product lines, categories, units and item codes."""

    name = "orderwright.catalog"
