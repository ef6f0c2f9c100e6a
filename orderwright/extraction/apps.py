"""The extraction area: from notes to requested products."""

from django.apps import AppConfig


class ExtractionConfig(AppConfig):
    """From notes to requested products."""

    name = "orderwright.extraction"
