"""Documents in the browser: each a PDF that opens in place, to print or to keep."""

from django.http import HttpRequest, HttpResponse

from orderwright.documents import queries
from orderwright.documents.printing import Printed


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


def shown(printed: Printed) -> HttpResponse:
    """A PDF that the browser shows; saved, it has a name that says what it is."""
    response = HttpResponse(printed.content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{printed.file_name}"'
    return response
