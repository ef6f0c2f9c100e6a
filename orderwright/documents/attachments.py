"""What comes along with an e-mail: the document of the record that it is about, as it is now."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from orderwright.documents import queries
from orderwright.documents.models import EmailMessage
from orderwright.documents.order_document import Sees
from orderwright.documents.printing import Printed
from orderwright.identity.caller import Caller
from orderwright.invoicing import queries as invoicing
from orderwright.kernel.errors import NotFound
from orderwright.purchasing import queries as purchasing
from orderwright.sales import queries as sales


def attachment(by: Caller, message: EmailMessage) -> Printed | None:
    """The document; None for an e-mail without one, and once its record is gone."""
    made = _DOCUMENTS.get(message.template)
    if made is None:
        return None
    try:
        return made(by, message.about_id or message.topic_id)
    except NotFound:
        return None


def _order(by: Caller, order_id: UUID) -> Printed:
    """With its prices: it goes to its customer."""
    return queries.printed_order(
        by, sales.read_order(by, order_id), Sees(prices=True, customer=True)
    )


def _purchase(by: Caller, order_id: UUID) -> Printed:
    return queries.printed_purchase(by, purchasing.read_order(by, order_id), prices=True)


def _invoice(by: Caller, invoice_id: UUID) -> Printed:
    return queries.printed_invoice(by, invoicing.read_invoice(by, invoice_id))


_DOCUMENTS: Final[dict[str, Callable[[Caller, UUID], Printed]]] = {
    "acknowledgement": _order,
    "purchase_order": _purchase,
    "invoice_sent": _invoice,
    "invoice_reminded": _invoice,
}
