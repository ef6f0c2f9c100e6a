"""Every page on one screen."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from orderwright.web import (
    belongings,
    catalog,
    customer_merge,
    customer_page,
    directory,
    e_invoice_urls,
    find_urls,
    imports_urls,
    inventory,
    invoicing_urls,
    list_actions,
    list_urls,
    notifications_urls,
    organization,
    payment_urls,
    people_urls,
    pricing_urls,
    product_page,
    production_urls,
    purchasing_urls,
    reports_urls,
    returns_urls,
    sales_urls,
    settings_pages,
    style,
    subjects,
    warehouse_urls,
)
from orderwright.web.records import RecordPages
from orderwright.web.road import no_such_page


def of_records(pages: RecordPages) -> list[URLPattern]:
    """The pages of one kind of set-up record, and what its list can do."""
    list_actions.know(pages.list_page)
    start = pages.url.removeprefix("/")
    return [
        path(start, pages.list),
        path(f"{start}/new", pages.add),
        path(f"{start}/<uuid:record_id>", pages.edit),
        path(f"{start}/<uuid:record_id>/remove", require_POST(pages.remove)),
    ]


urlpatterns: list[URLPattern] = [
    *find_urls.urlpatterns,
    *imports_urls.urlpatterns,
    *people_urls.urlpatterns,
    path("style", style.style),
    *warehouse_urls.urlpatterns,
    *production_urls.urlpatterns,
    *reports_urls.urlpatterns,
    *returns_urls.urlpatterns,
    *sales_urls.urlpatterns,
    *purchasing_urls.urlpatterns,
    *payment_urls.urlpatterns,
    *invoicing_urls.urlpatterns,
    *e_invoice_urls.urlpatterns,
    *list_urls.urlpatterns,
    *notifications_urls.urlpatterns,
    *pricing_urls.urlpatterns,
    *(one for pages in pricing_urls.RECORDS for one in of_records(pages)),
    path("products", catalog.products),
    path("products/new", catalog.add_product),
    path("products/<uuid:product_id>", product_page.product),
    path("products/<uuid:product_id>/discontinue", require_POST(product_page.discontinue)),
    path("products/<uuid:product_id>/edit", catalog.edit_product),
    path("products/<uuid:product_id>/remove", require_POST(catalog.remove_product)),
    path("inventory", inventory.inventory),
    path("inventory/new", inventory.add_lot),
    path("inventory/<uuid:lot_id>/adjust", inventory.adjust_lot),
    path("inventory/<uuid:lot_id>/transfer", inventory.transfer_lot),
    path("inventory/<uuid:lot_id>/edit", inventory.edit_lot),
    path("inventory/<uuid:lot_id>/remove", require_POST(inventory.remove_lot)),
    path("inventory/<str:ref>", inventory.lot),
    path("customers", directory.customers),
    path("customers/new", directory.add_customer),
    path("customers/<uuid:customer_id>", customer_page.overview),
    path("customers/<uuid:customer_id>/prices", customer_page.prices),
    path("customers/<uuid:customer_id>/orders", customer_page.orders),
    path("customers/<uuid:customer_id>/shipments", customer_page.shipments),
    path("customers/<uuid:customer_id>/activity", customer_page.happened),
    path("customers/<uuid:customer_id>/merge", customer_merge.merge),
    path("customers/<uuid:customer_id>/edit", directory.edit_customer),
    path("customers/<uuid:customer_id>/status", directory.change_status),
    path("customers/<uuid:customer_id>/remove", require_POST(directory.remove_customer)),
    path("customers/<uuid:customer_id>/addresses/new", belongings.ADDRESSES.form),
    path("customers/<uuid:customer_id>/addresses/<uuid:row_id>", belongings.ADDRESSES.form),
    path("customers/<uuid:customer_id>/item-codes", belongings.item_codes),
    path("customers/<uuid:customer_id>/contacts/new", belongings.CONTACTS.form),
    path("customers/<uuid:customer_id>/contacts/<uuid:row_id>", belongings.CONTACTS.form),
    *of_records(directory.STAFF),
    path("settings", settings_pages.settings),
    *(path(one.url.removeprefix("/"), one.view) for one in subjects.ALL),
    path("settings/organization/logo", organization.change_logo),
    path("settings/organization/logo.bin", organization.logo),
    path("settings/organization/logo/remove", organization.remove_logo),
    path("settings/tax", organization.tax),
    path("settings/units", organization.units),
    *(one for pages in settings_pages.ALL for one in of_records(pages)),
    path("<path:anything>", no_such_page),
]
