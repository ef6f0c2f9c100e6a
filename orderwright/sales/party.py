"""Who an order is for and on what terms: the customer's defaults, overridden by what is given.

The seven defaults (domain 1.3): payment term, shipping term, carrier with its option, priority,
sales rep, bill-to and ship-to. What neither the order nor the customer names is the organization's.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.json_text import from_json
from orderwright.kernel.text import check_text
from orderwright.sales import sql

ADDRESS_FIELDS = (
    "label",
    "street_1",
    "street_2",
    "city",
    "state",
    "postal_code",
    "country",
    "phone",
    "email",
)
_NEEDED = {
    "payment_term_id": "payment term",
    "shipping_term_id": "shipping term",
    "carrier_id": "carrier",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """The commercial terms of an order; None where nothing was chosen."""

    payment_term_id: UUID | None = None
    shipping_term_id: UUID | None = None
    carrier_id: UUID | None = None
    carrier_option_id: UUID | None = None
    sales_rep_id: UUID | None = None
    priority: str | None = None


@dataclass(frozen=True, slots=True)
class Names:
    """What the records are called that the order refers to, as the order will be read."""

    order_lead: str
    sales_rep: str | None
    payment_term: str
    payment_timing: str
    shipping_term: str
    carrier: str
    carrier_code: str
    carrier_option: str | None


@dataclass(frozen=True, slots=True)
class Party:
    """The customer of an order with everything that the order copies from it."""

    customer_id: UUID
    number: str
    name: str
    status: str
    default_currency: str
    order_lead_id: UUID | None
    terms: Terms
    bill_to: dict[str, Any] | None
    ship_to: dict[str, Any] | None
    acknowledgement_contacts: list[dict[str, Any]]
    invoice_contacts: list[dict[str, Any]]
    names: Names


def read_party(
    by: Caller,
    *,
    customer_id: UUID,
    order_lead_id: UUID | None,
    chosen: Terms,
    bill_to: Mapping[str, Any] | None = None,
    ship_to: Mapping[str, Any] | None = None,
    customer_po_number: str = "",
    order_id: UUID | None = None,
    lenient: bool = False,
    only: Collection[str] | None = None,
) -> Party:
    """The customer's defaults under what was chosen; one statement.

    Raises Invalid for an unknown or inactive customer, an unknown lead, term, carrier or rep, or a
    missing address (`lenient` accepts what is missing, for previews; `only` names the fields that
    change: what stood there before may be inactive by now), and Conflict `duplicate_po_number` when
    another order of the customer has this PO number.
    """
    row = _read(
        by,
        customer_id,
        order_lead_id,
        chosen=chosen,
        customer_po_number=customer_po_number,
        order_id=order_id,
        held=not lenient and _changes("customer_id", only),
    )
    if row is None:
        raise _unknown("customer_id", "customer")
    if not row[4] and (only is None or "customer_id" in only):
        raise Invalid(
            "customer_inactive",
            f"{row[2]} is no longer active. Choose another customer, or activate it again.",
            fields={"customer_id": "is no longer active"},
        )
    addresses, contacts = from_json(row[18]), from_json(row[19])
    party = Party(
        customer_id=row[0],
        number=row[1],
        name=row[2],
        status=row[3],
        default_currency=row[5],
        order_lead_id=row[17],
        terms=Terms(row[7], row[9], row[11], row[13], row[15], row[6]),
        bill_to=_address(bill_to, addresses, "is_bill_to", "bill_to"),
        ship_to=_address(ship_to, addresses, "is_ship_to", "ship_to"),
        acknowledgement_contacts=[one for one in contacts if one["order_confirmation"]],
        invoice_contacts=[one for one in contacts if one["invoice"]],
        names=Names(*row[21:]),
    )
    if not lenient:
        _check_complete(row, party, order_lead_id, only)
        _check_po_number(row[20], customer_po_number)
    return party


def _read(
    by: Caller,
    customer_id: UUID,
    order_lead_id: UUID | None,
    *,
    chosen: Terms,
    customer_po_number: str,
    order_id: UUID | None,
    held: bool,
) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.PARTY_HELD if held else sql.PARTY,
            {
                "organization": by.organization_id,
                "customer": customer_id,
                "order_lead": order_lead_id,
                "payment_term": chosen.payment_term_id,
                "shipping_term": chosen.shipping_term_id,
                "carrier": chosen.carrier_id,
                "carrier_option": chosen.carrier_option_id,
                "sales_rep": chosen.sales_rep_id,
                "priority": chosen.priority,
                "customer_po_number": customer_po_number,
                "order": order_id,
            },
        )
        return cursor.fetchone()


def _check_complete(
    row: Any, party: Party, order_lead_id: UUID | None, only: Collection[str] | None
) -> None:
    found = {"payment_term_id": row[8], "shipping_term_id": row[10], "carrier_id": row[12]}
    for name, noun in _NEEDED.items():
        if getattr(party.terms, name) is None:
            message = f"Choose the {noun}: neither the order nor the customer names one."
            raise Invalid(f"{name[:-3]}_missing", message, fields={name: f"choose a {noun}"})
        if not found[name] and _changes(name, only):
            raise _unknown(name, noun)
    option, rep = party.terms.carrier_option_id, party.terms.sales_rep_id
    if option is not None and not row[14] and _changes("carrier_option_id", only):
        raise _unknown("carrier_option_id", "option of this carrier")
    if rep is not None and not row[16] and _changes("sales_rep_id", only):
        raise _unknown("sales_rep_id", "sales rep")
    if order_lead_id is not None and not party.order_lead_id and _changes("order_lead_id", only):
        raise _unknown("order_lead_id", "person")
    for name in ("bill_to", "ship_to"):
        if getattr(party, name) is None:
            message = f"{party.name} has no address yet. Add one to the customer, or give it here."
            raise Invalid("address_missing", message, fields={name: "an address is needed"})


def _changes(name: str, only: Collection[str] | None) -> bool:
    return only is None or name in only


def _check_po_number(other: str | None, customer_po_number: str) -> None:
    if other is not None:
        raise Conflict(
            "duplicate_po_number",
            f"Order {other} of this customer has the PO number {customer_po_number} already. "
            "Open that order, or correct the number.",
            fields={"customer_po_number": f"used by {other}"},
            details={"order": other},
        )


def _address(
    given: Mapping[str, Any] | None,
    stored: list[dict[str, Any]],
    flag: str,
    field: str,
) -> dict[str, Any] | None:
    """A snapshot: the address given, else the customer's default, else the first that is flagged,
    else the first."""
    if given is not None:
        return read_address(given, field)
    chosen = next(
        (one for name in (f"default_{field}", flag) for one in stored if one[name]),
        stored[0] if stored else None,
    )
    return {name: chosen[name] for name in ADDRESS_FIELDS} if chosen else None


def read_address(given: Mapping[str, Any], field: str) -> dict[str, Any]:
    """An address as sent, checked. Raises Invalid with the field."""
    address = {
        name: check_text(given.get(name) or "", f"{field}.{name}", longest=200).strip()
        for name in (*ADDRESS_FIELDS, "name")
    }
    address["label"] = address["label"] or address["name"] or address["city"]
    del address["name"]
    country = address["country"].upper()
    if len(country) != 2 or not (country.isascii() and country.isalpha()):
        raise Invalid(
            "invalid_country",
            "The address needs its country as two letters, like US or DE.",
            fields={f"{field}.country": "Two letters, like US or DE."},
        )
    return {**address, "country": country}


def _unknown(field: str, noun: str) -> Invalid:
    return Invalid(
        f"unknown_{field.removesuffix('_id')}",
        f"There is no such {noun}. Choose one from the list.",
        fields={field: f"there is no such {noun}"},
    )


def check_can_ship_to(address: Mapping[str, Any]) -> None:
    """Goods need a street, a city and a postal code to go to (domain 1.5).

    Raises Conflict `incomplete_address` with the fields.
    """
    needed = {"street_1": "street", "city": "city", "postal_code": "postal code"}
    missing = {name: noun for name, noun in needed.items() if not address.get(name)}
    if missing:
        raise Conflict(
            "incomplete_address",
            f"The address to ship to has no {' and no '.join(missing.values())}. "
            "Complete it, then ship.",
            fields={f"ship_to.{name}": f"a {noun} is needed" for name, noun in missing.items()},
        )
