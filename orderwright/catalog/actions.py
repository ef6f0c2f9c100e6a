"""Products, what customers call them, and which groups may order them."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from orderwright.activity import actions as activity
from orderwright.activity import records
from orderwright.activity.references import check_references, refusing_in_sentences
from orderwright.activity.rows import plain, replace_rows
from orderwright.catalog import rules
from orderwright.catalog.kinds import PRODUCT
from orderwright.catalog.models import ItemCode, LineAccess, Product, ProductLine
from orderwright.directory.kinds import CUSTOMER, CUSTOMER_GROUP
from orderwright.identity.caller import Caller
from orderwright.kernel.fields import identifiers, rows

COMMERCIAL = frozenset({"base_price", "currency", "price_unit", "unit_cost"})

_ITEM_CODES = rows(rules.ITEM_CODE)
_LINE_IDS = identifiers()


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


def replace_item_codes(*, by: Caller, customer_id: UUID, sent: Any) -> None:
    """Make these the codes that a customer uses for our products: `[{code, product_id}]`.

    Records `customer.item_codes_changed` when anything differs. Raises Forbidden, NotFound,
    Invalid with the fields, Conflict `duplicate` for two equal codes.
    """
    by.must("customers:update")
    codes = _ITEM_CODES.check(sent if sent is not None else [], "item_codes")
    records.locked(by, CUSTOMER, customer_id)
    _check_products(by, codes)
    was, now = replace_rows(
        by=by,
        model=ItemCode,
        owner="customer_id",
        owner_id=customer_id,
        sent=codes,
        name="item_codes",
    )
    if was != now:
        activity.record(
            by,
            "customer.item_codes_changed",
            customer_id,
            body={"before": plain(was), "after": plain(now)},
        )


def limit_group(*, by: Caller, group_id: UUID, sent: Any) -> None:
    """Let a customer group order products of these lines only; none means all (domain 1.7).

    Records `customer_group.product_lines_changed` when anything differs. Raises Forbidden,
    NotFound, Invalid `unknown_reference`.
    """
    by.must("customers:update")
    wanted = set(_LINE_IDS.check(sent if sent is not None else [], "product_line_access"))
    records.locked(by, CUSTOMER_GROUP, group_id)
    check_references(
        by, {"product_line_access": ProductLine}, {"product_line_access": sorted(wanted)}
    )
    mine = LineAccess.objects.of(by.organization_id).filter(group_id=group_id)
    current = set(mine.values_list("product_line_id", flat=True))
    if wanted == current:
        return
    with refusing_in_sentences():
        mine.exclude(product_line_id__in=wanted).delete()
        LineAccess.objects.bulk_create(
            LineAccess(
                organization_id=by.organization_id, group_id=group_id, product_line_id=line_id
            )
            for line_id in sorted(wanted - current)
        )
    activity.record(
        by,
        "customer_group.product_lines_changed",
        group_id,
        body={"before": plain(sorted(current)), "after": plain(sorted(wanted))},
    )


def _check_products(by: Caller, codes: Sequence[Mapping[str, Any]]) -> None:
    named = {
        f"item_codes.{index}.product_id": code["product_id"]
        for index, code in enumerate(codes)
        if "product_id" in code
    }
    check_references(by, dict.fromkeys(named, Product), named)


def _must_see_what_is_sent(by: Caller, sent: Mapping[str, Any]) -> None:
    """Nobody writes prices and costs who may not (domain 1.2)."""
    if COMMERCIAL & sent.keys():
        by.must("orders_commercial:update")
