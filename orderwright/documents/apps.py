"""The documents area: e-mails and printed documents."""

from django.apps import AppConfig

from orderwright.activity import subscriptions


class DocumentsConfig(AppConfig):
    """E-mails and printed documents."""

    name = "orderwright.documents"

    def ready(self) -> None:
        """An issued order is acknowledged, an issued purchase mailed to its supplier, when its
        issuer asked for that."""
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
