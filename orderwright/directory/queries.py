"""Reads of the directory: carriers with their options, customers with all that belongs to them."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, Final
from uuid import UUID

from orderwright.activity import records
from orderwright.activity.kinds import Kind
from orderwright.activity.record_lists import page_of_records
from orderwright.activity.rows import read
from orderwright.directory import finding
from orderwright.directory.kinds import (
    CARRIER,
    CUSTOMER,
    AddressRow,
    CarrierOptionRow,
    CarrierRow,
    ContactRow,
    CustomerRow,
)
from orderwright.directory.models import Address, CarrierOption, Contact, Customer
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window

# A warehouse knows whom it ships to by name and number (domain 1.2); the rest is empty for it.
_SHOWN_TO_SHIP: Final = ("name", "number")
_KEPT: Final = ("id", "version", "is_active", "created_at", "updated_at", *_SHOWN_TO_SHIP)
_HIDDEN: Final = tuple(one.name for one in fields(CustomerRow) if one.name not in _KEPT)
_EMPTY: Final[Mapping[Any, Any]] = {str: "", bool: False, list[UUID]: []}
_BLANK: Final[dict[str, Any]] = {
    one.name: _EMPTY.get(one.type) for one in fields(CustomerRow) if one.name in _HIDDEN
}

_ADDRESS: Final = ("street_1", "street_2", "city", "state", "postal_code", "country")


@dataclass(frozen=True, slots=True)
class CarrierRecord:
    """A carrier with its service levels."""

    row: CarrierRow
    options: tuple[CarrierOptionRow, ...]

    @property
    def id(self) -> UUID:
        """The carrier's id."""
        return self.row.id


@dataclass(frozen=True, slots=True)
class CustomerRecord:
    """A customer with its addresses and contacts, as far as the caller may see them.

    `is_whole` False leaves what a warehouse needs (domain 1.2): name, number and the addresses to
    ship to. `shows_credit` says whether the credit limit may be shown.
    """

    row: CustomerRow
    addresses: tuple[AddressRow, ...]
    contacts: tuple[ContactRow, ...]
    is_whole: bool
    shows_credit: bool

    @property
    def id(self) -> UUID:
        """The customer's id."""
        return self.row.id


def carriers(
    *,
    by: Caller,
    q: str | None = None,
    filters: Mapping[str, Any] | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[CarrierRecord]:
    """Carriers newest first, one more than `limit` when there are more. Two statements."""
    return _with_options(
        by, records.listed(by=by, kind=CARRIER, q=q, filters=filters, before=before, limit=limit)
    )


def carriers_page(
    *, by: Caller, q: str | None, filters: Mapping[str, Any], window: Window
) -> Page[CarrierRecord]:
    """A page of carriers, sorted by their name or code. Two statements. Raises Forbidden."""
    found = page_of_records(by=by, kind=CARRIER, q=q, filters=filters, window=window)
    return replace(found, rows=_with_options(by, found.rows))


def carrier(*, by: Caller, record_id: UUID) -> CarrierRecord:
    """One carrier. Raises NotFound. Two statements."""
    return _with_options(by, [records.one(by=by, kind=CARRIER, record_id=record_id)])[0]


def customers(
    *,
    by: Caller,
    q: str | None = None,
    filters: Mapping[str, Any] | None = None,
    among: Collection[UUID] | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[CustomerRecord]:
    """Customers newest first, one more than `limit` when there are more; of those with the ids
    `among`, if given. Three statements.

    Raises Forbidden without `customers:read`.
    """
    kind = _seen(by, filters)
    found = records.listed(
        by=by, kind=kind, q=q, filters=filters, among=among, before=before, limit=limit
    )
    return _whole_customers(by, found)


def customers_page(
    *, by: Caller, q: str | None, filters: Mapping[str, Any], window: Window
) -> Page[CustomerRecord]:
    """A page of customers in the sort of the window: `name` or `number`. Three statements.

    Raises Forbidden without `customers:read`.
    """
    kind = _seen(by, filters)
    found = page_of_records(by=by, kind=kind, q=q, filters=filters, window=window)
    return replace(found, rows=_whole_customers(by, found.rows))


def customer(*, by: Caller, record_id: UUID) -> CustomerRecord:
    """One customer. Raises Forbidden, NotFound. Three statements."""
    return _whole_customers(by, [records.one(by=by, kind=CUSTOMER, record_id=record_id)])[0]


@dataclass(frozen=True, slots=True)
class BuyerFacts:
    """What an e-invoice says of a customer besides its name; `address` is where bills go."""

    tax_number: str
    is_exempt: bool
    address: Mapping[str, str]


def buyer_facts(by: Caller, customer_id: UUID) -> BuyerFacts:
    """The customer as its e-invoices need it, for who may see those; two statements."""
    row = Customer.objects.of(by.organization_id).get(pk=customer_id)
    places = Address.objects.of(by.organization_id).filter(customer_id=customer_id)
    first = min(
        places, key=lambda one: (one.pk != row.bill_to_address_id, not one.is_bill_to), default=None
    )
    address = {} if first is None else {name: getattr(first, name) for name in _ADDRESS}
    return BuyerFacts(row.tax_number, row.tax_exempt, address)


def _with_options(by: Caller, rows: Sequence[CarrierRow]) -> list[CarrierRecord]:
    options = CarrierOption.objects.of(by.organization_id).filter(
        carrier_id__in=[row.id for row in rows]
    )
    found = _grouped(read(options.order_by("pk"), CarrierOptionRow), "carrier_id")
    return [CarrierRecord(row=row, options=tuple(found[row.id])) for row in rows]


def sees_whole_customers(by: Caller) -> bool:
    """Whether more of customers is shown than a warehouse needs to ship (domain 1.2)."""
    return by.may("contacts:read")


def _seen(by: Caller, filters: Mapping[str, Any] | None) -> Kind:
    """How the caller may look for customers: who only ships finds them by name and number, not by
    what is hidden. Raises Forbidden for a filter by something that is."""
    if sees_whole_customers(by):
        return CUSTOMER
    if any(value not in (None, "") for name, value in (filters or {}).items() if name in _HIDDEN):
        by.must("contacts:read")
    return replace(CUSTOMER, finder=finding.LISTED_BY_NAME, searched=_SHOWN_TO_SHIP)


def _for_shipping(row: CustomerRow) -> CustomerRow:
    """The row without what a warehouse does not see."""
    return replace(row, **_BLANK)


def _whole_customers(by: Caller, rows: Sequence[CustomerRow]) -> list[CustomerRecord]:
    ids = [row.id for row in rows]
    is_whole = sees_whole_customers(by)
    addresses = Address.objects.of(by.organization_id).filter(customer_id__in=ids).order_by("pk")
    contacts = Contact.objects.of(by.organization_id).filter(customer_id__in=ids).order_by("pk")
    if not is_whole:
        addresses, contacts = addresses.filter(is_ship_to=True), contacts.none()
    places = _grouped(read(addresses, AddressRow), "customer_id")
    people = _grouped(read(contacts, ContactRow), "customer_id")
    return [
        CustomerRecord(
            row=row if is_whole else _for_shipping(row),
            addresses=tuple(places[row.id]),
            contacts=tuple(people[row.id]),
            is_whole=is_whole,
            shows_credit=by.may("orders_commercial:read"),
        )
        for row in rows
    ]


def _grouped(rows: Iterable[Any], owner: str) -> dict[UUID, list[Any]]:
    found: dict[UUID, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, owner)].append(row)
    return found
