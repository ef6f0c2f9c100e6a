"""The documents area: e-mails and printed documents."""

from django.apps import AppConfig

from orderwright.activity import subscriptions


class DocumentsConfig(AppConfig):
    """E-mails and printed documents."""

    name = "orderwright.documents"

    def ready(self) -> None:
        """An issued order is acknowledged, an issued purchase mailed to its supplier, when its
        issuer asked for that; an invoice leaves when somebody sends it, a notice with a
        shipment, and an e-mail again when somebody asks for that."""
        subscriptions.subscribe(
            "sales_order.issued",
            "documents.send_acknowledgement",
            concerns=lambda body: bool(body.get("notify_customer")),
        )
        subscriptions.subscribe(
            "purchase_order.issued",
            "documents.send_purchase_order",
            concerns=lambda body: bool(body.get("notify_supplier")),
        )
        for event_type in ("invoice.sent", "invoice.reminded"):
            subscriptions.subscribe(event_type, "documents.send_invoice")
        for event_type in ("shipment.created", "shipment.shipped"):
            subscriptions.subscribe(
                event_type,
                "documents.send_shipment_notice",
                wanted=lambda by: bool(by.organization.setting("shipping.notify_customer")),
            )
        subscriptions.subscribe("statement.sent", "documents.deliver_statement")
        subscriptions.subscribe("email.queued", "documents.deliver_queued")
