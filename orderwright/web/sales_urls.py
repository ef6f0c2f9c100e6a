"""Every page of sales orders on one screen; fixed words stand before the order's number."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from orderwright.web import (
    order_actions,
    order_closing,
    order_edit,
    order_issue,
    order_page,
    order_shipping,
    order_stock,
    quick_order,
    sales_list,
    shipping_pages,
    wizard,
)

ORDER = "orders/sales/<str:reference>"
SHIPMENT = "shipments/<str:reference>"

urlpatterns: list[URLPattern] = [
    path("orders/sales", sales_list.sales_orders),
    path("orders/sales/new", wizard.start),
    path("orders/sales/new/<uuid:draft_id>", wizard.resume),
    path("orders/sales/new/<uuid:draft_id>/discard", require_POST(wizard.discard)),
    path("orders/sales/new/<uuid:draft_id>/<int:number>", wizard.step),
    path("orders/sales/quick", quick_order.quick_order),
    path("orders/sales/quick/quote", quick_order.quote),
    path("orders/sales/quick/resolve", quick_order.resolve),
    path(ORDER, order_page.order_page),
    path(f"{ORDER}/pulse", order_page.pulse),
    path(f"{ORDER}/issue", order_issue.issue),
    path(f"{ORDER}/unissue", order_actions.unissue),
    path(f"{ORDER}/hold", order_actions.hold),
    path(f"{ORDER}/release-hold", order_actions.release_hold),
    path(f"{ORDER}/cancel-lines", order_actions.cancel_lines),
    path(f"{ORDER}/restore-lines", order_actions.restore_lines),
    path(f"{ORDER}/auto-select", order_actions.auto_select),
    path(f"{ORDER}/select-inventory", order_stock.select_inventory),
    path(f"{ORDER}/release-inventory", order_actions.release_inventory),
    path(f"{ORDER}/create-shipment", order_shipping.create_shipment),
    path(f"{ORDER}/shipments", order_shipping.manage_shipments),
    path(f"{ORDER}/short-close", order_closing.short_close),
    path(f"{ORDER}/reopen", order_closing.reopen),
    path(f"{ORDER}/finish-correction", order_closing.finish_correction),
    path(f"{ORDER}/close", order_closing.close),
    path(f"{ORDER}/reprice", order_closing.reprice),
    path(f"{ORDER}/apply-freight", order_closing.apply_freight),
    path(f"{ORDER}/duplicate", order_closing.duplicate),
    path(f"{ORDER}/remove", order_actions.remove),
    path(f"{ORDER}/edit", order_edit.edit),
    path(f"{ORDER}/lines/add", order_edit.add_line),
    path(f"{ORDER}/lines/<uuid:line_id>", order_edit.edit_line),
    path(f"{ORDER}/lines/<uuid:line_id>/delete", require_POST(order_actions.delete_line)),
    path("shipments", shipping_pages.shipments),
    path(SHIPMENT, shipping_pages.shipment),
    path(f"{SHIPMENT}/events", shipping_pages.add_event),
    path(f"{SHIPMENT}/deliver", shipping_pages.mark_delivered),
    path(f"{SHIPMENT}/exception", shipping_pages.record_exception),
    path(f"{SHIPMENT}/edit", shipping_pages.edit),
    path(f"{SHIPMENT}/cancel", shipping_pages.cancel),
]
