"""The directory area: customers, their addresses and contacts, staff, terms and carriers."""

from django.apps import AppConfig


class DirectoryConfig(AppConfig):
    """Customers, their addresses and contacts, staff, terms and carriers."""

    name = "orderwright.directory"

    def ready(self) -> None:
        """A pricing group stays as long as a customer is in it; who is invited gets a mail."""
        from orderwright.activity import subscriptions
        from orderwright.activity.bulk import register
        from orderwright.activity.references import note_list_of_ids
        from orderwright.directory.bulk import BULK_ACTIONS
        from orderwright.directory.models import Customer, CustomerGroup

        note_list_of_ids(of=CustomerGroup, model=Customer, column="pricing_group_ids")
        subscriptions.subscribe("user.invited", "directory.send_invitation")
        subscriptions.subscribe("user.password_forgotten", "directory.send_password_link")
        register(*BULK_ACTIONS)
