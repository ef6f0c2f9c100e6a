"""Suppliers over HTTP, with the products that they sell to us."""

from typing import Any

from ninja import Router

from orderwright.api.directory import without_owner
from orderwright.api.records import mount, resource, show_plain
from orderwright.catalog import supplying
from orderwright.catalog.supplying import SUPPLIED, SUPPLIED_WITH_CODES, SupplierRecord
from orderwright.directory.suppliers import SUPPLIER
from orderwright.identity.caller import Caller

router = Router(tags=["Suppliers"])


def show_supplier(by: Caller, supplier: SupplierRecord) -> dict[str, Any]:
    """A supplier with its places and products."""
    return show_plain(by, supplier.row) | {
        "addresses": without_owner(supplier.addresses, "supplier_id"),
        "supplied_product_ids": [product.id for product in supplier.products],
        "supplied_products": [
            {
                "id": product.id,
                "product_id": product.id,
                "sku": product.sku,
                "name": product.name,
                "code": product.code or None,
            }
            for product in supplier.products
        ],
    }


mount(
    router,
    resource(
        "/suppliers",
        SUPPLIER,
        show=show_supplier,
        further={
            "supplied_product_ids": SUPPLIED.schema,
            "supplied_products": SUPPLIED_WITH_CODES.schema,
        },
        list_rows=supplying.suppliers,
        read_row=supplying.supplier,
        create=lambda by, sent: supplying.create_supplier(by=by, sent=sent),
        change=lambda by, supplier_id, sent, version: supplying.change_supplier(
            by=by, supplier_id=supplier_id, sent=sent, version=version
        ),
    ),
)
