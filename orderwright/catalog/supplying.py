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
from orderwright.kernel.errors import Invalid
from orderwright.kernel.fields import identifier, text
from orderwright.kernel.lists import entries, identifiers
from orderwright.kernel.shapes import Shape

SUPPLIED: Final = identifiers()
SUPPLIED_WITH_CODES: Final = entries(Shape({"product_id": identifier(), "code": text(60)}))
_FIELD: Final = "supplied_product_ids"
_WITH_CODES: Final = "supplied_products"


@dataclass(frozen=True, slots=True)
class SuppliedRow:
    """A product that a supplier sells to us."""

    supplier_id: UUID
    id: UUID
    sku: str
    name: str
    code: str


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
    """A new supplier with its `supplied_products` (or their ids) if sent; without a number it gets
    one.

    Raises Forbidden, Invalid with the fields, Conflict `duplicate` for a number that is taken.
    """
    supplier_id = records.create(by=by, kind=SUPPLIER, sent=sent)
    _supply(by, supplier_id, sent)
    return supplier_id


def change_supplier(
    *, by: Caller, supplier_id: UUID, sent: Mapping[str, Any], version: int | None = None
) -> None:
    """Change a supplier. `supplied_products`, each with the supplier's `code` for it, replace those
    that are there; so do `supplied_product_ids`, which keep the codes that are known.

    Raises Forbidden, NotFound, Invalid with the fields, Conflict `stale_version`, `duplicate`.
    """
    records.change(by=by, kind=SUPPLIER, record_id=supplier_id, sent=sent, version=version)
    if _supply(by, supplier_id, sent):
        Supplier.objects.of(by.organization_id).filter(pk=supplier_id).update(
            version=F("version") + 1, updated_at=by.now
        )


def products_of(by: Caller, supplier_id: UUID) -> list[UUID]:
    """The products that a supplier sells to us; one statement."""
    by.must("suppliers:read")
    mine = SuppliedProduct.objects.of(by.organization_id).filter(supplier_id=supplier_id)
    return list(mine.order_by("pk").values_list("product_id", flat=True))


def codes_of(by: Caller, supplier_id: UUID) -> dict[UUID, str]:
    """What a supplier calls the products that it sells to us; one statement."""
    by.must("suppliers:read")
    mine = SuppliedProduct.objects.of(by.organization_id).filter(supplier_id=supplier_id)
    return dict(mine.exclude(code="").values_list("product_id", "code"))


def _supply(by: Caller, supplier_id: UUID, sent: Mapping[str, Any]) -> bool:
    """Keep the products that were sent; whether that changed anything."""
    if _FIELD not in sent and _WITH_CODES not in sent:
        return False
    mine = SuppliedProduct.objects.of(by.organization_id).filter(supplier_id=supplier_id)
    current = dict(mine.values_list("product_id", "code"))
    wanted = _wanted(by, sent, current)
    if current == wanted:
        return False
    with refusing_in_sentences():
        mine.exclude(product_id__in=wanted).delete()
        SuppliedProduct.objects.bulk_create(
            [
                SuppliedProduct(
                    organization_id=by.organization_id,
                    supplier_id=supplier_id,
                    product_id=product,
                    code=code,
                )
                for product, code in wanted.items()
            ],
            update_conflicts=True,
            unique_fields=["organization", "supplier", "product"],
            update_fields=["code"],
        )
    body = {"before": plain(sorted(current)), "after": plain(sorted(wanted))}
    activity.record(by, "supplier.products_changed", supplier_id, body=body)
    return True


def _wanted(by: Caller, sent: Mapping[str, Any], current: Mapping[UUID, str]) -> dict[UUID, str]:
    """The products with their codes. Raises Invalid with the field of an unknown or double one."""
    if _WITH_CODES not in sent:
        ids = SUPPLIED.check(sent[_FIELD] or [], _FIELD)
        check_references(by, {_FIELD: Product}, {_FIELD: ids})
        return {product: current.get(product, "") for product in ids}
    rows = SUPPLIED_WITH_CODES.check(sent[_WITH_CODES] or [], _WITH_CODES)
    ids = [row["product_id"] for row in rows]
    for index, product in enumerate(ids):
        if product is None or product in ids[:index]:
            message = "It stands here twice." if product else "Choose the product."
            fields = {f"{_WITH_CODES}.{index}.product_id": message}
            raise Invalid("duplicate" if product else "required", message, fields=fields)
    check_references(by, {_WITH_CODES: Product}, {_WITH_CODES: ids})
    return {row["product_id"]: row["code"] for row in rows}


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
