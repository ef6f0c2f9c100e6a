"""The pages."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """Pages, components and static files."""

    name = "orderwright.web"
