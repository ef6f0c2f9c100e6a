"""Send e-mails: each effect once, its outcome kept beside the order it is about."""

from uuid import UUID

from orderwright.activity.models import Event
from orderwright.documents import outbox, queries, texts
from orderwright.documents.models import EmailMessage
from orderwright.documents.order_document import Sees
from orderwright.documents.printing import Printed
from orderwright.identity.caller import Caller
from orderwright.identity.tenancy import entered
from orderwright.invoicing import queries as invoicing
from orderwright.kernel.errors import NotFound
from orderwright.purchasing import queries as purchasing
from orderwright.purchasing.page import OrderPage as PurchasePage
from orderwright.sales import queries as sales


def send_acknowledgement(*, by: Caller, order_id: UUID, event_id: UUID) -> None:
    """Confirm an issued order to its acknowledgement contacts by e-mail (domain 4.4, 4.17).

    May run twice: the event's id makes the e-mail once. A failure is kept with the e-mail and
    raised, so that the job is tried again; the order stays issued.
    """
    message = _queued(by, order_id, f"acknowledgement:{event_id}")
    if message is not None and message.status != "sent":
        outbox.deliver(by, message, _attached(by, order_id))


def send_purchase_order(*, by: Caller, order_id: UUID, event_id: UUID) -> None:
    """Send an issued purchase order to its supplier by e-mail (domain 2.7), as above: once, with
    its outcome kept."""
    effect_key = f"purchase_order:{event_id}"
    with entered(by.organization_id):
        page = _purchase(by, order_id)
        message = outbox.known(by, effect_key)
        if message is None and page is not None and page.head.supplier_email:
            subject, text = texts.purchase_order(page, by.organization.name)
            message = outbox.queue(
                by,
                effect_key=effect_key,
                topic_id=order_id,
                template="purchase_order",
                recipients=[page.head.supplier_email],
                subject=subject,
                text=text,
            )
        attached = None if page is None else queries.printed_purchase(by, page, prices=True)
    if message is not None and message.status != "sent":
        outbox.deliver(by, message, attached)


def send_invoice(*, by: Caller, invoice_id: UUID, event_id: UUID) -> None:
    """Send an invoice, or remind of it, to whom the action named (domain 4.13, 4.17), as above:
    once, with its outcome kept."""
    with entered(by.organization_id):
        event = Event.objects.of(by.organization_id).get(pk=event_id)
        effect_key, template = f"{event.type}:{event_id}", event.type.replace(".", "_")
        message = outbox.known(by, effect_key)
        if message is None:
            page = invoicing.read_invoice(by, invoice_id)
            subject, text = texts.invoice(page, by.organization.name, event.body)
            message = outbox.queue(
                by,
                effect_key=effect_key,
                topic_id=event.topic_id,
                template=template,
                recipients=event.body["recipients"],
                subject=subject,
                text=text,
            )
    if message.status != "sent":
        outbox.deliver(by, message, None)


def _purchase(by: Caller, order_id: UUID) -> PurchasePage | None:
    """The purchase order; None once it is gone."""
    try:
        return purchasing.read_order(by, order_id)
    except NotFound:
        return None


def _queued(by: Caller, order_id: UUID, effect_key: str) -> EmailMessage | None:
    """The e-mail of this effect, written when it is not there yet; None without recipients, or
    when the order is gone."""
    with entered(by.organization_id):
        found = outbox.known(by, effect_key)
        if found is not None:
            return found
        try:
            page = sales.read_order(by, order_id)
        except NotFound:
            return None  # removed meanwhile: there is nothing to acknowledge
        recipients = [one["email"] for one in page.head.acknowledgement_contacts if one["email"]]
        if not recipients:
            return None
        subject, text = texts.acknowledgement(page, by.organization.name)
        return outbox.queue(
            by,
            effect_key=effect_key,
            topic_id=order_id,
            template="acknowledgement",
            recipients=recipients,
            subject=subject,
            text=text,
        )


def _attached(by: Caller, order_id: UUID) -> Printed | None:
    """The order as a document, with its prices: it goes to its customer. None once it is gone."""
    with entered(by.organization_id):
        try:
            page = sales.read_order(by, order_id)
        except NotFound:
            return None
        return queries.printed_order(by, page, Sees(prices=True, customer=True))
