"""Reads of the catalog that go beyond one table: customers with their codes, groups with lines."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models.functions import Lower

from orderwright.activity import records
from orderwright.activity.rows import read
from orderwright.catalog.kinds import PRODUCT, ProductRow
from orderwright.catalog.models import ItemCode, LineAccess, Product
from orderwright.directory import queries as directory
from orderwright.directory.kinds import CUSTOMER_GROUP, CustomerGroupRow
from orderwright.directory.queries import CustomerRecord
from orderwright.identity.caller import Caller


@dataclass(frozen=True, slots=True)
class ItemCodeRow:
    """What a customer calls one of our products."""

    id: UUID
    customer_id: UUID
    code: str
    product_id: UUID
    product_sku: str
    product_name: str


@dataclass(frozen=True, slots=True)
class Buyer:
    """A customer with its codes for our products."""

    customer: CustomerRecord
    item_codes: tuple[ItemCodeRow, ...]

    @property
    def id(self) -> UUID:
        """The customer's id."""
        return self.customer.id


@dataclass(frozen=True, slots=True)
class BuyerGroup:
    """A group with the product lines that it is limited to; none means all."""

    row: CustomerGroupRow
    product_line_ids: tuple[UUID, ...]

    @property
    def id(self) -> UUID:
        """The group's id."""
        return self.row.id


def buyers(
    *,
    by: Caller,
    q: str | None = None,
    filters: Mapping[str, Any] | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Buyer]:
    """Customers newest first, one more than `limit` when there are more. Four statements.

    Raises Forbidden without `customers:read`.
    """
    return _with_codes(
        by, directory.customers(by=by, q=q, filters=filters, before=before, limit=limit)
    )


def buyer(*, by: Caller, record_id: UUID) -> Buyer:
    """One customer. Raises Forbidden, NotFound. Four statements."""
    return _with_codes(by, [directory.customer(by=by, record_id=record_id)])[0]


def groups(
    *,
    by: Caller,
    q: str | None = None,
    filters: Mapping[str, Any] | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[BuyerGroup]:
    """Groups newest first, one more than `limit` when there are more. Two statements."""
    return _with_lines(
        by,
        records.listed(
            by=by, kind=CUSTOMER_GROUP, q=q, filters=filters, before=before, limit=limit
        ),
    )


def group(*, by: Caller, record_id: UUID) -> BuyerGroup:
    """One group. Raises Forbidden, NotFound. Two statements."""
    return _with_lines(by, [records.one(by=by, kind=CUSTOMER_GROUP, record_id=record_id)])[0]


def item_codes_of(*, by: Caller, customer_ids: Iterable[UUID]) -> dict[UUID, list[ItemCodeRow]]:
    """The codes of these customers, by customer. One statement. Raises Forbidden."""
    by.must("customers:read")
    rows = ItemCode.objects.of(by.organization_id).filter(customer_id__in=list(customer_ids))
    joined = {"product_sku": "product__sku", "product_name": "product__name"}
    found: dict[UUID, list[ItemCodeRow]] = defaultdict(list)
    for row in read(rows.order_by("pk"), ItemCodeRow, joined):
        found[row.customer_id].append(row)
    return found


def codes_of_product(
    *, by: Caller, product_id: UUID, limit: int = 20
) -> list[tuple[UUID, str, str]]:
    """What customers call a product: (customer's id, its name, the code), by name. One statement.

    Raises Forbidden without `contacts:read`: who only ships does not see them.
    """
    by.must("contacts:read")
    rows = ItemCode.objects.of(by.organization_id).filter(product_id=product_id)
    named = rows.order_by("customer__name", "code")
    return list(named.values_list("customer_id", "customer__name", "code")[:limit])


def products_by_code(by: Caller, codes: Iterable[str]) -> dict[str, ProductRow]:
    """The active products with these SKUs, in any case, by the code as it was given. One statement.
    Raises Forbidden."""
    by.must("products:read")
    wanted: dict[str, list[str]] = defaultdict(list)
    for code in codes:
        wanted[code.strip().lower()].append(code)
    rows = (
        Product.objects.of(by.organization_id)
        .active()
        .annotate(lower_sku=Lower("sku"))
        .filter(lower_sku__in=list(wanted))
    )
    return {
        code: row
        for row in read(rows, PRODUCT.row, PRODUCT.joined)
        for code in wanted[row.sku.lower()]
    }


def sees_prices(by: Caller) -> bool:
    """Whether base prices are shown: a matter of commerce, or of discounts (domain 1.2)."""
    return by.may("orders_commercial:read") or by.may("discounts:read")


def sees_costs(by: Caller) -> bool:
    """Whether unit costs are shown (domain 1.2)."""
    return by.may("orders_commercial:read")


def _with_codes(by: Caller, customers: Sequence[CustomerRecord]) -> list[Buyer]:
    found = item_codes_of(by=by, customer_ids=[customer.id for customer in customers])
    return [Buyer(customer, tuple(found[customer.id])) for customer in customers]


def _with_lines(by: Caller, rows: Sequence[CustomerGroupRow]) -> list[BuyerGroup]:
    access = LineAccess.objects.of(by.organization_id).filter(group_id__in=[row.id for row in rows])
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for group_id, line_id in access.order_by("pk").values_list("group_id", "product_line_id"):
        found[group_id].append(line_id)
    return [BuyerGroup(row, tuple(found[row.id])) for row in rows]
