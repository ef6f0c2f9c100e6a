"""Who is told, in the same transaction, that goods came back: invoicing gives credit for them.

Areas above register here (in `apps.py`); nothing here knows of money.
"""

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from orderwright.identity.caller import Caller


@dataclass(frozen=True, slots=True)
class ReturnReceived:
    """Goods that came back in one return: quantities by order line, in the line's unit."""

    return_id: UUID
    number: str
    order_id: UUID
    customer_id: UUID
    lines: tuple[tuple[UUID, Decimal], ...]


@dataclass(frozen=True, slots=True)
class CreditMemo:
    """The money given back for a return."""

    id: UUID
    amount: Decimal
    open_credit: Decimal
    currency: str


Watcher = Callable[[Caller, ReturnReceived], CreditMemo | None]

_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Tell this function of every return that was received."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def returned(by: Caller, received: ReturnReceived) -> CreditMemo | None:
    """Tell everyone who watches; answers the credit memo, if somebody gave one."""
    found = None
    for watcher in _watchers:
        found = watcher(by, received) or found
    return found
