"""Every page of purchasing on one screen; fixed words stand before the order's number."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from orderwright.web import (
    choosers,
    documents,
    purchasing_actions,
    purchasing_edit,
    purchasing_list,
    purchasing_page,
    purchasing_receive,
    purchasing_wizard,
    suppliers,
)

ORDER = "orders/purchase/<str:reference>"
SUPPLIER = "suppliers/<uuid:supplier_id>"

urlpatterns: list[URLPattern] = [
    path("orders/purchase", purchasing_list.purchase_orders),
    path("orders/purchase/new", purchasing_wizard.start),
    path("orders/purchase/new/<uuid:draft_id>", purchasing_wizard.resume),
    path("orders/purchase/new/<uuid:draft_id>/discard", require_POST(purchasing_wizard.discard)),
    path("orders/purchase/new/<uuid:draft_id>/<int:number>", purchasing_wizard.step),
    path(ORDER, purchasing_page.purchase_order),
    path(f"{ORDER}/document.pdf", documents.purchase_document),
    path(f"{ORDER}/issue", purchasing_actions.issue),
    path(f"{ORDER}/unissue", purchasing_actions.unissue),
    path(f"{ORDER}/hold", purchasing_actions.hold),
    path(f"{ORDER}/release-hold", purchasing_actions.release_hold),
    path(f"{ORDER}/cancel-lines", purchasing_actions.cancel_lines),
    path(f"{ORDER}/restore-lines", purchasing_actions.restore_lines),
    path(f"{ORDER}/close", purchasing_actions.close),
    path(f"{ORDER}/open", purchasing_actions.open_again),
    path(f"{ORDER}/remove", purchasing_actions.remove),
    path(f"{ORDER}/edit", purchasing_edit.edit),
    path(f"{ORDER}/note", purchasing_edit.note),
    path(f"{ORDER}/lines/add", purchasing_edit.add_line),
    path(f"{ORDER}/lines/<uuid:line_id>", purchasing_edit.edit_line),
    path(f"{ORDER}/lines/<uuid:line_id>/delete", require_POST(purchasing_actions.delete_line)),
    path(f"{ORDER}/receive", purchasing_receive.receive),
    path(f"{ORDER}/receipts/<uuid:receipt_id>/reverse", purchasing_actions.reverse),
    path("suppliers", suppliers.suppliers),
    path("suppliers/new", suppliers.add_supplier),
    path(SUPPLIER, suppliers.supplier),
    path(f"{SUPPLIER}/orders", suppliers.orders),
    path(f"{SUPPLIER}/receipts", suppliers.receipts),
    path(f"{SUPPLIER}/activity", suppliers.happened),
    path(f"{SUPPLIER}/edit", suppliers.edit_supplier),
    path(f"{SUPPLIER}/remove", require_POST(suppliers.remove_supplier)),
    path("lookup/suppliers", choosers.lookup_suppliers),
]
