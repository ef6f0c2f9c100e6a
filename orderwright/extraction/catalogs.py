"""The index of each organization's catalog, kept in memory while the catalog stays as it is."""

from collections import OrderedDict
from decimal import Decimal
from threading import Lock
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.extraction import sql
from orderwright.extraction.retrieval import CatalogIndex, CatalogProduct
from orderwright.identity.caller import Caller
from orderwright.kernel.json_text import from_json

MOST_KEPT = 32

_kept: OrderedDict[UUID, tuple[Any, CatalogIndex]] = OrderedDict()
_lock = Lock()


def catalog_of(by: Caller) -> CatalogIndex:
    """The index of what the organization sells; one statement, three when the catalog changed."""
    stamp = _stamp(by)
    with _lock:
        known = _kept.get(by.organization_id)
        if known is not None and known[0] == stamp:
            _kept.move_to_end(by.organization_id)
            return known[1]
    index = _build(by)
    with _lock:
        _kept[by.organization_id] = (stamp, index)
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
    return index


def _stamp(by: Caller) -> Any:
    with connection.cursor() as cursor:
        cursor.execute(sql.CATALOG_STAMP, {"organization": by.organization_id})
        return cursor.fetchone()


def _build(by: Caller) -> CatalogIndex:
    with connection.cursor() as cursor:
        cursor.execute(sql.CATALOG, {"organization": by.organization_id})
        products = [_product(row) for row in cursor.fetchall()]
        cursor.execute(sql.ORGANIZATION_ALIASES, {"organization": by.organization_id})
        aliases = {phrase: str(product_id) for phrase, product_id in cursor.fetchall()}
    return CatalogIndex.build(products, organization_aliases=aliases)


def _product(row: tuple[Any, ...]) -> CatalogProduct:
    product_id, sku, name, short_name, aliases, unit, units, attributes, weight_unit, kind = row
    return CatalogProduct(
        id=str(product_id),
        sku=sku,
        name=name,
        short_name=short_name,
        aliases=tuple(aliases),
        default_unit=unit,
        units={
            name: Decimal(str(entry["ratio"])) for name, entry in (from_json(units) or {}).items()
        },
        attributes={key: str(value) for key, value in (from_json(attributes) or {}).items()},
        weight_unit=weight_unit or None,
        product_type=kind,
    )
