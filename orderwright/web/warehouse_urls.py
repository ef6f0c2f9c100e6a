"""Every page of the warehouse and every printed document on one screen."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from orderwright.web import documents, packing, picks, shipment_dialogs

ORDER = "orders/sales/<str:reference>"
PICK = "picks/<str:reference>"
SHIPMENT = "shipments/<str:reference>"

urlpatterns: list[URLPattern] = [
    path("picks", picks.picks),
    path(PICK, picks.pick),
    path(f"{PICK}/lines/<uuid:line_id>", require_POST(picks.record)),
    path(f"{PICK}/pick-all", require_POST(picks.pick_all)),
    path(f"{PICK}/void", require_POST(picks.void)),
    path(f"{PICK}/pack", packing.pack),
    path("shipments/new", shipment_dialogs.add),
    path(f"{SHIPMENT}/ship", shipment_dialogs.ship),
    path(f"{SHIPMENT}/void", shipment_dialogs.void),
    path(f"{SHIPMENT}/link", shipment_dialogs.link),
    path(f"{ORDER}/document.pdf", documents.order_document),
    path(f"{PICK}/sheet.pdf", documents.pick_sheet),
    path(f"{SHIPMENT}/packing-slip.pdf", documents.packing_slip),
    path("invoices/<str:reference>/document.pdf", documents.invoice),
    path("payments/<str:reference>/credit-memo.pdf", documents.credit_memo),
    path("customers/<uuid:customer_id>/statement.pdf", documents.statement),
    path("inventory/<str:ref>/label.pdf", documents.lot_label),
]
