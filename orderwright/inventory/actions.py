"""Select stock for lines, release it, ship it: all under the lock of the product."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import sql
from orderwright.inventory.ledger import (
    Cause,
    change_lots,
    change_stock,
    lock_products,
    not_open,
    run,
    settle,
)
from orderwright.inventory.measures import Need
from orderwright.inventory.releasing import SelectionFacts, plan_release
from orderwright.inventory.reserving import Promise, close_promises, reserve
from orderwright.inventory.rules import LotFacts, Reservation
from orderwright.inventory.selecting import Asked, keeps_coverage, plan_selection
from orderwright.kernel.errors import Conflict
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import from_json, to_json

__all__ = [
    "Cause",
    "Promise",
    "Selected",
    "change_lots",
    "close_promises",
    "lock_products",
    "lots_for",
    "pack_selections",
    "release",
    "reserve",
    "select",
    "send_packed",
    "settle",
    "ship_selections",
    "unpack_selections",
    "unship_selections",
]


@dataclass(frozen=True, slots=True)
class Selected:
    """A selection that was made."""

    id: UUID
    line_id: UUID
    reservation_id: UUID
    lot_id: UUID
    quantity: Decimal
    weight: Decimal


def select(
    by: Caller,
    *,
    needs: Sequence[Need],
    asked: Sequence[Asked],
    reservations: dict[UUID, UUID],
    cause: Cause,
    locked: frozenset[UUID] = frozenset(),
) -> list[Selected]:
    """Take stock from lots for lines, all or nothing (domain 4.6).

    `needs` are what the lines want, `reservations` the id of each line's own, `locked` the products
    that this transaction has locked. Raises what `plan_selection` raises; nothing is written then.
    """
    found = _locked_facts(by, needs, [row.lot_id for row in asked], reservations, locked)
    lots, wanted = found.lots, _with_reservations(needs, found.own, reservations)
    plan = plan_selection(
        asked, wanted, lots, allow_negative=by.organization.setting("stock.allow_negative")
    )
    made = [
        Selected(
            new_id(), row.line_id, reservations[row.line_id], row.lot_id, row.quantity, row.weight
        )
        for row in plan.rows
    ]
    rows = [
        {
            "id": one.id,
            "reservation_id": one.reservation_id,
            "lot_id": one.lot_id,
            "quantity": one.quantity,
            "weight": one.weight,
            "weight_unit": row.weight_unit,
        }
        for one, row in zip(made, plan.rows, strict=True)
    ]
    change_stock(
        by,
        action="select",
        cause=cause,
        lots=plan.lots,
        selections=rows,
        reservations=plan.reservations,
    )
    if found.somebody_weighs or not keeps_coverage(plan, wanted):
        settle(by, plan.products, quiet=set(reservations.values()))
    return made


def lots_for(
    by: Caller, needs: Sequence[Need], reservations: dict[UUID, UUID]
) -> tuple[list[LotFacts], dict[UUID, Need]]:
    """Lock the products of these needs and read every lot that could serve them, oldest first,
    with the needs' own reservations as they stand now."""
    lock_products(by, {need.product_id for need in needs})
    found = _facts(by, [], {need.product_id for need in needs}, reservations)
    return list(found.lots.values()), _with_reservations(needs, found.own, reservations)


def release(
    by: Caller,
    *,
    selections: Sequence[SelectionFacts],
    needs: Sequence[Need],
    reservations: dict[UUID, UUID],
    cause: Cause,
) -> None:
    """Put selected stock back where it came from; `needs` as they stand after it (ruling 5).

    Raises Conflict `selection_not_open` when one of them is not open any more.
    """
    if not selections:
        return
    found = _locked_facts(by, needs, [row.lot_id for row in selections], reservations)
    wanted = _with_reservations(needs, found.own, reservations)
    plan = plan_release(selections, found.lots, wanted)
    change_stock(
        by,
        action="release",
        cause=cause,
        lots=plan.lots,
        released=selections,
        reservations=plan.reservations,
    )
    settle(by, plan.products, quiet=set(reservations.values()))


def ship_selections(
    by: Caller, *, whole: Sequence[UUID], parts: Sequence[tuple[UUID, Decimal, Decimal]]
) -> dict[UUID, UUID]:
    """Selections leave: whole ones, or parts (selection, quantity, weight) that are split off.

    Answers which selection carries the shipped part of each one named. Raises Conflict
    `selection_not_open` when one is not open, or holds less than its part.
    """
    return _carry(by, whole, parts, status="shipped", is_packed=False)


def pack_selections(
    by: Caller, *, whole: Sequence[UUID], parts: Sequence[tuple[UUID, Decimal, Decimal]]
) -> dict[UUID, UUID]:
    """As `ship_selections`, into a box that has not left."""
    return _carry(by, whole, parts, status="retrieved", is_packed=True)


def send_packed(by: Caller, selection_ids: Sequence[UUID]) -> None:
    """What lies in a box leaves with it. Raises Conflict `selection_not_open`."""
    _move_packed(by, selection_ids, status="shipped")


def unpack_selections(by: Caller, selection_ids: Sequence[UUID]) -> None:
    """What lies in a box waits again as before. Raises Conflict `selection_not_open`."""
    _move_packed(by, selection_ids, status="retrieved")


def _move_packed(by: Caller, selection_ids: Sequence[UUID], *, status: str) -> None:
    if not selection_ids:
        return
    (moved,) = run(by, sql.MOVE_PACKED, selections=list(selection_ids), status=status)
    if moved != len(set(selection_ids)):
        raise not_open()


def _carry(
    by: Caller,
    whole: Sequence[UUID],
    parts: Sequence[tuple[UUID, Decimal, Decimal]],
    *,
    status: str,
    is_packed: bool,
) -> dict[UUID, UUID]:
    split = {selection: new_id() for selection, _, _ in parts}
    (carried,) = run(
        by,
        sql.SHIP_SELECTIONS,
        whole=list(whole),
        parts=to_json(
            [
                {"id": id_, "new_id": split[id_], "quantity": quantity, "weight": weight}
                for id_, quantity, weight in parts
            ]
        ),
        status=status,
        is_packed=is_packed,
    )
    if carried != len(set(whole)) + len(split):
        raise not_open()
    return {**{id_: id_ for id_ in whole}, **split}


def unship_selections(by: Caller, selection_ids: Sequence[UUID]) -> None:
    """Selections that a cancelled shipment carried are retrieved again.

    Raises Conflict `selection_not_shipped` when one of them is not shipped.
    """
    (back,) = run(by, sql.UNSHIP_SELECTIONS, selections=list(selection_ids))
    if back != len(set(selection_ids)):
        raise Conflict("selection_not_shipped", "One of these selections has not been shipped.")


@dataclass(frozen=True, slots=True)
class _Found:
    """What stands under the lock. `somebody_weighs`: one of the products is promised by weight."""

    lots: dict[UUID, LotFacts]
    own: dict[UUID, Reservation]
    somebody_weighs: bool


def _locked_facts(
    by: Caller,
    needs: Sequence[Need],
    lot_ids: Sequence[UUID],
    reservations: dict[UUID, UUID],
    locked: frozenset[UUID] = frozenset(),
) -> _Found:
    """What stands once every product is locked, those of the lots too."""
    products = {need.product_id for need in needs}
    if products <= locked:
        found = _facts(by, lot_ids, (), reservations, products)
        if locked.issuperset(lot.product_id for lot in found.lots.values()):
            return found
    every = lock_products(by, products, lot_ids)
    return _facts(by, lot_ids, (), reservations, every)


def _facts(
    by: Caller,
    lot_ids: Sequence[UUID],
    all_of: Iterable[UUID],
    reservations: dict[UUID, UUID],
    products: Iterable[UUID] = (),
) -> _Found:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.LOTS_AND_RESERVATIONS,
            {
                "organization": by.organization_id,
                "lots": list(lot_ids),
                "all_of": list(all_of),
                "reservations": list(reservations.values()),
                "products": list(products),
            },
        )
        row = cursor.fetchone()
    if row is None:
        raise RuntimeError("a statement without FROM answers one row")
    lots = [_lot(entry) for entry in from_json(row[0])]
    own = [_reservation(entry) for entry in from_json(row[1])]
    return _Found({lot.id: lot for lot in lots}, {entry.id: entry for entry in own}, row[2])


def _lot(entry: list[Any]) -> LotFacts:
    return LotFacts(
        id=UUID(entry[0]),
        product_id=UUID(entry[1]),
        tag_id=entry[2],
        quantity=Decimal(entry[3]),
        created_at=datetime.fromisoformat(entry[4]),
        unit=entry[5],
        weight=Decimal(entry[6]),
        weight_unit=entry[7],
        status=entry[8],
    )


def _reservation(entry: list[Any]) -> Reservation:
    return Reservation(
        id=UUID(entry[0]),
        required=Decimal(entry[1]),
        covered=Decimal(entry[2]),
        issued_at=datetime.fromisoformat(entry[3]),
        priority_rank=entry[4],
        position=entry[5],
        basis=entry[6],
        weight_unit=entry[7],
    )


def _with_reservations(
    needs: Sequence[Need], own: dict[UUID, Reservation], reservations: dict[UUID, UUID]
) -> dict[UUID, Need]:
    """The needs with their reservations as they stand now, after the lock."""
    return {
        need.line_id: replace(need, reservation=own.get(reservations[need.line_id]))
        for need in needs
    }
