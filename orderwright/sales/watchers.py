"""Who keeps something in step with orders, in the transaction of the order's own change.

Sales knows nothing of picks. Areas above register here (in `apps.py`); `writing.save` tells them
how an order stood and how it is to stand, before its statuses are derived, and takes over what they
count for its lines.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from orderwright.identity.caller import Caller
from orderwright.sales.page import LineRow, OrderPage, OrderRow


@dataclass(frozen=True, slots=True)
class Followed:
    """Something that happened because the order changed, written with the order's own events."""

    type: str
    subject_id: UUID
    body: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Kept:
    """The order's lines with what the watcher counts for them, and what happened besides."""

    lines: Sequence[LineRow]
    followed: tuple[Followed, ...] = ()


Watcher = Callable[[Caller, OrderPage, OrderRow, Sequence[LineRow]], Kept]

_watchers: list[Watcher] = []


def watch(watcher: Watcher) -> None:
    """Tell this function of every order that is saved: by, before, head after, lines after. It
    runs no statement when nothing changes for it."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def tell(by: Caller, before: OrderPage, head: OrderRow, lines: Sequence[LineRow]) -> Kept:
    """Tell everyone who watches, one after the other."""
    followed: tuple[Followed, ...] = ()
    for watcher in _watchers:
        kept = watcher(by, before, head, lines)
        lines, followed = kept.lines, followed + kept.followed
    return Kept(lines, followed)
