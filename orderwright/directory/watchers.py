"""Who wants to know of a change here in the same transaction; higher areas add themselves."""

from collections.abc import Callable
from uuid import UUID

from orderwright.identity.caller import Caller

# Called with the customer's id after its status changed: a hold works at once on open orders.
CUSTOMER_STATUS_CHANGED: list[Callable[[Caller, UUID], None]] = []
