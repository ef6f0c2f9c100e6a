"""Promise stock to lines and take promises back, under the lock of the product."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory import queries, sql
from orderwright.inventory.ledger import lock_products, run, settle
from orderwright.inventory.rules import Reservation, cover_at_issue
from orderwright.kernel.json_text import to_json
from orderwright.kernel.numbers import ZERO


@dataclass(frozen=True, slots=True)
class Promise:
    """So much is to be reserved for a line; `required` in the product's default unit, or on the
    basis `weight` in `weight_unit`."""

    id: UUID
    product_id: UUID
    required: Decimal
    issued_at: datetime
    priority_rank: int = 1
    position: int = 1
    basis: str = "quantity"
    weight_unit: str = ""
    label: str = ""


def reserve(
    by: Caller,
    promises: Sequence[Promise],
    *,
    quiet: Iterable[UUID] = (),
    locked: frozenset[UUID] = frozenset(),
) -> dict[UUID, Decimal] | None:
    """Promise stock to lines: what is on hand and promised to nobody covers it, the rest is short.

    Shortage never blocks (domain 4.4). Promises that wait already are served in the order of
    domain 1.10. `quiet`: further reservations that the caller recounts itself; `locked`: products
    that this transaction has locked. Answers what covers each promise, or None when that has to be
    counted.
    """
    if not promises:
        return {}
    wanted = {promise.product_id for promise in promises}
    products = list(wanted) if wanted <= locked else lock_products(by, wanted)
    covered = _reserved_at_once(by, products, promises)
    if covered is None:
        run(by, sql.RESERVE, needs=to_json(list(promises)))
        settle(by, products, quiet={*quiet, *(promise.id for promise in promises)})
    return covered


def close_promises(
    by: Caller,
    required: dict[UUID, Decimal],
    products: Iterable[UUID],
    *,
    quiet: Iterable[UUID] = (),
) -> None:
    """Shrink reservations to what their lines still want (0 closes them); what becomes free covers
    others. `required` in each reservation's measure. `quiet` as in `reserve`."""
    if not required:
        return
    locked = lock_products(by, products)
    held = queries.holdings_of(by, required)
    rows = [
        {
            "id": id_,
            "required": wanted,
            "covered": min(held[id_].covered, wanted),
            "is_open": bool(wanted),
        }
        for id_, wanted in required.items()
        if id_ in held
    ]
    run(by, sql.SET_PROMISES, reservations=to_json(rows))
    settle(by, locked, quiet={*quiet, *required})


def _reserved_at_once(
    by: Caller, products: Sequence[UUID], promises: Sequence[Promise]
) -> dict[UUID, Decimal] | None:
    """Reserve where nobody waits and nothing goes by weight: each product covers the new promises
    from what is free, and nobody else's coverage changes.

    Two statements instead of four; None, and nothing written, when it is not so simple, or when
    one of the reservations is open already.
    """
    stocks = {entry.product_id: entry for entry in queries.stock_of(by, products)}
    if any(entry.short or not entry.is_settled for entry in stocks.values()) or any(
        promise.basis != "quantity" for promise in promises
    ):
        return None
    fresh: dict[UUID, list[Reservation]] = {}
    for promise in promises:
        fresh.setdefault(promise.product_id, []).append(_fresh(promise))
    covered: dict[UUID, Decimal] = {}
    for product_id, needs in fresh.items():
        entry = stocks[product_id]
        covered.update(cover_at_issue(entry.stock.quantity, entry.covered, needs))
    rows = [{**_row(promise), "covered": covered[promise.id]} for promise in promises]
    (written,) = run(by, sql.RESERVE_AT_ONCE, needs=to_json(rows))
    return covered if written == len(rows) else None


def _fresh(promise: Promise) -> Reservation:
    return Reservation(
        id=promise.id,
        required=promise.required,
        covered=ZERO,
        issued_at=promise.issued_at,
        priority_rank=promise.priority_rank,
        position=promise.position,
    )


def _row(promise: Promise) -> dict[str, Any]:
    return {name: getattr(promise, name) for name in Promise.__slots__}
