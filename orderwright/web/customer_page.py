"""One customer: who it is, its prices, its orders and shipments, and what happened (U26)."""

from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.activity import queries as activity
from orderwright.catalog import queries as catalog
from orderwright.directory import queries as directory
from orderwright.directory.queries import CustomerRecord
from orderwright.identity.caller import Caller
from orderwright.kernel.cursors import write_cursor
from orderwright.pricing import queries as pricing
from orderwright.sales import order_lists
from orderwright.sales.order_lists import OrderFilter
from orderwright.sales.standing import credit_use, open_orders
from orderwright.shipping import queries as shipping
from orderwright.shipping.queries import ShipmentFilter
from orderwright.web import choices, lists
from orderwright.web.customer_events import entries
from orderwright.web.display import price
from orderwright.web.lists import Empty, Tab
from orderwright.web.order_page import sees_prices
from orderwright.web.pricing_fields import narrowing
from orderwright.web.road import page
from orderwright.web.sales_list import LIST as ORDERS
from orderwright.web.shipment_list import listed_columns

BILLING_WORDS: Final = {
    "sender": "We pay the carrier",
    "third_party": "A third party pays the carrier",
    "recipient": "The customer pays the carrier",
}
_TABS: Final = (
    ("Overview", "", ""),
    ("Prices", "/prices", "discounts:read"),
    ("Orders", "/orders", "sales_orders:read"),
    ("Shipments", "/shipments", "shipments:read"),
    ("Balance", "/balance", "payments:read"),
    ("Activity", "/activity", "contacts:read"),
)


def overview(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Who it is, with all that belongs to it."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    buyer = catalog.buyer(by=by, record_id=customer_id)
    found = buyer.customer
    context = head_of(by, found, "")
    context |= {
        "item_codes": buyer.item_codes,
        "places": [(place, _lines(place)) for place in found.addresses],
    }
    if found.is_whole:
        context |= _facts(by, found)
    if by.may("sales_orders:read"):
        context |= _standing(by, found)
    return page(request, "directory/customer_overview.html", context)


def prices(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """The prices that can apply to it: its own, and those of its parent."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = directory.customer(by=by, record_id=customer_id)
    rows = pricing.prices_for_customer(
        by=by, customer_id=customer_id, parent_id=found.row.parent_id
    )
    shown = [
        (row, price(row.price, row.currency), narrowing(row), row.customer_id == customer_id)
        for row in rows
    ]
    context = head_of(by, found, "/prices") | {"prices": shown}
    return page(request, "directory/customer_prices.html", context)


def orders(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Its orders, newest first."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = directory.customer(by=by, record_id=customer_id)
    asked = lists.asked(request)
    shown = lists.listing(
        name="Orders",
        asked=asked,
        columns=[one for one in ORDERS.columns(by) if one.label != "Customer" and not one.optional],
        found=order_lists.orders(by, OrderFilter(customer_id=(customer_id,)), asked.window),
        empty=Empty("No orders yet", "What this customer orders stands here.", icon="file-text"),
    )
    return _list(request, by, found, "/orders", shown)


def shipments(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """What was sent to it, newest first."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = directory.customer(by=by, record_id=customer_id)
    asked = lists.asked(request)
    wanted = ShipmentFilter(customer_id=customer_id)
    rows = shipping.shipments(by, wanted, before=asked.after, limit=lists.PAGE_SIZE)
    shown = lists.listing(
        name="Shipments",
        asked=asked,
        columns=[replace(one, sort="") for one in listed_columns(by) if one.label != "Customer"],
        rows=rows,
        empty=Empty("No shipments yet", "What leaves for this customer stands here.", "truck"),
    )
    return _list(request, by, found, "/shipments", shown)


def happened(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """What people did to the customer itself, newest first."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("contacts:read")
    found = directory.customer(by=by, record_id=customer_id)
    asked = lists.asked(request)
    rows = activity.timeline(by, customer_id, before=asked.after, limit=lists.PAGE_SIZE + 1)
    shown, more = rows[: lists.PAGE_SIZE], len(rows) > lists.PAGE_SIZE
    context = head_of(by, found, "/activity") | {
        "events": entries(by, shown),
        "older_url": f"{request.path}?after={write_cursor(shown[-1].id)}" if more else "",
    }
    return page(request, "directory/customer_activity.html", context)


def _list(
    request: HttpRequest, by: Caller, found: CustomerRecord, here: str, shown: Any
) -> HttpResponse:
    return page(request, "directory/customer_list.html", head_of(by, found, here) | {"list": shown})


def head_of(by: Caller, found: CustomerRecord, here: str) -> dict[str, Any]:
    """What every part of a customer's page shows around it."""
    url = f"/customers/{found.id}"
    return {
        "customer": found.row,
        "found": found,
        "tabs": [
            Tab(text, f"{url}{part}", part == here)
            for text, part, permission in _TABS
            if not permission or by.may(permission)
        ],
    }


def _facts(by: Caller, found: CustomerRecord) -> dict[str, Any]:
    """What stands in the customer's own fields, in words."""
    row, named = found.row, choices.name_in
    groups = choices.pricing_groups(by)
    places: dict[UUID | None, str] = {place.id: place.label for place in found.addresses}
    return {
        "person": f"{row.first_name} {row.last_name}".strip(),
        "currency": row.default_currency or by.organization.default_currency,
        "pricing_groups": ", ".join(named(groups, one) for one in row.pricing_group_ids),
        "payment_term": named(choices.payment_terms(by), row.payment_term_id),
        "shipping_term": named(choices.shipping_terms(by), row.shipping_term_id),
        "carrier": named(choices.carriers(by), row.carrier_id),
        "carrier_option": named(choices.carrier_options(by), row.carrier_option_id),
        "sales_rep": named(choices.staff(by), row.sales_rep_id),
        "bill_to": places.get(row.bill_to_address_id, ""),
        "ship_to": places.get(row.ship_to_address_id, ""),
        "billing": BILLING_WORDS[row.carrier_billing_type],
    }


def _standing(by: Caller, found: CustomerRecord) -> dict[str, Any]:
    """Its open orders, and whether they go beyond its credit limit."""
    open_now = open_orders(by, found.id)
    context: dict[str, Any] = {
        "open_count": sum(one.count for one in open_now),
        "open_value": open_now if sees_prices(by) else (),
    }
    if found.shows_credit and found.is_whole:
        currency = found.row.default_currency or by.organization.default_currency
        used = credit_use(by, found.id, currency)
        context["beyond_credit"] = used if used and used.left < 0 else None
    return context


def _lines(place: Any) -> list[str]:
    """An address as it stands on an envelope."""
    town = " ".join(part for part in (place.postal_code, place.city) if part)
    region = ", ".join(part for part in (town, place.state) if part)
    lines = (place.street_1, place.street_2, region, choices.country_name(place.country))
    return [line for line in lines if line]
