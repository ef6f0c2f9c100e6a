"""Who is told, in the same transaction, that a customer's status changed.

The directory knows nothing of orders. Areas above register here (in `apps.py`): a hold works at
once on all open orders (domain 2.8).
"""

from collections.abc import Callable
from uuid import UUID

from orderwright.identity.caller import Caller

Watcher = Callable[[Caller, UUID], None]

_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Tell this function the id of a customer whose status changed."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def tell(by: Caller, customer_id: UUID) -> None:
    """Tell everyone who watches."""
    for watcher in _watchers:
        watcher(by, customer_id)
