"""The reporting area: reads across all areas, the search and the dashboard."""

from django.apps import AppConfig


class ReportingConfig(AppConfig):
    """Reads across all areas."""

    name = "orderwright.reporting"
