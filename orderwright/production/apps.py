"""The production area: stages, jobs with what went in and came out, runs."""

from django.apps import AppConfig


class ProductionConfig(AppConfig):
    """Stages, jobs with what went in and came out, runs."""

    name = "orderwright.production"
