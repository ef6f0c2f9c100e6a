"""The pricing area: customer prices, volume discounts, discount codes and the price stack."""

from django.apps import AppConfig


class PricingConfig(AppConfig):
    """Customer prices, volume discounts, discount codes and the price stack."""

    name = "orderwright.pricing"

    def ready(self) -> None:
        """What the lists of ids name stays as long as they name it."""
        from orderwright.activity.references import note_list_of_ids
        from orderwright.catalog.models import ProductCategory, ProductLine
        from orderwright.directory.models import Customer, CustomerGroup
        from orderwright.pricing.models import CustomerPrice, DiscountCode, VolumeDiscount

        note_list_of_ids(of=ProductCategory, model=CustomerPrice, column="category_ids")
        note_list_of_ids(of=ProductCategory, model=VolumeDiscount, column="category_ids")
        note_list_of_ids(of=ProductLine, model=VolumeDiscount, column="product_line_ids")
        note_list_of_ids(of=CustomerGroup, model=VolumeDiscount, column="customer_group_ids")
        note_list_of_ids(of=Customer, model=DiscountCode, column="customer_ids")
