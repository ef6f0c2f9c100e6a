"""Staff, terms, carriers, groups and customers over HTTP."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Router

from orderwright.api.answers import answer, caller, needs, uuid_or_missing
from orderwright.api.body_types import Versioned
from orderwright.api.records import (
    money,
    mount,
    plain_value,
    price,
    reference,
    resource,
    show_plain,
)
from orderwright.catalog import actions
from orderwright.catalog import queries as catalog
from orderwright.catalog.queries import Buyer, BuyerGroup
from orderwright.catalog.rules import ITEM_CODES, PRODUCT_LINE_ACCESS
from orderwright.directory import merging, queries, rules
from orderwright.directory.kinds import (
    CARRIER,
    CUSTOMER,
    CUSTOMER_GROUP,
    PAYMENT_TERM,
    SHIPPING_TERM,
    STAFF,
    CustomerRow,
    ShippingTermRow,
)
from orderwright.directory.queries import CarrierRecord
from orderwright.identity.caller import Caller

router = Router(tags=["Directory"])


def show_shipping_term(by: Caller, row: ShippingTermRow) -> dict[str, Any]:
    """A shipping term; its money in its currency."""
    currency = row.currency or by.organization.default_currency
    amounts = ("flat_rate", "minimum_order_value", "free_freight_threshold")
    return show_plain(by, row) | {name: money(getattr(row, name), currency) for name in amounts}


def show_carrier(by: Caller, carrier: CarrierRecord) -> dict[str, Any]:
    """A carrier with its service levels; rates in the organization's currency."""
    currency = by.organization.default_currency
    return show_plain(by, carrier.row) | {
        "options": [
            show_plain(by, option)
            | {
                "rate_base": money(option.rate_base, currency),
                "rate_per_kg": price(option.rate_per_kg, currency),
            }
            for option in carrier.options
        ]
    }


def show_group(by: Caller, group: BuyerGroup) -> dict[str, Any]:
    """A group with the product lines that it is limited to; none means all."""
    return show_plain(by, group.row) | {"product_line_access": list(group.product_line_ids)}


def show_customer(by: Caller, buyer: Buyer) -> dict[str, Any]:
    """A customer, as far as the caller may see it."""
    row, addresses = buyer.customer.row, without_owner(buyer.customer.addresses)
    if not buyer.customer.is_whole:
        known = ("id", "version", "number", "name")
        return {name: getattr(row, name) for name in known} | {"addresses": addresses}
    shown = _show_row(by, row)
    if buyer.customer.shows_credit:
        currency = row.default_currency or by.organization.default_currency
        shown["credit_limit"] = money(row.credit_limit, currency)
    return shown | {
        "addresses": addresses,
        "contacts": without_owner(buyer.customer.contacts),
        "item_codes": [
            {
                "id": code.id,
                "code": code.code,
                "product_id": code.product_id,
                "product": reference(code.product_id, sku=code.product_sku, name=code.product_name),
            }
            for code in buyer.item_codes
        ],
    }


def _show_row(by: Caller, row: CustomerRow) -> dict[str, Any]:
    shown = show_plain(by, row)
    for name in ("type_group_name", "parent_number", "parent_name", "credit_limit"):
        del shown[name]
    return shown | {
        "type_group": reference(row.type_group_id, name=row.type_group_name),
        "parent": reference(row.parent_id, number=row.parent_number, name=row.parent_name),
        "defaults": {name: shown.pop(name) for name in rules.ORDER_DEFAULTS.fields},
    }


def without_owner(rows: Sequence[Any], owner: str = "customer_id") -> list[dict[str, Any]]:
    """Rows that belong to a record, without the column that points to it."""
    return [
        {name: plain_value(held) for name, held in asdict(row).items() if name != owner}
        for row in rows
    ]


class MergeBody(Versioned):
    """Which customers become the one in the path."""

    source_ids: list[UUID] = []


@router.post("/customers/{customer_id}/actions/merge")
@needs("customers:delete")
def merge_customers(request: HttpRequest, customer_id: str, body: MergeBody) -> HttpResponse:
    """The sources' orders, prices and contacts become this customer's; the sources go."""
    by, target_id = caller(request), uuid_or_missing(customer_id, "customer")
    merging.merge_customers(
        by=by, target_id=target_id, source_ids=body.source_ids, version=body.version
    )
    return answer(show_customer(by, catalog.buyer(by=by, record_id=target_id)))


mount(
    router,
    resource("/staff", STAFF),
    resource("/payment-terms", PAYMENT_TERM),
    resource("/shipping-terms", SHIPPING_TERM, show=show_shipping_term),
    resource(
        "/carriers",
        CARRIER,
        show=show_carrier,
        list_rows=queries.carriers,
        read_row=queries.carrier,
    ),
    resource(
        "/customer-groups",
        CUSTOMER_GROUP,
        show=show_group,
        further={"product_line_access": PRODUCT_LINE_ACCESS.schema},
        list_rows=catalog.groups,
        read_row=catalog.group,
        create=lambda by, sent: actions.create_group(by=by, sent=sent),
        change=lambda by, group_id, sent, version: actions.change_group(
            by=by, group_id=group_id, sent=sent, version=version
        ),
    ),
    resource(
        "/customers",
        CUSTOMER,
        show=show_customer,
        shape=rules.CUSTOMER_AS_SENT,
        further={"item_codes": ITEM_CODES.schema},
        list_rows=catalog.buyers,
        read_row=catalog.buyer,
        create=lambda by, sent: actions.create_buyer(by=by, sent=sent),
        change=lambda by, customer_id, sent, version: actions.change_buyer(
            by=by, customer_id=customer_id, sent=sent, version=version
        ),
    ),
)
