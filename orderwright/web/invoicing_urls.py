"""Every page of invoices on one screen; fixed words stand before a number."""

from django.urls import URLPattern, path

from orderwright.web import (
    invoice_actions,
    invoice_edit,
    invoice_list,
    invoice_new,
    invoice_page,
    invoice_pay,
)

INVOICE = "invoices/<str:reference>"
ORDER = "orders/sales/<str:reference>"

urlpatterns: list[URLPattern] = [
    path("invoices", invoice_list.invoices),
    path("invoices/new", invoice_new.choose_order),
    path(INVOICE, invoice_page.invoice),
    path(f"{INVOICE}/edit", invoice_edit.edit),
    path(f"{INVOICE}/edit/preview", invoice_edit.preview),
    path(f"{INVOICE}/finalise", invoice_actions.finalise),
    path(f"{INVOICE}/send", invoice_actions.send),
    path(f"{INVOICE}/remind", invoice_actions.remind),
    path(f"{INVOICE}/void", invoice_actions.void),
    path(f"{INVOICE}/pay", invoice_pay.pay),
    path(f"{ORDER}/invoice", invoice_new.new_invoice),
    path(f"{ORDER}/invoice/preview", invoice_new.preview),
    path(f"{ORDER}/deposit", invoice_pay.deposit),
]
