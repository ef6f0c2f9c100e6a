"""E-invoices in the browser: files to keep and to send on."""

from django.http import HttpRequest, HttpResponse

from orderwright.documents import e_invoice_queries as e_invoices
from orderwright.documents.printing import Printed


def invoice_as_ubl(request: HttpRequest, reference: str) -> HttpResponse:
    """A final invoice as UBL."""
    return _kept(e_invoices.invoice_as_ubl(request.caller, reference))  # type: ignore[attr-defined]


def invoice_as_factur_x(request: HttpRequest, reference: str) -> HttpResponse:
    """A final invoice as Factur-X."""
    return _kept(e_invoices.invoice_as_factur_x(request.caller, reference))  # type: ignore[attr-defined]


def credit_memo_as_ubl(request: HttpRequest, reference: str) -> HttpResponse:
    """A credit memo as UBL."""
    return _kept(e_invoices.credit_memo_as_ubl(request.caller, reference))  # type: ignore[attr-defined]


def credit_memo_as_factur_x(request: HttpRequest, reference: str) -> HttpResponse:
    """A credit memo as Factur-X."""
    return _kept(e_invoices.credit_memo_as_factur_x(request.caller, reference))  # type: ignore[attr-defined]


def _kept(printed: Printed) -> HttpResponse:
    response = HttpResponse(printed.content, content_type=printed.content_type)
    response["Content-Disposition"] = f'attachment; filename="{printed.file_name}"'
    return response
