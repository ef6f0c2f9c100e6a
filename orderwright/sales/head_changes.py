"""Changes of an order's head: read each value, write the columns, price anew where it matters."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.contacts import check_email
from orderwright.kernel.errors import Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.money import check_currency, check_money
from orderwright.kernel.text import check_text, refuse_card_numbers
from orderwright.sales import promises, queries, repricing
from orderwright.sales.new_orders import LONGEST_NOTES, PRIORITIES, check_date_required, lock_code
from orderwright.sales.page import OrderPage, OrderRow
from orderwright.sales.party import Terms, read_address, read_party

_COMMERCIAL = frozenset({"currency", "internal_budget"})
_REFERENCES = (
    "customer_id",
    "order_lead_id",
    "sales_rep_id",
    "payment_term_id",
    "shipping_term_id",
    "carrier_id",
    "carrier_option_id",
)
_TERMS = frozenset(Terms.__slots__)
_OF_CUSTOMER = (
    *Terms.__slots__,
    "bill_to",
    "ship_to",
    "acknowledgement_contacts",
    "invoice_contacts",
)
_FREIGHT_FOLLOWS = frozenset({"ship_to", "carrier_id", "carrier_option_id", "shipping_term_id"})
_JSON = ("pricing_flags", "bill_to", "ship_to", "acknowledgement_contacts", "invoice_contacts")


def apply_head_changes(
    by: Caller, page: OrderPage, changes: Mapping[str, Any], *, confirmed: frozenset[str]
) -> OrderPage:
    """The order with these changes written, but for what `writing.save` writes.

    Another customer brings its own terms, addresses and contacts, where the order had the former
    customer's and nothing else was sent (domain 4.1). Raises Invalid with the field for a value
    that makes no sense, Conflict for a PO number that is taken or a date to be confirmed.
    """
    if _COMMERCIAL & set(changes):
        by.must("orders_commercial:update")
    values = {name: _read(name, value) for name, value in changes.items()}
    if "date_required" in values:
        check_date_required(by, values["date_required"], confirmed)
    code = values.pop("discount_code", page.head.discount_code)
    budget = values.get("internal_budget")
    if budget is not None:
        currency = values.get("currency", page.head.currency)
        values["internal_budget"] = check_money(budget, currency, "internal_budget")
    is_moved = values.get("customer_id", page.head.customer_id) != page.head.customer_id
    if is_moved:
        values = {**_defaults_of_customer(by, page, values), **values}
    _check_references(by, page, values)
    if _FREIGHT_FOLLOWS & set(values) and not (is_moved or "currency" in values):
        values["pricing_flags"] = _outdated(page)
    _update(by, page, values)
    changed = queries.read_order(by, page.id)
    if "priority" in values:
        promises.rank_again(by, changed)
    is_quoted_anew = is_moved or "currency" in values
    if "discount_code" in changes or (code and is_moved):
        return _with_code(by, changed, code, new_freight=is_quoted_anew)
    if is_quoted_anew:
        return repricing.reprice(by, changed, new_freight=True)
    return changed


def _outdated(page: OrderPage) -> list[str]:
    """Freight was quoted for another address or carrier (domain 5.5)."""
    flags = page.head.pricing_flags
    known = {repricing.FREIGHT_UNQUOTED, repricing.FREIGHT_OUTDATED} & set(flags)
    return list(flags) if known else [*flags, repricing.FREIGHT_OUTDATED]


def _defaults_of_customer(by: Caller, page: OrderPage, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the order takes from its new customer: each value that was the former customer's."""
    former, coming = (
        read_party(by, customer_id=customer_id, order_lead_id=None, chosen=Terms(), lenient=True)
        for customer_id in (page.head.customer_id, values["customer_id"])
    )
    found: dict[str, Any] = {}
    for name in _OF_CUSTOMER:
        theirs, ours = (
            getattr(party.terms if name in _TERMS else party, name) for party in (former, coming)
        )
        if getattr(page.head, name) == theirs and ours is not None:
            found[name] = ours
    return found


def _read(name: str, value: Any) -> Any:
    reader = _READERS.get(name)
    if reader is None and name in _REFERENCES:
        return _reference(name, value)
    return reader(name, value) if reader else value


def _reference(name: str, value: Any) -> UUID | None:
    if value is None and name in ("sales_rep_id", "carrier_option_id"):
        return None
    try:
        return UUID(str(value))
    except ValueError as error:
        raise _invalid(name, "This is no id. Choose from the list.") from error


def _date(name: str, value: Any) -> date | None:
    if value is None or value == "":
        return None
    try:
        if isinstance(value, date):
            return value
        return date.fromisoformat(check_text(value, name, longest=10))
    except ValueError as error:
        raise _invalid(name, "Give a date as YYYY-MM-DD.") from error


def _notes(name: str, value: Any) -> str:
    text = check_text("" if value is None else value, name, longest=LONGEST_NOTES)
    refuse_card_numbers(text, name)
    return text


def _po_number(name: str, value: Any) -> str:
    return check_text("" if value is None else value, name, longest=80).strip()


def _priority(name: str, value: Any) -> str:
    if value not in PRIORITIES:
        raise _invalid(name, "The priority is low, normal or high.")
    return str(value)


def _address(name: str, value: Any) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _invalid(name, "Give an address.")
    return read_address(value, name)


def _contacts(name: str, value: Any) -> list[dict[str, Any]]:
    if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
        raise _invalid(name, "Give a list of contacts with e-mail addresses.")
    return [
        {
            "first_name": check_text(one.get("first_name") or "", name, longest=200),
            "last_name": check_text(one.get("last_name") or "", name, longest=200),
            "email": check_email(one.get("email"), f"{name}.{index}.email"),
        }
        for index, one in enumerate(value)
    ]


def _currency(name: str, value: Any) -> str:
    return check_currency(value, name)


def _code(name: str, value: Any) -> str | None:
    return None if value is None else check_text(value, name, longest=40).strip() or None


_READERS: dict[str, Callable[[str, Any], Any]] = {
    "date_required": _date,
    "order_deadline": _date,
    "promised_at": _date,
    "notes": _notes,
    "internal_note": _notes,
    "customer_po_number": _po_number,
    "priority": _priority,
    "bill_to": _address,
    "ship_to": _address,
    "acknowledgement_contacts": _contacts,
    "invoice_contacts": _contacts,
    "currency": _currency,
    "discount_code": _code,
}


def _check_references(by: Caller, page: OrderPage, values: Mapping[str, Any]) -> None:
    """Every id that changes names a record of ours; the PO number is the order's own."""
    head = page.head
    if not (set(_REFERENCES) | {"customer_po_number"}) & set(values):
        return
    chosen = {name: values.get(name, getattr(head, name)) for name in _REFERENCES}
    if "carrier_id" in values and "carrier_option_id" not in values:
        chosen["carrier_option_id"] = None
    read_party(
        by,
        customer_id=chosen["customer_id"],
        order_lead_id=chosen["order_lead_id"],
        chosen=Terms(
            payment_term_id=chosen["payment_term_id"],
            shipping_term_id=chosen["shipping_term_id"],
            carrier_id=chosen["carrier_id"],
            carrier_option_id=chosen["carrier_option_id"],
            sales_rep_id=chosen["sales_rep_id"],
            priority=head.priority,
        ),
        bill_to=values.get("bill_to", head.bill_to),
        ship_to=values.get("ship_to", head.ship_to),
        customer_po_number=_po_number_at_stake(head, values),
        order_id=page.id,
        only=values.keys(),
    )


def _po_number_at_stake(head: OrderRow, values: Mapping[str, Any]) -> str:
    """The PO number that must be new among the customer's: a new one, or one that moves along."""
    kept = head.customer_po_number if "customer_id" in values else ""
    return str(values.get("customer_po_number", kept))


def _update(by: Caller, page: OrderPage, values: Mapping[str, Any]) -> None:
    """Write the columns. Their names come from the table of editable fields, never from outside."""
    columns = dict(values)
    if "carrier_id" in columns and "carrier_option_id" not in columns:
        columns["carrier_option_id"] = None
    if not columns:
        return
    assignments = ", ".join(
        f"{name} = %s::jsonb" if name in _JSON else f"{name} = %s" for name in columns
    )
    parameters = [to_json(value) if name in _JSON else value for name, value in columns.items()]
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE sales_salesorder SET {assignments} WHERE organization_id = %s AND id = %s",
            [*parameters, by.organization_id, page.id],
        )


def _with_code(by: Caller, page: OrderPage, code: str | None, *, new_freight: bool) -> OrderPage:
    """Another code, or none: at most one for an order (domain 5.4)."""
    with connection.cursor() as cursor:
        cursor.execute(
            "DELETE FROM pricing_redemption WHERE organization_id = %s AND order_id = %s",
            [by.organization_id, page.id],
        )
    if code is None:
        _set_code(by, page, None)
        head = replace(page.head, discount_code_id=None, discount_code=None)
        return repricing.reprice(by, replace(page, head=head), new_freight=new_freight)
    lock_code(by, code)
    priced = repricing.reprice(by, page, new_code=code, new_freight=new_freight)
    _set_code(by, page, code)
    return replace(priced, head=replace(priced.head, discount_code=code))


def _set_code(by: Caller, page: OrderPage, code: str | None) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE sales_salesorder SET discount_code_id = (SELECT id FROM pricing_discountcode "
            "WHERE organization_id = %s AND lower(code) = lower(%s)) "
            "WHERE organization_id = %s AND id = %s",
            [by.organization_id, code, by.organization_id, page.id],
        )
        if code is not None:
            cursor.execute(
                "INSERT INTO pricing_redemption (organization_id, id, code_id, customer_id, "
                "order_id) SELECT organization_id, %s, discount_code_id, customer_id, id "
                "FROM sales_salesorder WHERE organization_id = %s AND id = %s",
                [new_id(), by.organization_id, page.id],
            )


def _invalid(field: str, message: str) -> Invalid:
    return Invalid("invalid_input", message, fields={field: message})
