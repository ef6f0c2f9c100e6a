"""Actions on many products at once: take them out of use, and back."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from orderwright.activity.bulk import BulkAction, Outlook, Parameters
from orderwright.catalog import actions
from orderwright.catalog.models import Product
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Refusal

LIST: Final = "products"


def _switch(name: str, *, to: bool) -> BulkAction:
    def why_not(is_active: bool) -> Refusal | None:
        return None if is_active != to else Conflict("unchanged", "The product is like that.")

    def outlook(by: Caller, ids: Sequence[UUID], given: Parameters) -> list[Outlook]:
        rows = Product.objects.of(by.organization_id).with_ids(ids).order_by("pk")
        found = rows.values_list("pk", "sku", "is_active")
        return [Outlook(pk, sku, why_not(is_active)) for pk, sku, is_active in found]

    def act(by: Caller, product_id: UUID, given: Parameters) -> Any:
        for one in outlook(by, [product_id], given):
            if one.refusal is not None:
                raise one.refusal
        actions.change_product(by=by, product_id=product_id, sent={"is_active": to})

    return BulkAction(
        name=name,
        of=LIST,
        permissions=("products:update",),
        outlook=outlook,
        act=act,
        check=lambda by, given: {},
    )


BULK_ACTIONS: Final = (_switch("activate", to=True), _switch("deactivate", to=False))
