"""The app as it must not be: nobody locks, and everybody takes their time after reading.

The races of these tests run against it as well, to show that they would notice.
"""

import re
import time
from typing import Any

from orderwright.wsgi import application

__all__ = ["application"]

_MOMENT = 0.1


def _unguard() -> None:
    from orderwright.activity import idempotency
    from orderwright.inventory import actions as inventory
    from orderwright.inventory import sql as inventory_sql
    from orderwright.sales import queries as sales
    from orderwright.sales import sql as sales_sql

    for module in (inventory_sql, sales_sql):
        _never_lock(module)
    _slowly(inventory, "_facts")
    _slowly(sales, "read_order")
    idempotency.claim = lambda *_: None


def _never_lock(module: Any) -> None:
    for name, text in list(vars(module).items()):
        if name.startswith("LOCK_"):
            setattr(module, name, re.sub(r"FOR (NO KEY )?UPDATE( OF \w+)?", "", text))


def _slowly(module: Any, name: str) -> None:
    """The function, and a moment in which others read the same."""
    read = getattr(module, name)

    def read_and_wait(*given: Any, **named: Any) -> Any:
        found = read(*given, **named)
        time.sleep(_MOMENT)
        return found

    setattr(module, name, read_and_wait)


_unguard()
