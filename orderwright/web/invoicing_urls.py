"""Every page of invoices and payments on one screen; fixed words stand before a number."""

from django.urls import URLPattern, path

from orderwright.web import invoice_list

INVOICE = "invoices/<str:reference>"
ORDER = "orders/sales/<str:reference>"

urlpatterns: list[URLPattern] = [
    path("invoices", invoice_list.invoices),
]
