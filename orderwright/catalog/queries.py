"""Reads of the catalog that go beyond one table."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from orderwright.activity.rows import read
from orderwright.catalog.models import ItemCode, LineAccess
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


def item_codes_of(*, by: Caller, customer_ids: Iterable[UUID]) -> dict[UUID, list[ItemCodeRow]]:
    """The codes of these customers, by customer. One statement."""
    by.must("customers:read")
    rows = ItemCode.objects.of(by.organization_id).filter(customer_id__in=list(customer_ids))
    found: dict[UUID, list[ItemCodeRow]] = defaultdict(list)
    joined = {"product_sku": "product__sku", "product_name": "product__name"}
    for row in read(rows.order_by("pk"), ItemCodeRow, joined):
        found[row.customer_id].append(row)
    return found


def lines_open_to(*, by: Caller, group_ids: Iterable[UUID]) -> dict[UUID, list[UUID]]:
    """The product lines that these groups are limited to, by group; one without any is free.

    One statement.
    """
    by.must("customers:read")
    rows = LineAccess.objects.of(by.organization_id).filter(group_id__in=list(group_ids))
    found: dict[UUID, list[UUID]] = defaultdict(list)
    for group_id, line_id in rows.order_by("pk").values_list("group_id", "product_line_id"):
        found[group_id].append(line_id)
    return found


def sees_prices(by: Caller) -> bool:
    """Whether base prices are shown: a matter of commerce, or of discounts (domain 1.2)."""
    return by.may("orders_commercial:read") or by.may("discounts:read")


def sees_costs(by: Caller) -> bool:
    """Whether unit costs are shown (domain 1.2)."""
    return by.may("orders_commercial:read")
