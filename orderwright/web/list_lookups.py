"""Filters of lists by a record that is found by typing."""

from collections.abc import Callable, Sequence
from typing import Final
from uuid import UUID

from orderwright.activity import records
from orderwright.activity.kinds import Kind
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import NotFound
from orderwright.web.list_filters import Filter
from orderwright.web.lists import Asked

_MOST_NAMED: Final = 5


def record_filter(
    by: Caller,
    asked: Asked,
    name: str,
    label: str,
    kind: Kind,
    *,
    source: str,
    more: bool = False,
) -> list[Filter]:
    """The filter by records of a kind; none for those who may not read them."""
    if not by.may(kind.permission("read")):
        return []
    named = names_of(
        asked.several(name),
        lambda record_id: str(records.one(by=by, kind=kind, record_id=record_id).name),
    )
    return [Filter(name, label, named, look="lookup", source=source, more=more)]


def names_of(ids: Sequence[str], read: Callable[[UUID], str]) -> list[tuple[str, str]]:
    """What people call the records that a filter names; a few at most."""
    found = []
    for text in ids[:_MOST_NAMED]:
        try:
            found.append((text, read(UUID(text))))
        except (NotFound, ValueError):
            continue
    return found
