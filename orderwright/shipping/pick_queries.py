"""Reads of picks: the queue of the warehouse, and one pick with where its goods are."""

from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.shipping.pick_page import PickFilter, PickPage, PickPlace, PickRow


def picks(
    by: Caller, wanted: PickFilter, *, after: PickPlace | None = None, limit: int = 50
) -> list[PickRow]:
    """Picks in the order of the queue, one more than `limit` when there are more: high priority
    first, then what is required first, then the older. One statement."""
    raise NotImplementedError


def pick_page(by: Caller, reference: UUID | str) -> PickPage:
    """A pick by its id or number, with suggested lots (oldest first) and open selections of its
    open rows; four statements. Raises NotFound."""
    by.must("picks:read")
    return read_pick(by, reference)


def read_pick(by: Caller, reference: UUID | str) -> PickPage:
    """As `pick_page`, for an action that checks its own permission. Raises NotFound."""
    raise NotImplementedError
