"""Every page of payments and receivables on one screen; fixed words stand before the number."""

from django.urls import URLPattern, path

from orderwright.web import (
    customer_balance,
    payment_actions,
    payment_list,
    payment_new,
    payment_page,
    payment_settle,
    receivables,
)

PAYMENT = "payments/<str:reference>"
CUSTOMER = "customers/<uuid:customer_id>"

urlpatterns: list[URLPattern] = [
    path("payments", payment_list.payments),
    path("payments/new", payment_new.new_payment),
    path("payments/settle", payment_settle.settle),
    path(PAYMENT, payment_page.payment),
    path(f"{PAYMENT}/allocate", payment_actions.allocate),
    path(f"{PAYMENT}/refund", payment_actions.refund),
    path(f"{PAYMENT}/allocations/<uuid:allocation_id>/remove", payment_actions.deallocate),
    path("receivables", receivables.aging),
    path("receivables.csv", receivables.export, {"kind": "csv"}),
    path("receivables.xlsx", receivables.export, {"kind": "xlsx"}),
    path(f"{CUSTOMER}/balance", customer_balance.balance),
    path(f"{CUSTOMER}/statement", customer_balance.statement),
]
