"""Documents over HTTP, as PDF."""

from datetime import date
from typing import Annotated
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router

from orderwright.api.answers import caller, needs
from orderwright.documents import queries
from orderwright.documents.printing import Printed

router = Router(tags=["Documents"])


@router.get("/sales-orders/{reference}/pdf")
@needs("sales_orders:read")
def order_document(request: HttpRequest, reference: str) -> HttpResponse:
    """The acknowledgement of an order, or its estimate; prices for those who may see them."""
    return pdf(queries.order_document_of(caller(request), reference))


@router.get("/purchase-orders/{reference}/pdf")
@needs("purchase_orders:read")
def purchase_document(request: HttpRequest, reference: str) -> HttpResponse:
    """A purchase order, or the request for a quote; prices for those who may see them."""
    return pdf(queries.purchase_document_of(caller(request), reference))


@router.get("/picks/{reference}/pdf")
@needs("picks:read")
def pick_sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """What a picker takes along."""
    return pdf(queries.pick_sheet_of(caller(request), reference))


@router.get("/shipments/{reference}/pdf")
@needs("shipments:read")
def packing_slip(request: HttpRequest, reference: str) -> HttpResponse:
    """What is in a shipment, without prices."""
    return pdf(queries.packing_slip_of(caller(request), reference))


@router.get("/lots/{ref}/pdf")
@needs("inventory:read")
def lot_label(request: HttpRequest, ref: str) -> HttpResponse:
    """The label of a lot, with its tag as barcode and as square code."""
    return pdf(queries.lot_label_of(caller(request), ref))


@router.get("/invoices/{reference}/pdf")
@needs("invoices:read")
def invoice_document(request: HttpRequest, reference: str) -> HttpResponse:
    """An invoice or a deposit invoice; a draft and a void one say so across the page."""
    return pdf(queries.invoice_document_of(caller(request), reference))


@router.get("/payments/{reference}/pdf")
@needs("payments:read")
def credit_memo(request: HttpRequest, reference: str) -> HttpResponse:
    """A credit memo; 409 `not_a_credit_memo` for other payments."""
    return pdf(queries.credit_memo_of(caller(request), reference))


@router.get("/customers/{customer_id}/statement.pdf")
@needs("invoices:read")
def statement(
    request: HttpRequest,
    customer_id: UUID,
    first: Annotated[date | None, Query(alias="from")] = None,
    until: Annotated[date | None, Query(alias="to")] = None,
) -> HttpResponse:
    """What moved a customer's balance between two days, 90 of them unless said otherwise, with
    what is open by age."""
    made = queries.statement_of(caller(request), customer_id, first=first, until=until)
    return pdf(made)


def pdf(printed: Printed) -> HttpResponse:
    """The answer that carries a document to look at."""
    return _carrying(printed, "inline")


def attached(printed: Printed) -> HttpResponse:
    """The answer that carries a document to keep."""
    return _carrying(printed, "attachment")


def _carrying(printed: Printed, manner: str) -> HttpResponse:
    response = HttpResponse(printed.content, content_type=printed.content_type)
    response["Content-Disposition"] = f'{manner}; filename="{printed.file_name}"'
    return response
