"""Every page of the warehouse and every printed document on one screen."""

from django.urls import URLPattern, path

from orderwright.web import documents

ORDER = "orders/sales/<str:reference>"
PICK = "picks/<str:reference>"
SHIPMENT = "shipments/<str:reference>"

urlpatterns: list[URLPattern] = [
    path(f"{ORDER}/document.pdf", documents.order_document),
    path(f"{PICK}/sheet.pdf", documents.pick_sheet),
    path(f"{SHIPMENT}/packing-slip.pdf", documents.packing_slip),
    path("inventory/<str:ref>/label.pdf", documents.lot_label),
]
