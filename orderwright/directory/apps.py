"""The directory area: customers, their addresses and contacts, staff, terms and carriers."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Customers, their addresses and contacts, staff, terms and carriers."""

    name = "orderwright.directory"

    def ready(self) -> None:
        """A pricing group stays as long as a customer is in it."""
        from orderwright.activity.references import note_list_of_ids
        from orderwright.directory.models import Customer, CustomerGroup

        note_list_of_ids(of=CustomerGroup, model=Customer, column="pricing_group_ids")
