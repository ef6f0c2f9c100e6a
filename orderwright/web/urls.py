"""Every page on one screen."""

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from orderwright.web import directory, order_page, settings_pages, sign_in, style
from orderwright.web.records import RecordPages


def of_records(pages: RecordPages) -> list[URLPattern]:
    """The pages of one kind of set-up record."""
    start = pages.url.removeprefix("/")
    return [
        path(start, pages.list),
        path(f"{start}/new", pages.add),
        path(f"{start}/<uuid:record_id>", pages.edit),
        path(f"{start}/<uuid:record_id>/remove", require_POST(pages.remove)),
    ]


urlpatterns: list[URLPattern] = [
    path("", sign_in.home),
    path("sign-in", sign_in.sign_in),
    path("sign-in/organization", sign_in.choose),
    path("sign-out", sign_in.sign_out),
    path("style", style.style),
    path("orders/sales/<str:reference>", order_page.order_page),
    path("orders/sales/<str:reference>/pulse", order_page.pulse),
    path("customers", directory.customers),
    path("customers/new", directory.add_customer),
    path("customers/<uuid:customer_id>", directory.customer),
    path("customers/<uuid:customer_id>/edit", directory.edit_customer),
    path("customers/<uuid:customer_id>/status", directory.change_status),
    path("customers/<uuid:customer_id>/remove", require_POST(directory.remove_customer)),
    path("customers/<uuid:customer_id>/addresses/new", directory.address),
    path("customers/<uuid:customer_id>/addresses/<uuid:row_id>", directory.address),
    path("customers/<uuid:customer_id>/contacts/new", directory.contact),
    path("customers/<uuid:customer_id>/contacts/<uuid:row_id>", directory.contact),
    path("lookup/customers", directory.lookup_customers),
    *of_records(directory.STAFF),
    path("settings", settings_pages.settings),
    *(one for pages in settings_pages.ALL for one in of_records(pages)),
]
