"""The kinds of records of the directory: their rows as reads answer them, and their rules."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Final
from uuid import UUID

from orderwright.activity.kinds import Belonging, Kind, Values
from orderwright.directory import finding, rules
from orderwright.directory.checks import check_customer, complete_customer
from orderwright.directory.models import (
    Address,
    Carrier,
    CarrierOption,
    Contact,
    Customer,
    CustomerGroup,
    PaymentTerm,
    ShippingTerm,
    Staff,
)
from orderwright.identity.caller import Caller
from orderwright.identity.models import User
from orderwright.kernel.fields import flag
from orderwright.kernel.shapes import Shape

_ACTIVE: Final = Shape({"is_active": flag()})


@dataclass(frozen=True, slots=True)
class StaffRow:
    """A person of the organization."""

    id: UUID
    version: int
    nickname: str
    first_name: str
    last_name: str
    email: str
    phone: str
    department: str
    designation: str
    user_id: UUID | None
    is_active: bool
    created_at: datetime
    updated_at: datetime


STAFF: Final = Kind(
    model=Staff,
    noun="staff",
    area="settings",
    shape=rules.STAFF,
    row=StaffRow,
    open_to_all=True,
    searched=("nickname", "first_name", "last_name", "email"),
    filters=_ACTIVE,
    references={"user_id": User},
)


@dataclass(frozen=True, slots=True)
class PaymentTermRow:
    """When an invoice is due."""

    id: UUID
    version: int
    code: str
    name: str
    net_days: int | None
    timing: str
    is_system: bool
    is_default: bool
    is_active: bool
    created_at: datetime
    updated_at: datetime


def _check_payment_term(by: Caller, values: Values, changed: Collection[str]) -> None:
    rules.check_payment_term(values)


PAYMENT_TERM: Final = Kind(
    model=PaymentTerm,
    noun="payment term",
    area="settings",
    shape=rules.PAYMENT_TERM,
    row=PaymentTermRow,
    open_to_all=True,
    searched=("code", "name"),
    filters=_ACTIVE,
    check=_check_payment_term,
    kept_of_system=frozenset({"is_default", "is_active"}),
)


@dataclass(frozen=True, slots=True)
class ShippingTermRow:
    """Who pays freight; money in `currency`."""

    id: UUID
    version: int
    name: str
    type: str
    flat_rate: Decimal | None
    minimum_order_value: Decimal | None
    free_freight_threshold: Decimal | None
    free_option_ids: list[UUID]
    currency: str
    is_system: bool
    is_default: bool
    is_active: bool
    created_at: datetime
    updated_at: datetime


def _check_shipping_term(by: Caller, values: Values, changed: Collection[str]) -> None:
    rules.check_shipping_term(values)


def _complete_shipping_term(by: Caller, values: Values) -> Values:
    return {**values, "currency": values["currency"] or by.organization.default_currency}


SHIPPING_TERM: Final = Kind(
    model=ShippingTerm,
    noun="shipping term",
    area="settings",
    shape=rules.SHIPPING_TERM,
    row=ShippingTermRow,
    open_to_all=True,
    filters=_ACTIVE,
    references={"free_option_ids": CarrierOption},
    complete=_complete_shipping_term,
    check=_check_shipping_term,
    kept_of_system=frozenset({"is_default", "is_active", "currency"}),
)


@dataclass(frozen=True, slots=True)
class CarrierRow:
    """Who moves the goods."""

    id: UUID
    version: int
    name: str
    code: str
    kind: str
    is_enabled: bool
    is_default: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CarrierOptionRow:
    """A service level; rates are money in the organization's currency."""

    id: UUID
    carrier_id: UUID
    code: str
    name: str
    is_default: bool
    transit_days: int | None
    rate_base: Decimal | None
    rate_per_kg: Decimal | None


def _check_carrier(by: Caller, values: Values, changed: Collection[str]) -> None:
    rules.check_options(values.get("options", ()))


CARRIER: Final = Kind(
    model=Carrier,
    noun="carrier",
    area="settings",
    shape=rules.CARRIER,
    row=CarrierRow,
    open_to_all=True,
    searched=("name", "code"),
    filters=Shape({"is_enabled": flag()}),
    belongings={"options": Belonging(CarrierOption, "carrier_id")},
    check=_check_carrier,
    secrets=frozenset({"webhook_secret"}),
)


@dataclass(frozen=True, slots=True)
class CustomerGroupRow:
    """A type group or a pricing group."""

    id: UUID
    version: int
    name: str
    type: str
    description: str
    free_freight: bool
    commission_exempt: bool
    created_at: datetime
    updated_at: datetime


CUSTOMER_GROUP: Final = Kind(
    model=CustomerGroup,
    noun="customer group",
    area="customers",
    shape=rules.CUSTOMER_GROUP,
    row=CustomerGroupRow,
    filters=Shape({"type": rules.CUSTOMER_GROUP.fields["type"]}),
)


@dataclass(frozen=True, slots=True)
class CustomerRow:
    """Who buys from us; `credit_limit` is money in its default currency."""

    id: UUID
    version: int
    number: str
    name: str
    first_name: str
    last_name: str
    nickname: str
    email: str
    phone: str
    website: str
    number_of_employees: int | None
    customer_since: date | None
    notes: str
    status: str
    type_group_id: UUID | None
    type_group_name: str | None
    pricing_group_ids: list[UUID]
    parent_id: UUID | None
    parent_number: str | None
    parent_name: str | None
    payment_term_id: UUID | None
    shipping_term_id: UUID | None
    carrier_id: UUID | None
    carrier_option_id: UUID | None
    priority: str
    sales_rep_id: UUID | None
    bill_to_address_id: UUID | None
    ship_to_address_id: UUID | None
    carrier_billing_type: str
    carrier_billing_account: str
    free_freight: bool
    commission_exempt: bool
    credit_limit: Decimal | None
    default_currency: str
    tax_exempt: bool
    tax_rate: Decimal | None
    tax_number: str
    is_active: bool
    created_at: datetime
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class AddressRow:
    """A place of a customer."""

    id: UUID
    customer_id: UUID
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


@dataclass(frozen=True, slots=True)
class ContactRow:
    """A person at a customer, with two wishes for mail."""

    id: UUID
    customer_id: UUID
    first_name: str
    last_name: str
    email: str
    order_confirmation: bool
    invoice: bool


CUSTOMER: Final = Kind(
    model=Customer,
    noun="customer",
    area="customers",
    shape=rules.CUSTOMER,
    row=CustomerRow,
    joined={
        "type_group_name": "type_group__name",
        "parent_number": "parent__number",
        "parent_name": "parent__name",
    },
    searched=("name", "number", "email"),
    finder=finding.LISTED,
    filters=rules.CUSTOMER_FILTERS,
    references={
        "payment_term_id": PaymentTerm,
        "shipping_term_id": ShippingTerm,
        "carrier_id": Carrier,
        "carrier_option_id": CarrierOption,
        "sales_rep_id": Staff,
        "bill_to_address_id": Address,
        "ship_to_address_id": Address,
    },
    belongings={
        "addresses": Belonging(Address, "customer_id"),
        "contacts": Belonging(Contact, "customer_id"),
    },
    complete=complete_customer,
    check=check_customer,
)
