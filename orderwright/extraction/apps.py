"""The extraction area: from notes to requested products."""

from django.apps import AppConfig


class ExtractionConfig(AppConfig):
    """From notes to requested products."""

    name = "orderwright.extraction"

    def ready(self) -> None:
        """Merged customers share what they taught."""
        from orderwright.directory.merging import before_merging
        from orderwright.extraction.actions import let_aliases_merge

        before_merging(let_aliases_merge)
