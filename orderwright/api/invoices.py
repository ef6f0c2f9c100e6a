"""Invoices over HTTP: list, draft, change, finalise, send, remind, void."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Query, Router, Schema

from orderwright.api.answers import answer, caller, listed, needs, page_size
from orderwright.api.body_types import Versioned
from orderwright.api.invoicing_bodies import CreateInvoiceBody, InvoiceChangesBody, SendInvoiceBody
from orderwright.api.invoicing_shapes import show_invoice
from orderwright.api.records import current_in_details
from orderwright.api.sales_bodies import ReasonBody
from orderwright.invoicing import actions, queries
from orderwright.invoicing.page import InvoicePage
from orderwright.kernel.cursors import read_cursor

router = Router(tags=["Invoices"])
READ, CREATE, UPDATE = "invoices:read", "invoices:create", "invoices:update"
ONE = "/invoices/{reference}"


class InvoiceQuery(Schema):
    """Filters, all of them optional; several statuses with commas between them."""

    limit: int | None = None
    cursor: str | None = None
    status: str | None = None
    order_id: UUID | None = None
    customer_id: UUID | None = None
    shipment_id: UUID | None = None
    invoiced_from: date | None = None
    invoiced_to: date | None = None
    due_from: date | None = None
    due_to: date | None = None
    q: str | None = None

    def read(self) -> queries.InvoiceFilter:
        """The filter as the query takes it."""
        names = queries.InvoiceFilter.__slots__
        return queries.InvoiceFilter(**{name: getattr(self, name) for name in names})


def _acted(request: HttpRequest, reference: str, act: Callable[[], InvoicePage]) -> HttpResponse:
    """Do it, and answer the invoice as it then is; a stale version carries the current one."""
    by = caller(request)
    with current_in_details(lambda: show_invoice(queries.read_invoice(by, reference), by)):
        page = act()
    return answer(show_invoice(page, by))


@router.get("/invoices")
@needs(READ)
def list_invoices(request: HttpRequest, wanted: Query[InvoiceQuery]) -> HttpResponse:
    """Invoices, newest first."""
    by, size = caller(request), page_size(wanted.limit)
    before = read_cursor(wanted.cursor)
    rows = queries.invoices(by, wanted.read(), before=before, limit=size)
    return listed(rows, limit=size, show=lambda page: show_invoice(page, by))


@router.post("/sales-orders/{reference}/actions/create-invoice")
@needs(CREATE)
def create_invoice(request: HttpRequest, reference: str, body: CreateInvoiceBody) -> HttpResponse:
    """Draft an invoice of what has shipped; answers the invoice."""
    by = caller(request)
    made = actions.create_invoice(by=by, order=reference, **body.read())
    return answer(show_invoice(made, by), status=201)


@router.get(ONE)
@needs(READ)
def one_invoice(request: HttpRequest, reference: str) -> HttpResponse:
    """An invoice by its id or number."""
    by = caller(request)
    return answer(show_invoice(queries.invoice_page(by, reference), by))


@router.patch(ONE)
@needs(UPDATE)
def edit_invoice(request: HttpRequest, reference: str, body: InvoiceChangesBody) -> HttpResponse:
    """Change a draft, or the due date of a final one."""
    by, changes = caller(request), body.changes()
    return _acted(
        request,
        reference,
        lambda: actions.edit_invoice(
            by=by, invoice=reference, changes=changes, version=body.version
        ),
    )


@router.post(f"{ONE}/actions/finalise")
@needs(UPDATE)
def finalise_invoice(request: HttpRequest, reference: str, body: Versioned) -> HttpResponse:
    """Give it its number; its lines stand from then on."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.finalise_invoice(by=by, invoice=reference, version=body.version),
    )


@router.post(f"{ONE}/actions/send")
@needs(UPDATE)
def send_invoice(request: HttpRequest, reference: str, body: SendInvoiceBody) -> HttpResponse:
    """Send it to its customer."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.send_invoice(
            by=by,
            invoice=reference,
            recipients=body.recipients,
            message=body.message,
            version=body.version,
        ),
    )


@router.post(f"{ONE}/actions/remind")
@needs(UPDATE)
def remind_of_invoice(request: HttpRequest, reference: str, body: SendInvoiceBody) -> HttpResponse:
    """Send it again: it is not paid."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.remind(
            by=by, invoice=reference, recipients=body.recipients, version=body.version
        ),
    )


@router.post(f"{ONE}/actions/void")
@needs(UPDATE)
def void_invoice(request: HttpRequest, reference: str, body: ReasonBody) -> HttpResponse:
    """Take it back; its number stays."""
    by = caller(request)
    return _acted(
        request,
        reference,
        lambda: actions.void_invoice(
            by=by, invoice=reference, reason=body.reason, version=body.version
        ),
    )
