"""What automatic selection may take for a line: its own promise, and what nobody was promised."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.inventory import queries as stock
from orderwright.inventory.measures import Need
from orderwright.inventory.queries import ProductStock
from orderwright.inventory.rules import Reservation
from orderwright.kernel.numbers import EXACT, ZERO
from orderwright.kernel.weight import convert, is_weight_unit


@dataclass(slots=True)
class _Pool:
    """So much of one product that is promised to nobody, in `unit`."""

    unit: str
    free: Decimal


def limited(by: Caller, needs: Sequence[Need]) -> list[Need]:
    """The needs with `may_take`: what covers each, and of the free stock what those before it left.

    Two statements at most. The products are locked already.
    """
    stocks = {
        entry.product_id: entry for entry in stock.stock_of(by, {n.product_id for n in needs})
    }
    weighed = [id_ for id_, entry in stocks.items() if entry.has_weight_promises]
    promised = stock.promises_of(by, weighed) if weighed else {}
    pools: dict[tuple[UUID, str], _Pool] = {}
    found = []
    for need in needs:
        entry = stocks[need.product_id]
        measure = _measure(entry, need.basis)
        pool = pools.setdefault(
            (need.product_id, measure), _pool(entry, measure, promised.get(need.product_id))
        )
        found.append(_with_limit(need, pool))
    return found


def _with_limit(need: Need, pool: _Pool) -> Need:
    own = need.reservation
    covered = ZERO if own is None else _in_pool(own.covered, own.basis, own.weight_unit, pool)
    wanted = _wanted(need, pool)
    extra = max(ZERO, min(pool.free, wanted - covered))
    pool.free -= extra
    return replace(need, may_take=_in_line(need, min(wanted, covered + extra), pool))


def _measure(entry: ProductStock, basis: str) -> str:
    """The unit in which a need of this basis is weighed against others: a product whose unit is a
    weight has one pool, any other one by quantity and one by weight."""
    unit = entry.stock.unit
    return unit if basis == "quantity" or is_weight_unit(unit) else entry.stock.weight_unit


def _pool(entry: ProductStock, unit: str, promised: Sequence[Reservation] | None) -> _Pool:
    if promised is None:
        covered = entry.covered if unit == entry.stock.unit else ZERO
    else:
        pool = _Pool(unit, ZERO)
        covered = sum(
            (
                _in_pool(one.covered, one.basis, one.weight_unit, pool)
                for one in promised
                if _measure(entry, one.basis) == unit
            ),
            ZERO,
        )
    on_hand = entry.stock.quantity if unit == entry.stock.unit else entry.stock.weight
    return _Pool(unit, max(ZERO, on_hand - covered))


def _in_pool(amount: Decimal, basis: str, weight_unit: str, pool: _Pool) -> Decimal:
    return convert(amount, weight_unit, pool.unit) if basis == "weight" else amount


def _wanted(need: Need, pool: _Pool) -> Decimal:
    if need.basis == "weight":
        return convert(need.to_select, need.unit, pool.unit)
    return EXACT.multiply(need.to_select, need.unit_ratio)


def _in_line(need: Need, amount: Decimal, pool: _Pool) -> Decimal:
    if need.basis == "weight":
        return convert(amount, pool.unit, need.unit)
    return EXACT.divide(amount, need.unit_ratio)
