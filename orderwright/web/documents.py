"""Documents in the browser: each a PDF that opens in place, to print or to keep."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.documents import queries
from orderwright.documents.printing import Printed
from orderwright.identity.caller import Caller
from orderwright.web.forms import Form


def order_document(request: HttpRequest, reference: str) -> HttpResponse:
    """The acknowledgement of an order, or its estimate."""
    return shown(queries.order_document_of(request.caller, reference))  # type: ignore[attr-defined]


def purchase_document(request: HttpRequest, reference: str) -> HttpResponse:
    """A purchase order, or the request for a quote."""
    return shown(queries.purchase_document_of(request.caller, reference))  # type: ignore[attr-defined]


def pick_sheet(request: HttpRequest, reference: str) -> HttpResponse:
    """What a picker takes along."""
    return shown(queries.pick_sheet_of(request.caller, reference))  # type: ignore[attr-defined]


def packing_slip(request: HttpRequest, reference: str) -> HttpResponse:
    """What is in a shipment."""
    return shown(queries.packing_slip_of(request.caller, reference))  # type: ignore[attr-defined]


def lot_label(request: HttpRequest, ref: str) -> HttpResponse:
    """The label of a lot."""
    return shown(queries.lot_label_of(request.caller, ref))  # type: ignore[attr-defined]


def invoice(request: HttpRequest, reference: str) -> HttpResponse:
    """An invoice as its customer gets it."""
    return shown(queries.invoice_document_of(request.caller, reference))  # type: ignore[attr-defined]


def credit_memo(request: HttpRequest, reference: str) -> HttpResponse:
    """A credit memo."""
    return shown(queries.credit_memo_of(request.caller, reference))  # type: ignore[attr-defined]


def statement(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """What moved a customer's balance between the days of the address."""
    asked = Form(values={name: request.GET.getlist(name) for name in request.GET})
    first, until = asked.day("from"), asked.day("to")
    asked.check()
    by: Caller = request.caller  # type: ignore[attr-defined]
    return shown(queries.statement_of(by, customer_id, first=first, until=until))


def shown(printed: Printed) -> HttpResponse:
    """A PDF that the browser shows; saved, it has a name that says what it is."""
    response = HttpResponse(printed.content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{printed.file_name}"'
    return response
