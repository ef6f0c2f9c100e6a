"""The invoicing area: invoices, payments and what they settle."""

from django.apps import AppConfig


class InvoicingConfig(AppConfig):
    """Invoices, payments and what they settle."""

    name = "orderwright.invoicing"

    def ready(self) -> None:
        """A shipment that leaves is invoiced; one that comes back loses its draft;
        goods that come back are credited; what is invoiced stands; debts count against credit
        limits."""
        from orderwright.activity import subscriptions
        from orderwright.activity.bulk import register
        from orderwright.invoicing import crediting, drafting, receivables
        from orderwright.invoicing.bulk import BULK_ACTIONS
        from orderwright.returns import watchers as returns
        from orderwright.sales import billed, standing
        from orderwright.sales import watchers as sales

        register(*BULK_ACTIONS)
        for event_type in ("shipment.created", "shipment.shipped"):
            subscriptions.subscribe(
                event_type,
                "invoicing.draft_for_shipment",
                wanted=lambda by: by.organization.setting("invoicing.mode") == "on_shipment",
            )
        for event_type in ("shipment.cancelled", "shipment.voided"):
            subscriptions.subscribe(event_type, "invoicing.drop_draft_of_shipment")
        subscriptions.subscribe("sales_order.removed", "invoicing.drop_orphans")
        returns.watch(crediting.credit_for_return)
        sales.watch(drafting.refuse_below_invoiced)
        standing.count_debts(receivables.debt)
        billed.ask_billed(drafting.billed_lines)
