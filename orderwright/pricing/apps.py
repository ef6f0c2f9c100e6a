"""The pricing area: customer prices, volume discounts, discount codes and the price stack."""

from django.apps import AppConfig


class PricingConfig(AppConfig):
    """Customer prices, volume discounts, discount codes and the price stack."""

    name = "orderwright.pricing"
