"""The sales area: sales orders, their lines, lifecycle and statuses."""

from django.apps import AppConfig


class SalesConfig(AppConfig):
    """Sales orders, their lines, lifecycle and statuses."""

    name = "orderwright.sales"

    def ready(self) -> None:
        """Orders follow their customer's status and the stock that covers them, at once."""
        from orderwright.activity.bulk import register
        from orderwright.directory import watchers as directory
        from orderwright.directory.merging import before_merging
        from orderwright.inventory import watchers as inventory
        from orderwright.sales import actions, queries
        from orderwright.sales.bulk import BULK_ACTIONS

        directory.watch(actions.recount_customer)
        before_merging(queries.refuse_equal_po_numbers)
        inventory.watch(actions.recount_reservations)
        register(*BULK_ACTIONS)
