"""Suppliers together with the products that they sell to us (domain 1.4)."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.db.models import F

from orderwright.activity import actions as activity
from orderwright.activity import records
from orderwright.activity.references import check_references, refusing_in_sentences
from orderwright.activity.rows import plain, read
from orderwright.catalog.models import Product, SuppliedProduct
from orderwright.directory.models import Supplier, SupplierAddress
from orderwright.directory.suppliers import SUPPLIER, SupplierAddressRow, SupplierRow
from orderwright.identity.caller import Caller
from orderwright.kernel.lists import identifiers

SUPPLIED: Final = identifiers()
_FIELD: Final = "supplied_product_ids"


@dataclass(frozen=True, slots=True)
class SuppliedRow:
    """A product that a supplier sells to us."""

    supplier_id: UUID
    id: UUID
    sku: str
    name: str


@dataclass(frozen=True, slots=True)
class SupplierRecord:
    """A supplier with its places and products."""

    row: SupplierRow
    addresses: tuple[SupplierAddressRow, ...]
    products: tuple[SuppliedRow, ...]

    @property
    def id(self) -> UUID:
        """The supplier's id."""
        return self.row.id


def suppliers(**asked: Any) -> list[SupplierRecord]:
    """Suppliers newest first, as `records.listed` takes filters. Three statements."""
    rows = records.listed(kind=SUPPLIER, **asked)
    return _whole(asked["by"], rows)


def supplier(*, by: Caller, record_id: UUID) -> SupplierRecord:
    """One supplier. Raises Forbidden, NotFound. Three statements."""
    return _whole(by, [records.one(by=by, kind=SUPPLIER, record_id=record_id)])[0]


def create_supplier(*, by: Caller, sent: Mapping[str, Any]) -> UUID:
    """A new supplier with its `supplied_product_ids` if sent; without a number it gets one.

    Raises Forbidden, Invalid with the fields, Conflict `duplicate` for a number that is taken.
    """
    supplier_id = records.create(by=by, kind=SUPPLIER, sent=sent)
    if sent.get(_FIELD):
        _supply(by, supplier_id, sent[_FIELD])
    return supplier_id


def change_supplier(
    *, by: Caller, supplier_id: UUID, sent: Mapping[str, Any], version: int | None = None
) -> None:
    """Change a supplier; `supplied_product_ids` replace those that are there.

    Raises Forbidden, NotFound, Invalid with the fields, Conflict `stale_version`, `duplicate`.
    """
    records.change(by=by, kind=SUPPLIER, record_id=supplier_id, sent=sent, version=version)
    if _FIELD in sent and _supply(by, supplier_id, sent[_FIELD]):
        Supplier.objects.of(by.organization_id).filter(pk=supplier_id).update(
            version=F("version") + 1, updated_at=by.now
        )


def products_of(by: Caller, supplier_id: UUID) -> list[UUID]:
    """The products that a supplier sells to us; one statement."""
    by.must("suppliers:read")
    mine = SuppliedProduct.objects.of(by.organization_id).filter(supplier_id=supplier_id)
    return list(mine.order_by("pk").values_list("product_id", flat=True))


def _supply(by: Caller, supplier_id: UUID, sent: Any) -> bool:
    wanted = SUPPLIED.check(sent or [], _FIELD)
    check_references(by, {_FIELD: Product}, {_FIELD: wanted})
    mine = SuppliedProduct.objects.of(by.organization_id).filter(supplier_id=supplier_id)
    current = set(mine.values_list("product_id", flat=True))
    if current == set(wanted):
        return False
    with refusing_in_sentences():
        mine.exclude(product_id__in=wanted).delete()
        SuppliedProduct.objects.bulk_create(
            SuppliedProduct(
                organization_id=by.organization_id, supplier_id=supplier_id, product_id=product
            )
            for product in wanted
            if product not in current
        )
    body = {"before": plain(sorted(current)), "after": plain(sorted(wanted))}
    activity.record(by, "supplier.products_changed", supplier_id, body=body)
    return True


def _whole(by: Caller, rows: Sequence[SupplierRow]) -> list[SupplierRecord]:
    ids = [row.id for row in rows]
    mine = {"supplier_id__in": ids}
    places = SupplierAddress.objects.of(by.organization_id).filter(**mine).order_by("pk")
    supplied = SuppliedProduct.objects.of(by.organization_id).filter(**mine).order_by("pk")
    joined = {"id": "product_id", "sku": "product__sku", "name": "product__name"}
    addresses: dict[UUID, list[SupplierAddressRow]] = defaultdict(list)
    for address in read(places, SupplierAddressRow):
        addresses[address.supplier_id].append(address)
    products: dict[UUID, list[SuppliedRow]] = defaultdict(list)
    for product in read(supplied, SuppliedRow, joined):
        products[product.supplier_id].append(product)
    return [SupplierRecord(row, tuple(addresses[row.id]), tuple(products[row.id])) for row in rows]
