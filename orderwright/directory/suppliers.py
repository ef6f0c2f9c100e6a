"""Suppliers: who sells to us, as people set them up (domain 1.4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID

from orderwright.activity.kinds import Belonging, Kind, Values
from orderwright.directory.models import (
    Carrier,
    PaymentTerm,
    ShippingTerm,
    Supplier,
    SupplierAddress,
)
from orderwright.directory.rules import ADDRESS, check_addresses
from orderwright.identity import sql as identity
from orderwright.identity.caller import Caller
from orderwright.kernel.fields import (
    currency,
    day,
    email,
    flag,
    identifier,
    name,
    note,
    phone,
    text,
    website,
    whole_number,
)
from orderwright.kernel.lists import rows
from orderwright.kernel.shapes import Shape

SUPPLIER_FIELDS: Final = Shape(
    {
        "name": name(200),
        "number": text(40),
        "first_name": text(80),
        "last_name": text(80),
        "email": email(),
        "phone": phone(),
        "nickname": text(80),
        "website": website(),
        "notes": note(),
        "number_of_employees": whole_number(0, 10_000_000),
        "relationship_start": day(),
        "payment_term_id": identifier(),
        "shipping_term_id": identifier(),
        "carrier_id": identifier(),
        "default_currency": currency(),
        "is_active": flag(default=True),
        "addresses": rows(ADDRESS),
    }
)


@dataclass(frozen=True, slots=True)
class SupplierRow:
    """Who sells to us."""

    id: UUID
    version: int
    number: str
    name: str
    first_name: str
    last_name: str
    email: str
    phone: str
    nickname: str
    website: str
    notes: str
    number_of_employees: int | None
    relationship_start: date | None
    payment_term_id: UUID | None
    shipping_term_id: UUID | None
    carrier_id: UUID | None
    default_currency: str
    is_active: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class SupplierAddressRow:
    """A place of a supplier."""

    id: UUID
    supplier_id: UUID
    label: str
    street_1: str
    street_2: str
    city: str
    state: str
    postal_code: str
    country: str
    phone: str
    email: str
    is_drop_ship: bool
    is_bill_to: bool
    is_ship_to: bool


def supplier_number(count: int) -> str:
    """The number that a supplier gets by itself: V00001."""
    return f"V{count:05d}"


def _complete(by: Caller, values: Values) -> Values:
    return values if values["number"] else {**values, "number": _free_number(by)}


def _free_number(by: Caller) -> str:
    """The next number that nobody has typed in already."""
    while True:
        number = supplier_number(identity.take_number("supplier"))
        if not Supplier.objects.of(by.organization_id).filter(number__iexact=number).exists():
            return number


def _check(by: Caller, values: Values, changed: Collection[str]) -> None:
    check_addresses(values.get("addresses", ()))


SUPPLIER: Final = Kind(
    model=Supplier,
    noun="supplier",
    area="suppliers",
    shape=SUPPLIER_FIELDS,
    row=SupplierRow,
    searched=("name", "number", "email"),
    filters=Shape({"is_active": flag()}),
    references={
        "payment_term_id": PaymentTerm,
        "shipping_term_id": ShippingTerm,
        "carrier_id": Carrier,
    },
    belongings={"addresses": Belonging(SupplierAddress, "supplier_id")},
    complete=_complete,
    check=_check,
)
