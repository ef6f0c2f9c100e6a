"""The purchasing area: purchase orders, their lines and receipts."""

from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    """Purchase orders, their lines and receipts."""

    name = "orderwright.purchasing"
