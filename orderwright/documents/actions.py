"""Send e-mails: each effect once, its outcome kept beside the order it is about."""

from uuid import UUID

from orderwright.activity.models import Event
from orderwright.documents import attachments, outbox, texts
from orderwright.documents.models import EmailMessage
from orderwright.documents.printing import Printed
from orderwright.documents.wordings import wording
from orderwright.identity.caller import Caller
from orderwright.identity.tenancy import entered
from orderwright.invoicing import queries as invoicing
from orderwright.kernel.errors import NotFound
from orderwright.purchasing import queries as purchasing
from orderwright.sales import queries as sales
from orderwright.sales.page import OrderPage
from orderwright.shipping import queries as shipping


def send_acknowledgement(*, by: Caller, order_id: UUID, event_id: UUID) -> None:
    """Confirm an issued order to its acknowledgement contacts by e-mail (domain 4.4, 4.17).

    May run twice: the event's id makes the e-mail once. A failure is kept with the e-mail and
    raised, so that the job is tried again; the order stays issued.
    """
    effect_key = f"acknowledgement:{event_id}"
    with entered(by.organization_id):
        message = outbox.known(by, effect_key) or _acknowledgement(by, order_id, effect_key)
        attached = _attached(by, message)
    _deliver(by, message, attached)


def send_purchase_order(*, by: Caller, order_id: UUID, event_id: UUID) -> None:
    """Send an issued purchase order to its supplier by e-mail (domain 2.7), as above: once, with
    its outcome kept."""
    effect_key = f"purchase_order:{event_id}"
    with entered(by.organization_id):
        message = outbox.known(by, effect_key) or _purchase_order(by, order_id, effect_key)
        attached = _attached(by, message)
    _deliver(by, message, attached)


def send_invoice(*, by: Caller, invoice_id: UUID, event_id: UUID) -> None:
    """Send an invoice, or remind of it, to whom the action named (domain 4.13, 4.17), as above:
    once, with its outcome kept."""
    with entered(by.organization_id):
        event = Event.objects.of(by.organization_id).get(pk=event_id)
        effect_key = f"{event.type}:{event_id}"
        message = outbox.known(by, effect_key) or _invoice(by, invoice_id, event, effect_key)
        attached = _attached(by, message)
    _deliver(by, message, attached)


def send_shipment_notice(*, by: Caller, shipment_id: UUID) -> None:
    """Tell the order's acknowledgement contacts that a shipment has left (domain 4.17), where the
    organization wants that: once per shipment, as above. Nothing for a shipment that has not left
    or was taken back, for one without an order, and without contacts."""
    if not by.organization.setting("shipping.notify_customer"):
        return
    effect_key = f"shipment_notice:{shipment_id}"
    with entered(by.organization_id):
        message = outbox.known(by, effect_key) or _notice(by, shipment_id, effect_key)
    _deliver(by, message, None)


def deliver_queued(*, by: Caller, message_id: UUID) -> None:
    """Send an e-mail that somebody asked for again, as above."""
    with entered(by.organization_id):
        message = EmailMessage.objects.of(by.organization_id).with_ids([message_id]).first()
        attached = _attached(by, message)
    _deliver(by, message, attached)


def _deliver(by: Caller, message: EmailMessage | None, attached: Printed | None) -> None:
    if message is not None:
        outbox.deliver(by, message, attached)


def _attached(by: Caller, message: EmailMessage | None) -> Printed | None:
    """The document that comes along; none for an e-mail that has left."""
    if message is None or message.status == "sent":
        return None
    return attachments.attachment(by, message)


def _acknowledgement(by: Caller, order_id: UUID, effect_key: str) -> EmailMessage | None:
    """None without recipients, or when the order is gone."""
    page = _order(by, order_id)
    recipients = _contacts(page)
    if page is None or not recipients:
        return None
    subject, text = texts.acknowledgement(
        page, by.organization.name, wording(by, "acknowledgement")
    )
    return outbox.queue(
        by,
        effect_key=effect_key,
        topic_id=order_id,
        template="acknowledgement",
        recipients=recipients,
        subject=subject,
        text=text,
    )


def _purchase_order(by: Caller, order_id: UUID, effect_key: str) -> EmailMessage | None:
    """None for a supplier without an address, or when the order is gone."""
    try:
        page = purchasing.read_order(by, order_id)
    except NotFound:
        return None
    if not page.head.supplier_email:
        return None
    subject, text = texts.purchase_order(page, by.organization.name, wording(by, "purchase_order"))
    return outbox.queue(
        by,
        effect_key=effect_key,
        topic_id=order_id,
        template="purchase_order",
        recipients=[page.head.supplier_email],
        subject=subject,
        text=text,
    )


def _invoice(by: Caller, invoice_id: UUID, event: Event, effect_key: str) -> EmailMessage:
    template = event.type.replace(".", "_")
    page = invoicing.read_invoice(by, invoice_id)
    order = _order(by, page.head.order_id)
    subject, text = texts.invoice(
        page,
        by.organization.name,
        event.body,
        wording(by, template),
        po_number=order.head.customer_po_number if order else "",
    )
    return outbox.queue(
        by,
        effect_key=effect_key,
        topic_id=event.topic_id,
        about_id=invoice_id,
        template=template,
        recipients=event.body["recipients"],
        subject=subject,
        text=text,
    )


def _notice(by: Caller, shipment_id: UUID, effect_key: str) -> EmailMessage | None:
    try:
        shipment = shipping.read_shipment(by, shipment_id)
    except NotFound:
        return None
    head = shipment.head
    has_left = head.stage == "shipped" and head.tracking_status != "cancelled"
    page = _order(by, head.order_id) if has_left else None
    recipients = _contacts(page)
    if page is None or not recipients:
        return None
    subject, text = texts.shipment_notice(
        shipment, page, by.organization.name, wording(by, "shipment_notice")
    )
    return outbox.queue(
        by,
        effect_key=effect_key,
        topic_id=page.id,
        about_id=shipment_id,
        template="shipment_notice",
        recipients=recipients,
        subject=subject,
        text=text,
    )


def _contacts(page: OrderPage | None) -> list[str]:
    found = page.head.acknowledgement_contacts if page else []
    return [one["email"] for one in found if one["email"]]


def _order(by: Caller, order_id: UUID | None) -> OrderPage | None:
    """The order; None once it is gone."""
    try:
        return sales.read_order(by, order_id) if order_id is not None else None
    except NotFound:
        return None
