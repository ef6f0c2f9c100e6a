"""The pricing area: customer prices, volume discounts, discount codes and the price stack."""

from django.apps import AppConfig


class PricingConfig(AppConfig):
    """Customer prices, volume discounts, discount codes and the price stack."""

    name = "orderwright.pricing"

    def ready(self) -> None:
        """What the lists of ids name stays as long as they name it; merged customers keep one
        price for each product line."""
        from orderwright.activity.references import note_list_of_ids
        from orderwright.catalog.models import ProductCategory, ProductLine
        from orderwright.directory.merging import before_merging
        from orderwright.directory.models import Customer, CustomerGroup
        from orderwright.pricing.actions import let_prices_merge
        from orderwright.pricing.models import CustomerPrice, DiscountCode, VolumeDiscount

        before_merging(let_prices_merge)
        note_list_of_ids(of=ProductCategory, model=CustomerPrice, column="category_ids")
        note_list_of_ids(of=ProductCategory, model=VolumeDiscount, column="category_ids")
        note_list_of_ids(of=ProductLine, model=VolumeDiscount, column="product_line_ids")
        note_list_of_ids(of=CustomerGroup, model=VolumeDiscount, column="customer_group_ids")
        note_list_of_ids(of=Customer, model=DiscountCode, column="customer_ids")
