"""What the records of the directory hold, and when they are sound (domain 1.2 to 1.7, 1.18)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, Final
from uuid import UUID

from orderwright.kernel.errors import Conflict, Invalid, Refusal
from orderwright.kernel.fields import (
    choice,
    country,
    currency,
    day,
    email,
    flag,
    fraction,
    identifier,
    name,
    note,
    phone,
    price,
    tax_number,
    text,
    website,
    whole_number,
)
from orderwright.kernel.lists import identifiers, nested, rows
from orderwright.kernel.shapes import Shape, fixed, invalid, required

STATUSES: Final = ("normal", "preferred", "hold_shipment", "hold_all")
PRIORITIES: Final = ("low", "normal", "high")
BILLING_TYPES: Final = ("sender", "third_party", "recipient")
TIMINGS: Final = ("before_issue", "before_ship", "on_receipt", "on_delivery", "net")
SHIPPING_TERM_TYPES: Final = ("free_freight", "flat_rate_freight", "carrier_rate_freight")

STAFF: Final = Shape(
    {
        "nickname": name(),
        "first_name": text(80),
        "last_name": text(80),
        "email": email(),
        "phone": phone(),
        "department": text(80),
        "designation": text(80),
        "user_id": identifier(),
        "is_active": flag(default=True),
    }
)

PAYMENT_TERM: Final = Shape(
    {
        "code": name(20),
        "name": name(),
        "net_days": whole_number(0, 3650),
        "timing": choice(*TIMINGS, default="net"),
        "is_default": flag(),
        "is_active": flag(default=True),
    }
)

SHIPPING_TERM: Final = Shape(
    {
        "name": name(),
        "type": choice(*SHIPPING_TERM_TYPES),
        "flat_rate": price(),
        "minimum_order_value": price(),
        "free_freight_threshold": price(),
        "free_option_ids": identifiers(),
        "currency": currency(),
        "is_default": flag(),
        "is_active": flag(default=True),
    }
)

CARRIER_OPTION: Final = Shape(
    {
        "code": name(30),
        "name": name(),
        "is_default": flag(),
        "transit_days": whole_number(0, 365),
        "rate_base": price(),
        "rate_per_kg": price(),
    }
)

CARRIER: Final = Shape(
    {
        "name": name(),
        "code": text(30),
        "kind": choice("integrated", "custom", default="custom"),
        "is_enabled": flag(default=True),
        "is_default": flag(),
        "webhook_secret": text(100),
        "options": rows(CARRIER_OPTION),
    }
)

CUSTOMER_GROUP: Final = Shape(
    {
        "name": name(),
        "type": fixed(choice("type_group", "pricing_group")),
        "description": note(2000),
        "free_freight": flag(),
        "commission_exempt": flag(),
    }
)

ADDRESS: Final = Shape(
    {
        "label": name(),
        "street_1": text(200),
        "street_2": text(200),
        "city": text(100),
        "state": text(100),
        "postal_code": text(20),
        "country": required(country()),
        "phone": phone(),
        "email": email(),
        "is_drop_ship": flag(),
        "is_bill_to": flag(),
        "is_ship_to": flag(),
    }
)

CONTACT: Final = Shape(
    {
        "first_name": name(),
        "last_name": name(),
        "email": required(email()),
        "order_confirmation": flag(),
        "invoice": flag(),
    }
)

# What fills a new order (domain 1.3); sent and answered under `defaults`.
ORDER_DEFAULTS: Final = Shape(
    {
        "payment_term_id": identifier(),
        "shipping_term_id": identifier(),
        "carrier_id": identifier(),
        "carrier_option_id": identifier(),
        "priority": choice(*PRIORITIES, default="normal"),
        "sales_rep_id": identifier(),
        "bill_to_address_id": identifier(),
        "ship_to_address_id": identifier(),
    }
)

_CUSTOMER_BEFORE_DEFAULTS: Final = {
    "name": name(200),
    "number": text(40),
    "first_name": text(80),
    "last_name": text(80),
    "nickname": text(80),
    "email": email(),
    "phone": phone(),
    "website": website(),
    "number_of_employees": whole_number(0, 10_000_000),
    "customer_since": day(),
    "notes": note(),
    "status": choice(*STATUSES, default="normal"),
    "type_group_id": identifier(),
    "pricing_group_ids": identifiers(),
    "parent_id": identifier(),
}
_CUSTOMER_AFTER_DEFAULTS: Final = {
    "carrier_billing_type": choice(*BILLING_TYPES, default="sender"),
    "carrier_billing_account": text(60),
    "free_freight": flag(),
    "commission_exempt": flag(),
    "credit_limit": price(),
    "default_currency": currency(),
    "tax_exempt": flag(),
    "tax_rate": fraction(zero=True),
    "tax_number": tax_number(),
    "is_active": flag(default=True),
    "addresses": rows(ADDRESS),
    "contacts": rows(CONTACT),
}
CUSTOMER: Final = Shape(
    {**_CUSTOMER_BEFORE_DEFAULTS, **ORDER_DEFAULTS.fields, **_CUSTOMER_AFTER_DEFAULTS}
)
# As people send it: the defaults stand together.
CUSTOMER_AS_SENT: Final = Shape(
    {
        **_CUSTOMER_BEFORE_DEFAULTS,
        "defaults": nested(ORDER_DEFAULTS),
        **_CUSTOMER_AFTER_DEFAULTS,
    }
)

CUSTOMER_FILTERS: Final = Shape(
    {
        "status": choice(*STATUSES, default=""),
        "is_active": flag(),
        "type_group_id": identifier(),
        "parent_id": identifier(),
        "sales_rep_id": identifier(),
    }
)


def customer_number(count: int) -> str:
    """The number that a customer gets by itself: C00001."""
    return f"C{count:05d}"


def without_nesting(sent: Mapping[str, Any]) -> dict[str, Any]:
    """A customer's fields as its table has them: those under `defaults` beside the others.

    Raises Invalid when `defaults` is no object.
    """
    defaults = sent.get("defaults")
    if defaults is not None and not isinstance(defaults, Mapping):
        raise invalid("invalid_input", "Give an object.", "defaults")
    flat = {name: held for name, held in sent.items() if name not in ORDER_DEFAULTS.fields}
    for field in ORDER_DEFAULTS.fields:
        if field in (defaults or {}):
            flat[field] = (defaults or {})[field]
    return flat


@contextmanager
def naming_as_sent() -> Iterator[None]:
    """Refusals in here name a default by its place: `defaults.carrier_id`."""
    try:
        yield
    except Refusal as refusal:
        refusal.fields = {
            f"defaults.{name}" if name in ORDER_DEFAULTS.fields else name: text
            for name, text in refusal.fields.items()
        }
        raise


def check_addresses(addresses: Sequence[Mapping[str, Any]]) -> None:
    """Goods need a street, a city and a postal code to go to (domain 1.5).

    Raises Invalid `incomplete_address`.
    """
    fields = {
        f"addresses.{index}.{part}": "An address to ship to needs this."
        for index, address in enumerate(addresses)
        if address.get("is_ship_to")
        for part in ("street_1", "city", "postal_code")
        if not address.get(part)
    }
    if fields:
        first = next(iter(fields))
        raise Invalid(
            "incomplete_address", f"{first}: An address to ship to needs this.", fields=fields
        )


def check_carrier_billing(customer: Mapping[str, Any]) -> None:
    """Who pays the carrier, when it is not the sender, has an account with it (domain 1.3).

    Raises Invalid `billing_account_missing`.
    """
    if customer["carrier_billing_type"] != "sender" and not customer["carrier_billing_account"]:
        sentence = "Give the account with the carrier that is billed."
        raise invalid("billing_account_missing", sentence, "carrier_billing_account")


def check_groups(
    types: Mapping[UUID, str], *, type_group_id: UUID | None, pricing_group_ids: Sequence[UUID]
) -> None:
    """One type group, any number of pricing groups (domain 1.3). `types` are those that exist.

    Raises Invalid `unknown_reference`, or `wrong_group_type` for a group of the other type.
    """
    wanted = [
        (f"pricing_group_ids.{i}", g, "pricing_group") for i, g in enumerate(pricing_group_ids)
    ]
    if type_group_id is not None:
        wanted.append(("type_group_id", type_group_id, "type_group"))
    for place, group_id, group_type in wanted:
        if group_id not in types:
            raise invalid("unknown_reference", "There is no such record.", place)
        if types[group_id] != group_type:
            sentence = f"This is not a {group_type.replace('_', ' ')}. Choose another."
            raise invalid("wrong_group_type", sentence, place)


def check_option_of_carrier(*, carrier_id: UUID | None, carrier_of_option: UUID | None) -> None:
    """A service level belongs to its carrier. Raises Invalid `wrong_carrier_option`."""
    if carrier_id != carrier_of_option:
        sentence = "This service level belongs to another carrier. Choose one of the carrier's own."
        raise invalid("wrong_carrier_option", sentence, "carrier_option_id")


def check_options(options: Sequence[Mapping[str, Any]]) -> None:
    """At most one service level is the carrier's default. Raises Invalid `two_defaults`."""
    chosen = [index for index, option in enumerate(options) if option.get("is_default")]
    if len(chosen) > 1:
        sentence = "Only one service level can be the default."
        raise invalid("two_defaults", sentence, f"options.{chosen[1]}.is_default")


def check_shipping_term(term: Mapping[str, Any]) -> None:
    """A flat rate has to be said (domain 5.5). Raises Invalid `flat_rate_missing`."""
    if term["type"] == "flat_rate_freight" and term["flat_rate"] is None:
        raise invalid("flat_rate_missing", "Say how much freight costs.", "flat_rate")


def check_payment_term(term: Mapping[str, Any]) -> None:
    """Net terms need their days (domain 1.18). Raises Invalid `net_days_missing`."""
    if term["timing"] == "net" and term["net_days"] is None:
        raise invalid("net_days_missing", "Say after how many days it is due.", "net_days")


def check_parents(customer_id: UUID | None, ancestors: Sequence[UUID]) -> None:
    """Nobody is their own parent, not by a detour either. Raises Invalid `circular_parent`."""
    if customer_id is not None and customer_id in ancestors:
        sentence = "This customer would be its own parent. Choose another."
        raise invalid("circular_parent", sentence, "parent_id")


def check_merge_request(target_id: UUID, source_ids: Sequence[UUID], *, most: int) -> None:
    """Somebody else becomes the target, and not too many at once. Raises Invalid."""
    if not source_ids:
        raise invalid("required", "Choose at least one customer to merge.", "source_ids")
    if len(set(source_ids)) > most:
        raise invalid("too_many", f"At most {most} customers can be merged at once.", "source_ids")
    if target_id in source_ids:
        place = f"source_ids.{list(source_ids).index(target_id)}"
        raise invalid("merges_itself", "A customer cannot be merged into itself.", place)


def check_all_known(source_ids: Sequence[UUID], known: Collection[UUID]) -> None:
    """Every source exists. Raises Invalid `unknown_reference` with the place."""
    for index, source_id in enumerate(source_ids):
        if source_id not in known:
            raise invalid("unknown_reference", "There is no such record.", f"source_ids.{index}")


def check_merge(source_ids: Sequence[UUID], ancestors_of_target: Sequence[UUID]) -> None:
    """A parent does not go into its own child. Raises Conflict `merges_parent`."""
    above = [one for one in source_ids if one in ancestors_of_target]
    if above:
        raise Conflict(
            "merges_parent",
            "The customer that would stay belongs to one that would go. Merge the child into its "
            "parent, or take the parent off the child first.",
            fields={f"source_ids.{list(source_ids).index(above[0])}": "It is the parent."},
        )
