"""What every list can do, on one screen; the lists that know it."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from orderwright.web import (
    audit,
    catalog,
    directory,
    imports,
    inventory_list,
    invoice_list,
    job_list,
    list_actions,
    list_bulk,
    payment_list,
    people,
    picks,
    purchasing_list,
    returns_list,
    runs,
    sales_list,
    shipment_list,
    suppliers,
)

list_actions.know(
    sales_list.LIST,
    catalog.LIST,
    directory.LIST,
    audit.LIST,
    job_list.LIST,
    runs.LIST,
    purchasing_list.LIST,
    suppliers.LIST,
    payment_list.LIST,
    inventory_list.LIST,
    invoice_list.LIST,
    shipment_list.LIST,
    people.LIST,
    imports.LIST,
    picks.LIST,
    returns_list.LIST,
)

LIST = "lists/<slug:key>"

urlpatterns: list[URLPattern] = [
    path(f"{LIST}/export.<str:kind>", list_actions.export),
    path(f"{LIST}/columns", list_actions.columns),
    path(f"{LIST}/filters", list_actions.further_filters),
    path(f"{LIST}/views/new", list_actions.new_view),
    path(f"{LIST}/bulk/<slug:name>", require_POST(list_bulk.bulk_dialog)),
    path("views/<uuid:view_id>", list_actions.edit_view),
    path("views/<uuid:view_id>/delete", require_POST(list_actions.delete_view)),
    path("bulk-runs/<uuid:run_id>", list_bulk.run),
    path("bulk-runs/<uuid:run_id>/cancel", require_POST(list_bulk.cancel_run)),
    path("bulk-runs/<uuid:run_id>/results.csv", list_bulk.run_results),
]
