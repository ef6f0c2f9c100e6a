"""Products; and customers and groups together with what ties them to the catalog.

A customer has names of its own for our products; a group may be limited to some product lines.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import F

from orderwright.activity import actions as activity
from orderwright.activity import records
from orderwright.activity.kinds import Kind
from orderwright.activity.references import check_references, refusing_in_sentences
from orderwright.activity.rows import plain, replace_rows
from orderwright.catalog.kinds import PRODUCT
from orderwright.catalog.models import ItemCode, LineAccess, Product, ProductLine
from orderwright.catalog.rules import ITEM_CODES, PRODUCT_LINE_ACCESS
from orderwright.directory import actions as directory
from orderwright.directory.kinds import CUSTOMER, CUSTOMER_GROUP
from orderwright.directory.merging import Merge, drop_doubles
from orderwright.identity.caller import Caller

COMMERCIAL: Final = frozenset({"base_price", "currency", "price_unit", "unit_cost"})
_CODES: Final = "item_codes"
_ACCESS: Final = "product_line_access"


def create_product(*, by: Caller, sent: Mapping[str, Any]) -> UUID:
    """A new product from the fields of `rules.PRODUCT`. Answers its id.

    Raises Forbidden without `products:create`, or for prices without `orders_commercial:update`,
    Invalid with the fields, Conflict `duplicate` for an SKU that is taken.
    """
    _must_see_what_is_sent(by, sent)
    return records.create(by=by, kind=PRODUCT, sent=sent)


def change_product(
    *, by: Caller, product_id: UUID, sent: Mapping[str, Any], version: int | None = None
) -> None:
    """Change what was sent. Default unit and type are settled once something refers to it.

    Raises what `create_product` raises, NotFound, Conflict `stale_version` or `settled`.
    """
    _must_see_what_is_sent(by, sent)
    records.change(by=by, kind=PRODUCT, record_id=product_id, sent=sent, version=version)


def remove_product(*, by: Caller, product_id: UUID) -> None:
    """Delete a product that nothing refers to. Raises Forbidden, NotFound, Conflict `in_use`."""
    records.remove(by=by, kind=PRODUCT, record_id=product_id)


def create_buyer(*, by: Caller, sent: Mapping[str, Any]) -> UUID:
    """A new customer with its `item_codes` `[{code, product_id}]` if sent.

    Raises what `directory.actions.create_customer` raises, Conflict `duplicate` for equal codes.
    """
    customer_id = directory.create_customer(by=by, sent=sent)
    if sent.get(_CODES):
        _replace_item_codes(by, customer_id, sent[_CODES])
    return customer_id


def change_buyer(
    *, by: Caller, customer_id: UUID, sent: Mapping[str, Any], version: int | None = None
) -> None:
    """Change a customer; `item_codes` replace those that are there, as other lists do.

    Records `customer.item_codes_changed` when they differ. Raises what
    `directory.actions.change_customer` raises.
    """
    directory.change_customer(by=by, customer_id=customer_id, sent=sent, version=version)
    if _CODES in sent and _replace_item_codes(by, customer_id, sent[_CODES]):
        _raise_version(by, CUSTOMER, customer_id)


def let_codes_merge(by: Caller, merge: Merge) -> None:
    """Customers become one: of equal item codes that of the one that stays is kept."""
    drop_doubles(by, merge, ItemCode, "code")


def create_group(*, by: Caller, sent: Mapping[str, Any]) -> UUID:
    """A new customer group, limited to the product lines of `product_line_access` if sent.

    Raises Forbidden, Invalid with the fields, Conflict `duplicate`.
    """
    group_id = records.create(by=by, kind=CUSTOMER_GROUP, sent=sent)
    if sent.get(_ACCESS):
        _limit_group(by, group_id, sent[_ACCESS])
    return group_id


def change_group(
    *, by: Caller, group_id: UUID, sent: Mapping[str, Any], version: int | None = None
) -> None:
    """Change a group; no `product_line_access` means that it may order everything (domain 1.7).

    Records `customer_group.product_lines_changed` when that differs. Raises Forbidden, NotFound,
    Invalid with the fields, Conflict `stale_version`, `duplicate` or `settled`.
    """
    records.change(by=by, kind=CUSTOMER_GROUP, record_id=group_id, sent=sent, version=version)
    if _ACCESS in sent and _limit_group(by, group_id, sent[_ACCESS]):
        _raise_version(by, CUSTOMER_GROUP, group_id)


def _replace_item_codes(by: Caller, customer_id: UUID, sent: Any) -> bool:
    codes = ITEM_CODES.check(sent or [], _CODES)
    _check_products(by, codes)
    was, now = replace_rows(
        by=by,
        model=ItemCode,
        owner="customer_id",
        owner_id=customer_id,
        sent=codes,
        name=_CODES,
    )
    if was == now:
        return False
    body = {"before": plain(was), "after": plain(now)}
    activity.record(by, "customer.item_codes_changed", customer_id, body=body)
    return True


def _limit_group(by: Caller, group_id: UUID, sent: Any) -> bool:
    wanted = PRODUCT_LINE_ACCESS.check(sent or [], _ACCESS)
    check_references(by, {_ACCESS: ProductLine}, {_ACCESS: wanted})
    mine = LineAccess.objects.of(by.organization_id).filter(group_id=group_id)
    current = set(mine.values_list("product_line_id", flat=True))
    if current == set(wanted):
        return False
    with refusing_in_sentences():
        mine.exclude(product_line_id__in=wanted).delete()
        LineAccess.objects.bulk_create(
            LineAccess(organization_id=by.organization_id, group_id=group_id, product_line_id=line)
            for line in wanted
            if line not in current
        )
    body = {"before": plain(sorted(current)), "after": plain(sorted(wanted))}
    activity.record(by, "customer_group.product_lines_changed", group_id, body=body)
    return True


def _check_products(by: Caller, codes: Sequence[Mapping[str, Any]]) -> None:
    named = {
        f"{_CODES}.{index}.product_id": code["product_id"]
        for index, code in enumerate(codes)
        if "product_id" in code
    }
    check_references(by, dict.fromkeys(named, Product), named)


def _raise_version(by: Caller, kind: Kind, record_id: UUID) -> None:
    kind.model.objects.of(by.organization_id).filter(pk=record_id).update(
        version=F("version") + 1, updated_at=by.now
    )


def _must_see_what_is_sent(by: Caller, sent: Mapping[str, Any]) -> None:
    """Nobody writes prices and costs who may not (domain 1.2)."""
    if COMMERCIAL & sent.keys():
        by.must("orders_commercial:update")
