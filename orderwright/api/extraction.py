"""Extraction over HTTP: notes to proposals, and what people made of them."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from orderwright.api.answers import about, answer, caller, needs, uuid_or_missing
from orderwright.api.body_types import Body, Day
from orderwright.extraction import actions
from orderwright.identity.caller import Caller

router = Router(tags=["Extraction"])


class NotesBody(Body):
    """What a customer wrote."""

    notes: str
    direction: str = "sales"
    customer_id: UUID | None = None
    supplier_id: UUID | None = None
    reference_date: Day | None = None


class AcceptBody(Body):
    """The rows as a person left them."""

    rows: list[dict[str, Any]]


def _extraction(by: Caller, extraction_id: str) -> None:
    """Raises NotFound unless there is such an extraction."""
    actions.check_extraction(by, uuid_or_missing(extraction_id, "extraction"))


@router.post("/extractions")
@needs("sales_orders:create")
def propose(request: HttpRequest, body: NotesBody) -> HttpResponse:
    """The requested products that the notes hold; nothing else is written."""
    proposal = actions.propose(
        by=caller(request),
        notes=body.notes,
        direction=body.direction,
        customer_id=body.customer_id,
        supplier_id=body.supplier_id,
        reference_date=body.reference_date,
    )
    return answer(proposal, status=201)


@router.post("/extractions/{extraction_id}/actions/accept")
@needs("sales_orders:create")
@about(_extraction)
def accept(request: HttpRequest, extraction_id: UUID, body: AcceptBody) -> HttpResponse:
    """Learn from the corrections; answers lines that an order takes as they are."""
    return answer(actions.accept(by=caller(request), extraction_id=extraction_id, rows=body.rows))
