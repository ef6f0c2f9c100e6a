"""E-invoices over HTTP: UBL 2.1, and Factur-X, which is a PDF that carries its XML."""

from django.http import HttpRequest, HttpResponse
from ninja import Router

from orderwright.api.answers import caller, needs
from orderwright.api.documents import attached, pdf
from orderwright.documents import e_invoice_queries as e_invoices

router = Router(tags=["Documents"])


@router.get("/invoices/{reference}/ubl")
@needs("invoices:read")
def invoice_as_ubl(request: HttpRequest, reference: str) -> HttpResponse:
    """A final invoice as UBL 2.1 (EN 16931)."""
    return attached(e_invoices.invoice_as_ubl(caller(request), reference))


@router.get("/invoices/{reference}/factur-x")
@needs("invoices:read")
def invoice_as_factur_x(request: HttpRequest, reference: str) -> HttpResponse:
    """A final invoice as Factur-X (EN 16931)."""
    return pdf(e_invoices.invoice_as_factur_x(caller(request), reference))


@router.get("/payments/{reference}/ubl")
@needs("payments:read")
def credit_memo_as_ubl(request: HttpRequest, reference: str) -> HttpResponse:
    """A credit memo as UBL 2.1 CreditNote (EN 16931)."""
    return attached(e_invoices.credit_memo_as_ubl(caller(request), reference))


@router.get("/payments/{reference}/factur-x")
@needs("payments:read")
def credit_memo_as_factur_x(request: HttpRequest, reference: str) -> HttpResponse:
    """A credit memo as Factur-X (EN 16931)."""
    return pdf(e_invoices.credit_memo_as_factur_x(caller(request), reference))
