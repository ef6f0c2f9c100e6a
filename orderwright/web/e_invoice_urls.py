"""E-invoices of invoices and of credit memos."""

from django.urls import URLPattern, path

from orderwright.web import e_invoices

urlpatterns: list[URLPattern] = [
    path("invoices/<str:reference>/ubl.xml", e_invoices.invoice_as_ubl),
    path("invoices/<str:reference>/factur-x.pdf", e_invoices.invoice_as_factur_x),
    path("payments/<str:reference>/ubl.xml", e_invoices.credit_memo_as_ubl),
    path("payments/<str:reference>/factur-x.pdf", e_invoices.credit_memo_as_factur_x),
]
