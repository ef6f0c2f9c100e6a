"""Whom a purchase order goes to and on what terms: the supplier's, overridden by what is given."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Invalid
from orderwright.kernel.json_text import from_json
from orderwright.purchasing import sql
from orderwright.sales.party import read_address


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was chosen for an order; None takes the supplier's, then the organization's."""

    order_lead_id: UUID | None = None
    payment_term_id: UUID | None = None
    shipping_term_id: UUID | None = None
    carrier_id: UUID | None = None
    location_id: UUID | None = None
    bill_to: Mapping[str, Any] | None = None
    ship_to: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Party:
    """The supplier of an order with everything that the order copies."""

    supplier_id: UUID
    number: str
    name: str
    email: str
    is_active: bool
    default_currency: str
    payment_term_id: UUID | None
    shipping_term_id: UUID | None
    carrier_id: UUID | None
    order_lead_name: str
    location_id: UUID | None
    location_name: str | None
    payment_term_name: str | None
    shipping_term_name: str | None
    carrier_name: str | None
    bill_to: dict[str, Any]
    ship_to: dict[str, Any]


def read_party(by: Caller, supplier_id: UUID, chosen: Chosen) -> Party:
    """The supplier with the order's terms and addresses; one statement.

    Goods go to the location, the bill to the organization itself. Raises Invalid with the field
    for an unknown or inactive supplier, lead, location, term or carrier.
    """
    row = _read(by, supplier_id, chosen)
    if row is None:
        raise _unknown("supplier_id", "supplier")
    if not row[4]:
        message = f"{row[2]} is no longer active. Choose another supplier, or activate it again."
        raise Invalid("supplier_inactive", message, fields={"supplier_id": message})
    if row[10] is None:
        raise _unknown("order_lead_id", "person")
    location = from_json(row[11]) if row[11] else None
    if chosen.location_id is not None and (location is None or not location["is_active"]):
        raise _unknown("location_id", "location")
    for value, name, field, noun in (
        (chosen.payment_term_id, row[12], "payment_term_id", "payment term"),
        (chosen.shipping_term_id, row[13], "shipping_term_id", "shipping term"),
        (chosen.carrier_id, row[14], "carrier_id", "carrier"),
    ):
        if value is not None and name is None:
            raise _unknown(field, noun)
    own = {"label": by.organization.name}
    bill_to, ship_to = chosen.bill_to, chosen.ship_to
    values = [
        *row[:9],
        row[10],
        UUID(location["id"]) if location else None,
        location["name"] if location else None,
        *row[12:15],
        own if bill_to is None else read_address(bill_to, "bill_to"),
        _address_of(by, location) if ship_to is None else read_address(ship_to, "ship_to"),
    ]
    return Party(*values)


def _read(by: Caller, supplier_id: UUID, chosen: Chosen) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.PARTY,
            {
                "organization": by.organization_id,
                "supplier": supplier_id,
                "order_lead": chosen.order_lead_id,
                "payment_term": chosen.payment_term_id,
                "shipping_term": chosen.shipping_term_id,
                "carrier": chosen.carrier_id,
                "location": chosen.location_id,
            },
        )
        return cursor.fetchone()


def _address_of(by: Caller, location: Mapping[str, Any] | None) -> dict[str, Any]:
    """A location as an address."""
    if location is None:
        return {"label": by.organization.name}
    return {
        "label": location["name"],
        "street_1": location["street"],
        "city": location["city"],
        "postal_code": location["postal_code"],
        "country": location["country"],
    }


def _unknown(field: str, noun: str) -> Invalid:
    message = f"There is no such {noun}. Choose one from the list."
    return Invalid(f"unknown_{field.removesuffix('_id')}", message, fields={field: message})
