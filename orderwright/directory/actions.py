"""Customers: make them, change them, hold them. Simple records go through `activity.records`."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import F

from orderwright.activity import actions as activity
from orderwright.activity import records
from orderwright.directory import rules, watchers
from orderwright.directory.kinds import CUSTOMER
from orderwright.directory.models import Address, Customer
from orderwright.identity.caller import Caller


def create_customer(*, by: Caller, sent: Mapping[str, Any]) -> UUID:
    """A new customer from the fields of `rules.CUSTOMER_AS_SENT`; without a number it gets one.

    Raises Forbidden, Invalid with the fields, Conflict `duplicate` for a number that is taken.
    """
    _must_see_what_is_sent(by, sent)
    with rules.naming_as_sent():
        flat = rules.without_nesting(sent)
        by.must(CUSTOMER.permission("create"))
        values = CUSTOMER.shape.of_new(flat)
        rules.check_addresses(values["addresses"])
        return records.insert(by, CUSTOMER, values)


def change_customer(
    *,
    by: Caller,
    customer_id: UUID,
    sent: Mapping[str, Any],
    version: int | None = None,
) -> None:
    """Change what was sent; lists replace what is there, rows that name their `id` stay.

    A new status goes through `change_customer_status`. Raises Forbidden, NotFound, Invalid with
    the fields, Conflict `stale_version`, `duplicate` or `in_use`.
    """
    _must_see_what_is_sent(by, sent)
    by.must(CUSTOMER.permission("update"))
    current = records.locked(by, CUSTOMER, customer_id, version=version)
    with rules.naming_as_sent():
        values = CUSTOMER.shape.of_change(rules.without_nesting(sent))
        status = values.pop("status", current.status)
        values["number"] = values.get("number") or current.number
        rules.check_addresses(_as_they_will_be(by, customer_id, values.get("addresses", ())))
        values |= _let_go_of_addresses(by, current, values)
        records.update(by, CUSTOMER, current, values)
    _move_status(by, current, status, reason="")


def change_customer_status(
    *,
    by: Caller,
    customer_id: UUID,
    status: str,
    reason: str = "",
    version: int | None = None,
) -> None:
    """Hold, prefer or release a customer; takes effect at once on all open orders (domain 2.8).

    Records `customer.status_changed` with before, after and reason; nothing when it is the same.
    Raises Forbidden, NotFound, Invalid, Conflict `stale_version`.
    """
    by.must(CUSTOMER.permission("update"))
    current = records.locked(by, CUSTOMER, customer_id, version=version)
    wanted = CUSTOMER.shape.of_change({"status": status})["status"]
    _move_status(by, current, wanted, reason=reason)


def remove_customer(*, by: Caller, customer_id: UUID) -> None:
    """Delete a customer that has no orders, prices or children.

    Raises Forbidden, NotFound, Conflict `in_use`.
    """
    records.remove(by=by, kind=CUSTOMER, record_id=customer_id)


def _as_they_will_be(
    by: Caller, customer_id: UUID, sent: Sequence[Mapping[str, Any]]
) -> list[Mapping[str, Any]]:
    """The addresses that were sent, those that are kept over what they hold. One statement."""
    if not any(row.get("id") for row in sent):
        return list(sent)
    mine = Address.objects.of(by.organization_id).filter(customer_id=customer_id)
    held = {row["id"]: row for row in mine.values("id", *rules.ADDRESS.fields)}
    return [held.get(row.get("id"), {}) | row for row in sent]


def _let_go_of_addresses(
    by: Caller, current: Customer, values: Mapping[str, Any]
) -> dict[str, Any]:
    """A default address that goes is no default any more; what refers to it goes first."""
    if "addresses" not in values:
        return {}
    kept = {row.get("id") for row in values["addresses"]}
    names = ("bill_to_address_id", "ship_to_address_id")
    lost = {name: None for name in names if getattr(current, name) not in {None, *kept}}
    if lost:
        Customer.objects.of(by.organization_id).filter(pk=current.pk).update(**lost)
    return {name: None for name in lost if values.get(name) not in kept}


def _move_status(by: Caller, current: Customer, status: str, *, reason: str) -> None:
    if status == current.status:
        return
    Customer.objects.of(by.organization_id).filter(pk=current.pk).update(
        status=status, version=F("version") + 1, updated_at=by.now
    )
    activity.record(
        by,
        "customer.status_changed",
        current.pk,
        body={
            "before": {"status": current.status},
            "after": {"status": status},
            "reason": reason,
        },
    )
    watchers.tell(by, current.pk)


def _must_see_what_is_sent(by: Caller, sent: Mapping[str, Any]) -> None:
    """Nobody writes what they may not read (domain 1.2)."""
    if "credit_limit" in sent:
        by.must("orders_commercial:update")
    if "contacts" in sent:
        by.must("contacts:update")
