"""Jobs that send e-mails: one call each, may run twice."""

from uuid import UUID

from django.utils import timezone
from procrastinate import RetryStrategy
from procrastinate.contrib.django import app

from orderwright.documents import actions, statement_mails
from orderwright.identity.queries import caller_for_job

SEND_ACKNOWLEDGEMENT = "documents.send_acknowledgement"
SEND_PURCHASE_ORDER = "documents.send_purchase_order"
SEND_INVOICE = "documents.send_invoice"
SEND_SHIPMENT_NOTICE = "documents.send_shipment_notice"
DELIVER_QUEUED = "documents.deliver_queued"
DELIVER_STATEMENT = "documents.deliver_statement"

_AGAIN = RetryStrategy(max_attempts=8, exponential_wait=4, retry_exceptions={OSError})


@app.task(name=SEND_ACKNOWLEDGEMENT, retry=_AGAIN)
def send_acknowledgement(organization_id: str, event_id: str, subject_id: str) -> None:
    """Confirm an order that was just issued."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    actions.send_acknowledgement(by=by, order_id=UUID(subject_id), event_id=UUID(event_id))


@app.task(name=SEND_PURCHASE_ORDER, retry=_AGAIN)
def send_purchase_order(organization_id: str, event_id: str, subject_id: str) -> None:
    """Send a purchase order that was just issued to its supplier."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    actions.send_purchase_order(by=by, order_id=UUID(subject_id), event_id=UUID(event_id))


@app.task(name=SEND_INVOICE, retry=_AGAIN)
def send_invoice(organization_id: str, event_id: str, subject_id: str) -> None:
    """Send an invoice, or remind of it."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    actions.send_invoice(by=by, invoice_id=UUID(subject_id), event_id=UUID(event_id))


@app.task(name=SEND_SHIPMENT_NOTICE, retry=_AGAIN)
def send_shipment_notice(organization_id: str, event_id: str, subject_id: str) -> None:
    """Tell a customer that a shipment has left."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    actions.send_shipment_notice(by=by, shipment_id=UUID(subject_id))


@app.task(name=DELIVER_QUEUED, retry=_AGAIN)
def deliver_queued(organization_id: str, event_id: str, subject_id: str) -> None:
    """Send an e-mail that somebody asked for."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    actions.deliver_queued(by=by, message_id=UUID(subject_id))


@app.task(name=DELIVER_STATEMENT, retry=_AGAIN)
def deliver_statement(organization_id: str, event_id: str, subject_id: str) -> None:
    """Send a customer its statement."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    statement_mails.deliver_statement(by=by, message_id=UUID(subject_id), event_id=UUID(event_id))
