"""Customer prices and discount codes (domain 5.2, 5.4, U29)."""

from datetime import date
from typing import Any, Final
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.pricing import queries
from orderwright.pricing.kinds import CUSTOMER_PRICE, DISCOUNT_CODE, DiscountCodeRow
from orderwright.pricing.queries import CodeInUse
from orderwright.web.display import active, day, dialog_link, money, percent, price
from orderwright.web.inputs import Input
from orderwright.web.lists import Column, Filter
from orderwright.web.pricing_fields import (
    ATTRIBUTES,
    CATEGORIES,
    IN_USE,
    attributes_typed,
    fraction_sent,
    narrowing,
    percent_typed,
    product_lines,
    with_attributes,
)
from orderwright.web.records import ACTIVE_FILTER, RecordPages, values_of


def _price_values(by: Caller, record_id: UUID) -> dict[str, Any]:
    pages: RecordPages = CUSTOMER_PRICES
    row = pages.row_of(by, record_id)
    return values_of(row) | {
        "customer_id_text": row.customer_name,
        "attributes": attributes_typed(row.attributes),
    }


CUSTOMER_PRICES: Final = RecordPages(
    kind=CUSTOMER_PRICE,
    url="/pricing/customer-prices",
    title="Customer prices",
    about="What one customer pays for the products of a line. It replaces the base price.",
    icon="tag",
    above=("", ""),
    is_wide=True,
    read=_price_values,
    as_sent=with_attributes,
    columns=(
        Column(
            "Customer",
            lambda row: dialog_link(row.customer_name, f"/pricing/customer-prices/{row.id}"),
            primary=True,
            sort="customer_name",
        ),
        Column("Product line", lambda row: row.product_line_name, sort="product_line_name"),
        Column(
            "Price",
            lambda row: price(row.price, row.currency),
            numeric=True,
            value=lambda row: row.price,
            unit=lambda row: row.currency,
        ),
        Column("Per", lambda row: row.unit or "price unit"),
        Column("Only", narrowing, quiet=True),
        Column("Status", lambda row: active(row.is_active)),
    ),
    inputs=(
        Input(
            "customer_id",
            "Customer",
            "combobox",
            source="/lookup/customers",
            required=True,
            hint="A price stays with its customer.",
        ),
        Input(
            "product_line_id",
            "Product line",
            "select",
            choices=product_lines,
            none="Choose",
            required=True,
        ),
        Input("price", "Price", "num", required=True, width="third"),
        Input("unit", "Per", hint="Empty: the unit of each product’s price.", width="third"),
        Input("currency", "Currency", hint="Empty: the organization’s.", width="third"),
        CATEGORIES,
        ATTRIBUTES,
        IN_USE,
    ),
    filters=(Filter("product_line_id", "Line", ()), ACTIVE_FILTER),
    offered=lambda by: {"product_line_id": product_lines(by)},
    kept_filters=("customer_id",),
    start={"is_active": True},
)


def _code_values(by: Caller, record_id: UUID) -> dict[str, Any]:
    found = queries.code(by=by, record_id=record_id)
    row: DiscountCodeRow = found.row
    names = queries.customer_names(by=by, customer_ids=row.customer_ids) if row.customer_ids else {}
    return values_of(row) | {
        "percentage": percent_typed(row.percentage),
        "customer_ids": [
            {"customer_id": one, "customer_id_text": names.get(one, "")} for one in row.customer_ids
        ],
    }


def _code_sent(sent: dict[str, Any]) -> dict[str, Any]:
    customers = [row["customer_id"] for row in sent["customer_ids"]]
    share = fraction_sent(sent.get("percentage"))
    return sent | {"percentage": share, "customer_ids": customers}


def _place_of_customer(name: str) -> str:
    """`customer_ids.0` is the field of the first row."""
    return f"{name}.customer_id" if name.startswith("customer_ids.") else name


def _gives(one: CodeInUse) -> str:
    return (
        percent(one.row.percentage)
        if one.row.type == "percentage"
        else money(one.row.amount, one.row.currency)
    )


def _first_day(one: CodeInUse) -> date | None:
    return one.row.starts_on


def _last_day(one: CodeInUse) -> date | None:
    return one.row.ends_on


def _used(one: CodeInUse) -> str:
    most = one.row.max_redemptions
    return f"{one.times_used} of {most}" if most else str(one.times_used)


def _whom(one: CodeInUse) -> str:
    count = len(one.row.customer_ids)
    return f"{count} customer{'' if count == 1 else 's'}" if count else "Everybody"


DISCOUNT_CODES: Final = RecordPages(
    kind=DISCOUNT_CODE,
    url="/pricing/discount-codes",
    title="Discount codes",
    about="A word that takes a percentage or an amount off the merchandise of an order.",
    icon="discount",
    above=("", ""),
    is_wide=True,
    paged=queries.codes_page,
    read=_code_values,
    as_sent=_code_sent,
    place=_place_of_customer,
    columns=(
        Column(
            "Code",
            lambda one: dialog_link(one.row.code, f"/pricing/discount-codes/{one.id}"),
            primary=True,
            sort="code",
        ),
        Column("Name", lambda one: one.row.name, sort="name"),
        Column("Takes off", _gives, numeric=True),
        Column("From", lambda one: day(one.row.starts_on), whole=True, value=_first_day),
        Column("Until", lambda one: day(one.row.ends_on), whole=True, value=_last_day),
        Column("Used", _used, numeric=True),
        Column("For", _whom, quiet=True),
        Column("Status", lambda one: active(one.row.is_active)),
    ),
    inputs=(
        Input("code", "Code", required=True, hint="Upper and lower case are the same."),
        Input("name", "Name"),
        Input(
            "type",
            "Takes off",
            "select",
            choices=(("percentage", "A percentage"), ("amount", "An amount")),
        ),
        Input("percentage", "Percent off", "num", hint="10 is ten percent.", width="quarter"),
        Input("amount", "Amount off", "num", width="quarter"),
        Input("currency", "Currency", hint="Of an amount; empty: the organization’s."),
        Input("max_redemptions", "At most so many orders", "num", hint="Empty: any number."),
        Input("starts_on", "First day", "date"),
        Input("ends_on", "Last day", "date"),
        Input("once_per_customer", "Once for each customer", "check"),
        IN_USE,
        Input(
            "customer_ids",
            "Only for these customers",
            "rows",
            add="Add a customer",
            hint="None: for everybody.",
            inputs=(Input("customer_id", "Customer", "combobox", source="/lookup/customers"),),
        ),
    ),
    filters=(ACTIVE_FILTER,),
    start={"type": "percentage", "once_per_customer": True, "is_active": True},
)
