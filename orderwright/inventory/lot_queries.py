"""Reads of lots: one, a page of many, and the movements of one."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import lot_sql
from orderwright.inventory.rules import LotFacts
from orderwright.inventory.tags import is_tag
from orderwright.kernel import fields
from orderwright.kernel.errors import NotFound
from orderwright.kernel.shapes import Shape

STATUSES = ("available", "retrieved_out", "issued_to_production", "rejected", "scrap", "archived")
_FEW_PRODUCTS = 1000
_MOST_TO_SELECT = 2_000

# What a list of lots can be narrowed down by. `tag` is the beginning of a tag; `q` the beginning of
# a tag or a part of the product's name or SKU. `stock` is what lies there to be taken (in), that of
# products at their threshold (low), what is empty (out), what is no good (rejected).
FILTERS = Shape(
    {
        "product_id": fields.identifier(),
        "location_id": fields.identifier(),
        "status": fields.choice(*STATUSES, default=""),
        "stock": fields.choice("in", "low", "out", "rejected", default=""),
        "tag": fields.text(200),
        "inventory_type": fields.text(200),
        "shape": fields.text(200),
        "size": fields.text(200),
        "color": fields.text(200),
        "quality": fields.text(200),
        "q": fields.text(200),
    }
)


@dataclass(frozen=True, slots=True)
class LotRow:
    """A lot as pages and answers show it.

    `quantity` in `unit`, the product's default unit; `weight` in `weight_unit` (0: not weighed);
    `unit_cost` in `currency` per default unit, for those who may see it.
    """

    id: UUID
    tag_id: str
    version: int
    product_id: UUID
    product_sku: str
    product_name: str
    location_id: UUID
    location_name: str
    quantity: Decimal
    unit: str
    weight: Decimal
    weight_unit: str
    status: str
    inventory_type: str
    finished_type: str
    shape: str
    size: str
    color: str
    quality: str
    rack: str
    source: str
    source_id: UUID | None
    notes: str
    unit_cost: Decimal | None
    currency: str
    created_at: datetime
    updated_at: datetime

    def facts(self) -> LotFacts:
        """What plans need to know of it."""
        return LotFacts(
            id=self.id,
            product_id=self.product_id,
            tag_id=self.tag_id,
            quantity=self.quantity,
            created_at=self.created_at,
            unit=self.unit,
            weight=self.weight,
            weight_unit=self.weight_unit,
            status=self.status,
        )


@dataclass(frozen=True, slots=True)
class MovementRow:
    """One change of a lot: by how much, what stood then, why and by whom."""

    id: UUID
    action: str
    quantity_delta: Decimal
    weight_delta: Decimal
    quantity_after: Decimal
    weight_after: Decimal
    reason: str
    cause_id: UUID | None
    cause: str
    actor_name: str
    at: datetime


def lots(
    *,
    by: Caller,
    filters: Mapping[str, Any] | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[LotRow]:
    """Lots newest first, one more than `limit` when there are more. One statement, two with `q`.

    Raises Forbidden, and Invalid for filters that make no sense.
    """
    conditions, chosen = narrowed(by, filters or {})
    if before is not None:
        conditions.append(lot_sql.FILTERS["before"])
        chosen["before"] = before
    rows = _rows(by, lot_sql.listing(conditions), **chosen, limit=limit + 1)
    return [LotRow(*row) for row in rows]


def narrowed(by: Caller, filters: Mapping[str, Any]) -> tuple[list[str], dict[str, Any]]:
    """The conditions of a list under these filters, with their parameters. One statement with `q`.

    Raises Forbidden, Invalid.
    """
    by.must("inventory:read")
    sent = {name: value for name, value in filters.items() if value not in (None, "")}
    chosen = {name: value for name, value in FILTERS.of_change(sent).items() if value}
    if "tag" in chosen:
        chosen["tag"] = chosen["tag"].upper()
    conditions = [lot_sql.FILTERS[name] for name in chosen if name not in ("q", "stock")]
    if stock := chosen.pop("stock", ""):
        conditions.append(lot_sql.STOCK[stock])
    if "q" in chosen:
        conditions.append(_mentioning(by, chosen))
    return conditions, chosen


def lots_to_select(by: Caller, product_ids: Iterable[UUID]) -> dict[UUID, list[LotRow]]:
    """Lots with something on hand, by product, oldest first: what a person selects from. One
    statement. Raises Forbidden."""
    by.must("inventory:read")
    rows = _rows(
        by,
        lot_sql.listing([lot_sql.ON_HAND_OF_PRODUCTS]),
        products=list(product_ids),
        limit=_MOST_TO_SELECT,
    )
    found: dict[UUID, list[LotRow]] = {}
    for row in reversed(rows):
        lot = LotRow(*row)
        found.setdefault(lot.product_id, []).append(lot)
    return found


def lot(*, by: Caller, ref: UUID | str) -> LotRow:
    """The lot with this id or tag. Raises Forbidden, NotFound."""
    by.must("inventory:read")
    return read_lot(by, ref)


def read_lot(by: Caller, ref: UUID | str) -> LotRow:
    """As `lot`, for actions, which have checked their own permission."""
    lot_id = _as_id(ref)
    tag = str(ref).strip().upper()
    if lot_id is not None:
        rows = _rows(by, lot_sql.LOT_BY_ID, lot=lot_id)
    else:
        rows = _rows(by, lot_sql.LOT_BY_TAG, tag=tag) if is_tag(tag) else []
    for row in rows:
        return LotRow(*row)
    raise NotFound("not_found", "There is no such inventory.")


def movements(
    *, by: Caller, lot_id: UUID, before: UUID | None = None, limit: int = 50
) -> list[MovementRow]:
    """What happened to a lot, newest first, one more than `limit` when there is more."""
    by.must("inventory:read")
    rows = _rows(by, lot_sql.MOVEMENTS, lot=lot_id, before=before, limit=limit + 1)
    return [MovementRow(*row) for row in rows]


def was_used(by: Caller, lot_id: UUID) -> bool:
    """Whether anything was ever taken from this lot, or came to it after it was made."""
    return bool(_rows(by, lot_sql.WAS_USED, lot=lot_id)[0][0])


def _mentioning(by: Caller, chosen: dict[str, Any]) -> str:
    """The condition for a search, with its parameters put beside the others."""
    text = chosen.pop("q")
    chosen["q_tag"] = text.upper()
    chosen["pattern"] = (
        "%" + text.replace("\\", "\\\\").replace("%", r"\%").replace("_", r"\_") + "%"
    )
    found = _rows(
        by, lot_sql.PRODUCTS_MENTIONING, pattern=chosen["pattern"], limit=_FEW_PRODUCTS + 1
    )
    if len(found) > _FEW_PRODUCTS:
        return lot_sql.FILTERS["many_products"]
    del chosen["pattern"]
    chosen["q_products"] = [row[0] for row in found]
    return lot_sql.FILTERS["few_products"]


def _as_id(ref: UUID | str) -> UUID | None:
    if isinstance(ref, UUID):
        return ref
    try:
        return UUID(ref)
    except ValueError:
        return None


def _rows(by: Caller, statement: str, **parameters: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id, **parameters})
        return cursor.fetchall()
