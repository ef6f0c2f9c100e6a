"""Customers and staff."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from orderwright.activity.record_lists import ids_of_records
from orderwright.directory import actions, bulk, kinds, queries
from orderwright.directory.kinds import AddressRow
from orderwright.directory.queries import CustomerRecord
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window
from orderwright.web import choices
from orderwright.web.belongings import ADDRESS
from orderwright.web.customer_page import BILLING_WORDS
from orderwright.web.display import active, chip, dialog_link, link
from orderwright.web.forms import Form, done
from orderwright.web.inputs import Input, bound, meanwhile_of, names_of, sent_by
from orderwright.web.list_pages import BulkOffer, ListPage
from orderwright.web.lists import Asked, Column, Empty, Filter
from orderwright.web.records import ACTIVE_FILTER, RecordPages, values_of
from orderwright.web.road import page
from orderwright.web.vocabulary import choices_of

STAFF: Final = RecordPages(
    kind=replace(kinds.STAFF, noun="person"),
    url="/staff",
    title="Staff",
    about="The people who lead orders and do the work. A login is separate.",
    icon="id-badge-2",
    above=("", ""),
    columns=(
        Column(
            "Nickname",
            lambda row: dialog_link(row.nickname, f"/staff/{row.id}"),
            primary=True,
            sort="nickname",
        ),
        Column("Name", lambda row: f"{row.first_name} {row.last_name}".strip()),
        Column("Department", lambda row: row.department, sort="department"),
        Column("Designation", lambda row: row.designation),
        Column("E-mail", lambda row: row.email),
        Column("Phone", lambda row: row.phone),
        Column("Status", lambda row: active(row.is_active)),
    ),
    inputs=(
        Input("nickname", "Nickname", required=True, hint="Shown on orders."),
        Input("designation", "Designation"),
        Input("first_name", "First name"),
        Input("last_name", "Last name"),
        Input("email", "E-mail", "email"),
        Input("phone", "Phone", "tel"),
        Input("department", "Department"),
        Input("is_active", "Active", "check", hint="Inactive people leave the pickers."),
    ),
    filters=(ACTIVE_FILTER,),
    start={"is_active": True},
)

COLUMNS: Final = (
    Column(
        "Name",
        lambda one: link(one.row.name, f"/customers/{one.id}"),
        primary=True,
        sort="name",
        value=lambda one: one.row.name,
    ),
    Column("Number", lambda one: one.row.number, sort="number"),
    Column("Status", lambda one: chip("customer", one.row.status)),
    Column("Group", lambda one: one.row.type_group_name),
    Column("City", lambda one: next((place.city for place in one.addresses if place.city), "")),
    Column("E-mail", lambda one: one.row.email if one.is_whole else ""),
    Column("Phone", lambda one: one.row.phone if one.is_whole else ""),
)

IDENTITY: Final = (
    Input("name", "Name", required=True, hint="The legal or trading name."),
    Input("number", "Number", hint="Empty takes the next one."),
    Input("email", "E-mail", "email"),
    Input("phone", "Phone", "tel"),
    Input("first_name", "First name"),
    Input("last_name", "Last name"),
    Input("nickname", "Nickname", hint="What we call it among ourselves."),
    Input("website", "Website", "url"),
    Input("number_of_employees", "Employees", "num", width="quarter"),
    Input("customer_since", "Customer since", "date", width="quarter"),
    Input("type_group_id", "Type group", "select", choices=choices.type_groups, none="None"),
    Input("pricing_group_ids", "Pricing groups", "checks", choices=choices.pricing_groups),
    Input("parent_id", "Parent customer", "combobox", source="/lookup/customers"),
    Input("notes", "Notes", "area", hint="Never a card number."),
)
DEFAULTS: Final = (
    Input("payment_term_id", "Payment term", "select", choices=choices.payment_terms, none="—"),
    Input("shipping_term_id", "Shipping term", "select", choices=choices.shipping_terms, none="—"),
    Input("carrier_id", "Carrier", "select", choices=choices.carriers, none="—"),
    Input(
        "carrier_option_id", "Service level", "select", choices=choices.carrier_options, none="—"
    ),
    Input("priority", "Priority", "select", choices=choices.PRIORITIES),
    Input("sales_rep_id", "Sales representative", "select", choices=choices.staff, none="—"),
)
ADDRESSES: Final = (
    Input("bill_to_address_id", "Bill to", "select", none="The first that is marked"),
    Input("ship_to_address_id", "Ship to", "select", none="The first that is marked"),
)
MONEY: Final = (
    Input("carrier_billing_type", "Carrier’s bill", "select", choices=tuple(BILLING_WORDS.items())),
    Input("carrier_billing_account", "Account with the carrier", hint="Unless we pay."),
    Input("default_currency", "Currency", hint="Three letters; empty takes the organization’s."),
    Input("credit_limit", "Credit limit", "num", permission="orders_commercial:update"),
    Input("tax_rate", "Tax rate", "num", hint="A fraction: 0.05 is 5 %."),
    Input("tax_number", "Tax number", hint="The VAT id, like DE123456788; for e-invoices."),
    Input("tax_exempt", "Tax exempt", "check"),
    Input("free_freight", "Free freight", "check"),
    Input("commission_exempt", "No commission", "check"),
    Input("is_active", "Active", "check", hint="Inactive customers leave the pickers."),
)


def customers(request: HttpRequest) -> HttpResponse:
    """All customers, newest first unless sorted."""
    by = _caller(request)
    asked, elsewhere = LIST.opening(request)
    if elsewhere:
        return redirect(elsewhere)
    context = {"list": LIST.shown(by, asked), "may_add": by.may("customers:create")}
    return page(request, "directory/customers.html", context)


def add_customer(request: HttpRequest) -> HttpResponse:
    """A new customer, with its first address."""
    by = _caller(request)
    by.must("customers:create")
    form = Form.of({"priority": "normal", "is_active": True, **_first_address(by)})
    if request.method == "POST":
        form = Form.posted(request)
        sent = _sent(form) | {"addresses": [sent_by(_of(form, "addresses.0."), ADDRESS)]}
        if form.accept(lambda: actions.create_customer(by=by, sent=sent)):
            return done(request, f"/customers/{form.result}", "The customer is added.")
        form.strip_errors("defaults.")
    return _customer_form(request, form, title="Add a customer", back="/customers")


def edit_customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Change a customer; its status has a dialog of its own."""
    by = _caller(request)
    by.must("customers:update")
    url = f"/customers/{customer_id}"
    found = queries.customer(by=by, record_id=customer_id)
    now = values_of(found.row) | {"parent_id_text": found.row.parent_name}
    fields = (*IDENTITY, *MONEY, *DEFAULTS)
    form = Form.of(now, merges=names_of(by, fields))
    if request.method == "POST":
        form = Form.posted(request)
        sent, version = _sent(form), form.whole("version")
        if form.accept(
            lambda: actions.change_customer(
                by=by, customer_id=customer_id, sent=sent, version=version
            ),
            meanwhile=lambda: meanwhile_of(by, fields, now),
        ):
            return done(request, url, "The customer is saved.")
        form.strip_errors("defaults.")
    return _customer_form(
        request, form, title=f"Edit {found.row.name}", back=url, addresses=found.addresses
    )


def change_status(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Hold, prefer or release a customer."""
    by = _caller(request)
    by.must("customers:update")
    found = queries.customer(by=by, record_id=customer_id)
    form = Form.of({"status": found.row.status})
    if request.method == "POST":
        form = Form.posted(request)
        status, reason = form.value("status"), form.text("reason")
        if form.accept(
            lambda: actions.change_customer_status(
                by=by, customer_id=customer_id, status=status, reason=reason
            )
        ):
            return done(request, f"/customers/{customer_id}", "The status is changed.")
    context = {"customer": found.row, "form": form, "statuses": STATUSES}
    return page(request, "directory/customer_status.html", context, status=form.status)


def remove_customer(request: HttpRequest, customer_id: UUID) -> HttpResponse:
    """Delete a customer that nothing refers to."""
    actions.remove_customer(by=_caller(request), customer_id=customer_id)
    return done(request, "/customers", "The customer is removed.")


STATUSES: Final = (
    ("normal", "Normal", "Nothing is held back."),
    ("preferred", "Preferred", "A mark for sorting and filters; nothing is held back."),
    ("hold_shipment", "Hold Shipment", "Orders can be entered and issued, but nothing ships."),
    ("hold_all", "Hold All", "Orders can be entered, but neither issued nor shipped."),
)


def _sent(form: Form) -> dict[str, Any]:
    sent = sent_by(form, (*IDENTITY, *MONEY))
    return sent | {"defaults": sent_by(form, (*DEFAULTS, *ADDRESSES))}


def _of(form: Form, prefix: str) -> Form:
    own = {n[len(prefix) :]: v for n, v in form.values.items() if n.startswith(prefix)}
    return Form(values=own)


def _first_address(by: Caller) -> dict[str, Any]:
    return {"addresses": [{"label": "Main", "is_bill_to": True, "is_ship_to": True}]}


def _customer_form(
    request: HttpRequest,
    form: Form,
    *,
    title: str,
    back: str,
    addresses: Sequence[AddressRow] = (),
) -> HttpResponse:
    by = _caller(request)
    places = [(str(one.id), one.label) for one in addresses]
    chosen = [replace(one, choices=places) for one in ADDRESSES] if places else []
    context = {
        "form": form,
        "title": title,
        "back": back,
        "identity": bound(IDENTITY, by),
        "defaults": bound((*DEFAULTS, *chosen), by),
        "money": bound(MONEY, by),
        "address": bound(ADDRESS, by) if back == "/customers" else [],
    }
    return page(request, "directory/customer_form.html", context, status=form.status)


def _caller(request: HttpRequest) -> Caller:
    found: Caller = request.caller  # type: ignore[attr-defined]
    return found


def _read(by: Caller, asked: Asked, window: Window) -> Page[CustomerRecord]:
    return queries.customers_page(by=by, q=asked.q, filters=asked.values, window=window)


def _ids(by: Caller, given: Mapping[str, str], most: int) -> list[UUID]:
    filters = {name: text for name, text in given.items() if name != "q"}
    return ids_of_records(by=by, kind=kinds.CUSTOMER, q=given.get("q"), filters=filters, most=most)


def _empty(by: Caller) -> Empty:
    return Empty(
        "No customers yet",
        "Customers stand here with their terms, addresses and contacts; orders start from them.",
        "users",
        "Add a customer" if by.may("customers:create") else "",
        "/customers/new",
    )


def _columns(by: Caller) -> Sequence[Column]:
    """Who only ships sees whom to ship to (domain 1.2)."""
    if queries.sees_whole_customers(by):
        return COLUMNS
    return [one for one in COLUMNS if one.label in ("Name", "Number", "City")]


def _filters(by: Caller, asked: Asked) -> Sequence[Filter]:
    status = Filter("status", "Status", choices_of("customer"))
    return (status, ACTIVE_FILTER) if queries.sees_whole_customers(by) else (ACTIVE_FILTER,)


LIST: Final = ListPage(
    key=bulk.LIST,
    name="Customers",
    path="/customers",
    nouns=("customer", "customers"),
    columns=_columns,
    read=_read,
    empty=_empty,
    filters=_filters,
    parameters=("status", "is_active"),
    sorts=("name", "number"),
    search="Name, number or e-mail",
    label=lambda one: one.row.name,
    bulk=(
        BulkOffer(
            "set-status",
            "Set status",
            "hand-stop",
            "will get this status",
            "given a new status",
            "customers:update",
            (
                Input("status", "Status", "select", choices=choices_of("customer"), required=True),
                Input("reason", "Reason"),
            ),
        ),
        BulkOffer(
            "activate", "Activate", "check", "will be in use", "activated", "customers:update"
        ),
        BulkOffer(
            "deactivate",
            "Deactivate",
            "archive",
            "will leave the pickers",
            "deactivated",
            "customers:update",
        ),
    ),
    ids=_ids,
)
