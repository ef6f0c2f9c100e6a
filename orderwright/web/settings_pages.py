"""Settings: the records that orders refer to, each with a list and a form."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.catalog import actions as catalog_actions
from orderwright.catalog import kinds as catalog
from orderwright.catalog import queries as catalog_queries
from orderwright.directory import kinds, queries
from orderwright.directory.rules import SHIPPING_TERM_TYPES, TIMINGS
from orderwright.identity.caller import Caller
from orderwright.inventory import locations
from orderwright.web import choices, subjects
from orderwright.web.display import active, dialog_link, money, yes
from orderwright.web.inputs import Input
from orderwright.web.lists import Column, Filter
from orderwright.web.records import ACTIVE_FILTER, RecordPages, values_of
from orderwright.web.road import page
from orderwright.web.stages import STAGES

_TIMING_WORDS: Final = {
    "before_issue": "Before the order is issued",
    "before_ship": "Before anything ships",
    "on_receipt": "On receipt of the invoice",
    "on_delivery": "On delivery",
    "net": "Days after the invoice",
}
_FREIGHT_WORDS: Final = {
    "free_freight": "The customer pays no freight",
    "flat_rate_freight": "Flat rate",
    "carrier_rate_freight": "The carrier’s rate",
}
_GROUP_WORDS: Final = {"type_group": "Type group", "pricing_group": "Pricing group"}
_DEFAULT: Final = Input("is_default", "Default for new customers and orders", "check")
_IN_USE: Final = Input("is_active", "In use", "check")


def _countries(_: Caller) -> list[tuple[str, str]]:
    return choices.countries()


def _name(url: str, name_of: Callable[[Any], str] = lambda row: str(row.name)) -> Column:
    """The first column: the name, which opens the record's form."""
    return Column(
        "Name",
        lambda row: dialog_link(name_of(row), f"{url}/{row.id}"),
        primary=True,
        sort="name",
    )


PAYMENT_TERMS: Final = RecordPages(
    kind=kinds.PAYMENT_TERM,
    url="/settings/payment-terms",
    title="Payment terms",
    about="When an invoice is due. An order takes them from its customer.",
    icon="calendar-due",
    columns=(
        _name("/settings/payment-terms"),
        Column("Code", lambda row: row.code),
        Column("Due", lambda row: _TIMING_WORDS[row.timing]),
        Column("Days", lambda row: row.net_days, numeric=True),
        Column("Default", lambda row: yes(row.is_default)),
        Column("Status", lambda row: active(row.is_active)),
    ),
    inputs=(
        Input("name", "Name", required=True),
        Input("code", "Code", required=True, hint="Short, like NET30."),
        Input("timing", "Due", "select", choices=[(t, _TIMING_WORDS[t]) for t in TIMINGS]),
        Input("net_days", "Days", "num", hint="For terms that count days after the invoice."),
        _DEFAULT,
        _IN_USE,
    ),
    filters=(ACTIVE_FILTER,),
    start={"timing": "net", "is_active": True},
)

SHIPPING_TERMS: Final = RecordPages(
    kind=kinds.SHIPPING_TERM,
    url="/settings/shipping-terms",
    title="Shipping terms",
    about="Who pays freight, and how much of it.",
    icon="truck-delivery",
    columns=(
        _name("/settings/shipping-terms"),
        Column("Freight", lambda row: _FREIGHT_WORDS[row.type]),
        Column(
            "Flat rate",
            lambda row: money(row.flat_rate, row.currency) if row.currency else "",
            numeric=True,
            value=lambda row: row.flat_rate,
            unit=lambda row: row.currency,
        ),
        Column("Default", lambda row: yes(row.is_default)),
        Column("Status", lambda row: active(row.is_active)),
    ),
    inputs=(
        Input("name", "Name", required=True),
        Input(
            "type",
            "Freight",
            "select",
            choices=[(kind, _FREIGHT_WORDS[kind]) for kind in SHIPPING_TERM_TYPES],
        ),
        Input("flat_rate", "Flat rate", "num"),
        Input("currency", "Currency", hint="Three letters; empty takes the organization’s."),
        Input("minimum_order_value", "Least order value", "num"),
        Input(
            "free_freight_threshold",
            "Free from an order value of",
            "num",
            hint="Freight is free when the order reaches this amount.",
        ),
        Input("free_option_ids", "Free service levels", "checks", choices=choices.carrier_options),
        _DEFAULT,
        _IN_USE,
    ),
    filters=(ACTIVE_FILTER,),
    start={"is_active": True},
)


def _carrier_values(by: Caller, record_id: UUID) -> dict[str, Any]:
    found = queries.carrier(by=by, record_id=record_id)
    options = [values_of(option) for option in found.options]
    return {**values_of(found.row), "options": options}


CARRIERS: Final = RecordPages(
    kind=kinds.CARRIER,
    url="/settings/carriers",
    title="Carriers",
    about="Who moves the goods, with their service levels. Only enabled ones are offered.",
    icon="truck",
    paged=queries.carriers_page,
    read=_carrier_values,
    is_wide=True,
    columns=(
        _name("/settings/carriers", lambda one: one.row.name),
        Column("Service levels", lambda one: ", ".join(option.name for option in one.options)),
        Column("Default", lambda one: yes(one.row.is_default)),
        Column("Status", lambda one: active(one.row.is_enabled)),
    ),
    inputs=(
        Input("name", "Name", required=True),
        Input("code", "Code", hint="Tells whether a tracking number is needed."),
        Input("is_enabled", "Offered in orders and shipments", "check"),
        _DEFAULT,
        Input(
            "options",
            "Service levels",
            "rows",
            add="Add a service level",
            inputs=(
                Input("name", "Name", required=True),
                Input("code", "Code", required=True),
                Input("transit_days", "Days", "num"),
                Input("rate_base", "Base rate", "num"),
                Input("rate_per_kg", "Rate per kg", "num"),
                Input("is_default", "Default", "check"),
            ),
        ),
    ),
    filters=(Filter("is_enabled", "Shown", (("true", "Enabled"), ("false", "Switched off"))),),
    start={"is_enabled": True},
)


def _group_values(by: Caller, record_id: UUID) -> dict[str, Any]:
    found = catalog_queries.group(by=by, record_id=record_id)
    return {**values_of(found.row), "product_line_access": list(found.product_line_ids)}


def _change_group(by: Caller, group_id: UUID, sent: dict[str, Any], version: int | None) -> None:
    catalog_actions.change_group(by=by, group_id=group_id, sent=sent, version=version)


def _product_lines(by: Caller) -> list[tuple[str, str]]:
    return choices.of_kind(by, catalog.PRODUCT_LINE)


CUSTOMER_GROUPS: Final = RecordPages(
    kind=kinds.CUSTOMER_GROUP,
    read=_group_values,
    create=catalog_actions.create_group,
    change=_change_group,
    url="/settings/customer-groups",
    title="Customer groups",
    about="A customer has one type group, and any number of pricing groups that prices refer to.",
    icon="users",
    columns=(
        _name("/settings/customer-groups"),
        Column("Type", lambda row: _GROUP_WORDS[row.type]),
        Column("Description", lambda row: row.description, quiet=True),
        Column("Free freight", lambda row: yes(row.free_freight)),
        Column("No commission", lambda row: yes(row.commission_exempt)),
    ),
    inputs=(
        Input("name", "Name", required=True),
        Input("type", "Type", "select", choices=list(_GROUP_WORDS.items())),
        Input("description", "Description", "area"),
        Input("free_freight", "Free freight", "check"),
        Input("commission_exempt", "No commission", "check"),
        Input(
            "product_line_access",
            "May order only",
            "checks",
            choices=_product_lines,
            hint="None ticked: everything.",
        ),
    ),
    filters=(Filter("type", "Type", list(_GROUP_WORDS.items())),),
)

LOCATIONS: Final = RecordPages(
    kind=locations.LOCATION,
    url="/settings/locations",
    title="Locations",
    about="Where inventory lies.",
    icon="map-pin",
    columns=(
        _name("/settings/locations"),
        Column("Short name", lambda row: row.short_name),
        Column("City", lambda row: row.city),
        Column("Default", lambda row: yes(row.is_default)),
        Column("Status", lambda row: active(row.is_active)),
    ),
    inputs=(
        Input("name", "Name", required=True),
        Input("short_name", "Short name"),
        Input("street", "Street"),
        Input("postal_code", "Postal code", width="quarter"),
        Input("city", "City", width="quarter"),
        Input("country", "Country", "select", choices=_countries, none="—"),
        Input("type", "Type", hint="Warehouse, shop, workshop."),
        Input("is_default", "New inventory lies here", "check"),
        _IN_USE,
    ),
    filters=(ACTIVE_FILTER,),
    start={"is_active": True},
)

PRODUCT_LINES: Final = RecordPages(
    kind=catalog.PRODUCT_LINE,
    url="/settings/product-lines",
    title="Product lines",
    about="Families of products; prices, discounts and access refer to them.",
    icon="tags",
    columns=(
        _name("/settings/product-lines"),
        Column("Free freight", lambda row: yes(row.free_freight)),
        Column("No commission", lambda row: yes(row.commission_exempt)),
    ),
    inputs=(
        Input("name", "Name", required=True, width="wide"),
        Input("free_freight", "Free freight", "check"),
        Input("commission_exempt", "No commission", "check"),
    ),
)

PRODUCT_CATEGORIES: Final = RecordPages(
    kind=catalog.PRODUCT_CATEGORY,
    url="/settings/product-categories",
    title="Product categories",
    about="A second way to group products, for prices and discounts.",
    icon="folder",
    columns=(_name("/settings/product-categories"),),
    inputs=(Input("name", "Name", required=True, width="wide"),),
)

ALL: Final = (
    PAYMENT_TERMS,
    SHIPPING_TERMS,
    CARRIERS,
    CUSTOMER_GROUPS,
    LOCATIONS,
    PRODUCT_LINES,
    PRODUCT_CATEGORIES,
    STAGES,
)


@dataclass(frozen=True, slots=True)
class Tile:
    """A page of settings that is more than a form or a list; shown to those who may read it."""

    url: str
    title: str
    about: str
    icon: str
    permission: str = "settings:read"


FURTHER: Final = (
    Tile("/settings/tax", "Tax", "Where rates are set, and which of them counts.", "receipt"),
    Tile("/settings/units", "Units", "Which are measured and which are counted.", "ruler"),
    Tile(
        "/settings/users", "Users", "Who may come in: invite, disable.", "user-plus", "users:read"
    ),
    Tile("/settings/roles", "Roles", "What each role may do.", "shield", "users:read"),
    Tile("/settings/api-keys", "API keys", "For programs.", "key", "users:read"),
    Tile("/settings/emails", "E-mails", "How they are worded, with a preview.", "mail"),
    Tile("/settings/webhooks", "Webhooks", "Tell programs what happens.", "send"),
    Tile("/staff", "Staff", "Who leads orders and jobs.", "id-badge-2", "sales_orders:read"),
)


def settings(request: HttpRequest) -> HttpResponse:
    """What can be set, each with what it is for."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    by.must("settings:read")
    further = [tile for tile in FURTHER if by.may(tile.permission)]
    tiles = [*subjects.ALL, *further]
    return page(request, "settings.html", {"all": ALL, "subjects": tiles})
