"""Reads of pricing that go beyond one table: how often codes are used, prices of one customer."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.db.models import Count, Q

from orderwright.activity import records
from orderwright.activity.record_lists import page_of_records
from orderwright.activity.rows import read
from orderwright.directory.models import Customer
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window
from orderwright.pricing.kinds import (
    CUSTOMER_PRICE,
    DISCOUNT_CODE,
    CustomerPriceRow,
    DiscountCodeRow,
)
from orderwright.pricing.models import CustomerPrice, Redemption


@dataclass(frozen=True, slots=True)
class CodeInUse:
    """A discount code and how many orders use it."""

    row: DiscountCodeRow
    times_used: int

    @property
    def id(self) -> UUID:
        """The code's id."""
        return self.row.id


def codes(
    *,
    by: Caller,
    q: str | None = None,
    filters: Mapping[str, Any] | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[CodeInUse]:
    """Discount codes newest first, one more than `limit` when there are more. Two statements.

    Raises Forbidden without `discounts:read`.
    """
    return _with_use(
        by,
        records.listed(by=by, kind=DISCOUNT_CODE, q=q, filters=filters, before=before, limit=limit),
    )


def codes_page(
    *, by: Caller, q: str | None, filters: Mapping[str, Any], window: Window
) -> Page[CodeInUse]:
    """A page of discount codes, sorted by their code or name. Two statements. Raises Forbidden."""
    found = page_of_records(by=by, kind=DISCOUNT_CODE, q=q, filters=filters, window=window)
    return replace(found, rows=_with_use(by, found.rows))


def code(*, by: Caller, record_id: UUID) -> CodeInUse:
    """One discount code. Raises Forbidden, NotFound. Two statements."""
    return _with_use(by, [records.one(by=by, kind=DISCOUNT_CODE, record_id=record_id)])[0]


def prices_for_customer(
    *, by: Caller, customer_id: UUID, parent_id: UUID | None, limit: int = 50
) -> list[CustomerPriceRow]:
    """The active prices that can apply to a customer: its own first, then its parent's, newest
    first (domain 5.2). One statement. Raises Forbidden without `discounts:read`."""
    by.must("discounts:read")
    rows = (
        CustomerPrice.objects.of(by.organization_id)
        .active()
        .filter(Q(customer_id=customer_id) | Q(customer_id=parent_id))
    )
    found = read(rows.newest_first(), CUSTOMER_PRICE.row, CUSTOMER_PRICE.joined, limit=limit)
    return sorted(found, key=lambda row: row.customer_id != customer_id)


def prices_for_line(
    *, by: Caller, product_line_id: UUID, limit: int = 50
) -> list[CustomerPriceRow]:
    """The active customer prices of a product line, newest first. One statement.

    Raises Forbidden without `discounts:read`.
    """
    by.must("discounts:read")
    rows = CustomerPrice.objects.of(by.organization_id).active()
    rows = rows.filter(product_line_id=product_line_id).newest_first()
    return read(rows, CUSTOMER_PRICE.row, CUSTOMER_PRICE.joined, limit=limit)


def customer_names(*, by: Caller, customer_ids: Collection[UUID]) -> dict[UUID, str]:
    """What the customers that a code is for are called. One statement. Raises Forbidden."""
    by.must("customers:read")
    rows = Customer.objects.of(by.organization_id).with_ids(customer_ids)
    return dict(rows.values_list("pk", "name"))


def _with_use(by: Caller, rows: Sequence[DiscountCodeRow]) -> list[CodeInUse]:
    uses = Redemption.objects.of(by.organization_id).filter(code_id__in=[row.id for row in rows])
    counted = dict(uses.values_list("code_id").annotate(times=Count("pk")))
    return [CodeInUse(row, counted.get(row.id, 0)) for row in rows]
