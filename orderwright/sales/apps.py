"""The sales area: sales orders, their lines, lifecycle and statuses."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Sales orders, their lines, lifecycle and statuses."""

    name = "orderwright.sales"
