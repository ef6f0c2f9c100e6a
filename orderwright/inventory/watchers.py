"""Who is told, in the same transaction, that reservations changed under others' hands.

Inventory knows nothing of orders. Areas above register here (in `apps.py`) and recount what they
derive from reservations.
"""

from collections.abc import Callable, Sequence
from uuid import UUID

from orderwright.identity.caller import Caller

Watcher = Callable[[Caller, Sequence[UUID]], None]

_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Tell this function the ids of reservations whose coverage changed."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def tell(by: Caller, reservation_ids: Sequence[UUID]) -> None:
    """Tell everyone who watches."""
    if reservation_ids:
        for watcher in _watchers:
            watcher(by, reservation_ids)
