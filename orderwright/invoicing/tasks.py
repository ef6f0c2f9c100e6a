"""Jobs of invoicing: one call each, may run twice."""

from uuid import UUID

from django.utils import timezone
from procrastinate.contrib.django import app

from orderwright.activity.models import Event
from orderwright.identity.caller import Caller
from orderwright.identity.queries import caller_for_job
from orderwright.identity.tenancy import entered
from orderwright.invoicing import drafting


@app.task(name="invoicing.draft_for_shipment")
def draft_for_shipment(organization_id: str, event_id: str, subject_id: str) -> None:
    """Draft the invoice of a shipment that left."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    with entered(by.organization_id):
        drafting.draft_for_shipment(by=by, shipment_id=_about(by, event_id))


@app.task(name="invoicing.drop_draft_of_shipment")
def drop_draft_of_shipment(organization_id: str, event_id: str, subject_id: str) -> None:
    """Take back the draft of a shipment that does not leave."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    with entered(by.organization_id):
        drafting.drop_draft_of_shipment(by=by, shipment_id=_about(by, event_id))


@app.task(name="invoicing.drop_orphans")
def drop_orphans(organization_id: str, event_id: str, subject_id: str) -> None:
    """Take back the drafts of an order that was removed."""
    by = caller_for_job(UUID(organization_id), now=timezone.now())
    with entered(by.organization_id):
        drafting.drop_orphans(by=by)


def _about(by: Caller, event_id: str) -> UUID:
    """The shipment that an event of its order is about."""
    event: Event = Event.objects.of(by.organization_id).get(pk=UUID(event_id))
    found: UUID = event.subject_id
    return found
