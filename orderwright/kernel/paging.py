"""Pages of sorted lists by keyset: a page costs the same wherever it stands in the list.

A list is sorted by one value of its rows and, where that is equal, by their ids; a page starts
after the place of a row, or ends before it. Rows without a value come last in both directions.
"""

import base64
import binascii
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Final, Generic, Self, TypeVar
from uuid import UUID

import orjson

from orderwright.kernel.cursors import read_cursor, write_cursor
from orderwright.kernel.errors import Invalid

Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class SortKey:
    """How a list is sorted in SQL: an expression that is never null, for each direction, and the
    type of its values. Without an expression rows stand in the order in which they were made."""

    up: str = ""
    down: str = ""
    kind: str = "text"

    @classmethod
    def with_gaps(cls, expression: str, kind: str) -> Self:
        """The key of days or moments that some rows do not have; those come last both ways."""
        up, down = (f"coalesce({expression}, '{end}'::{kind})" for end in ("infinity", "-infinity"))
        return cls(up, down, kind)

    def of(self, sort: "Sort") -> str:
        """The expression of a direction."""
        return self.down if sort.is_descending else self.up

    def text_of(self, sort: "Sort") -> str:
        """A row's value in a direction, in SQL, as a text; an empty one without an expression."""
        expression = self.of(sort)
        return f"({expression})::text" if expression else "''"


@dataclass(frozen=True, slots=True)
class Sort:
    """What a list is sorted by; newest first unless said."""

    name: str = ""
    is_descending: bool = True

    @property
    def text(self) -> str:
        """As an address says it: `total`, `-total`, nothing for newest first."""
        return f"-{self.name}" if self.name and self.is_descending else self.name


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands in a sorted list: its value, as text, and its id."""

    sort: Sort
    value: str
    id: UUID


@dataclass(frozen=True, slots=True)
class Window:
    """Which page: `size` rows after `place`, or before it; the first without one."""

    sort: Sort = Sort()
    place: Place | None = None
    is_backward: bool = False
    size: int = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows of a list, and the places beyond which there is more in either direction."""

    rows: Sequence[Row]
    earlier: Place | None = None
    later: Place | None = None


NEWEST: Final = Sort()


def read_sort(text: str | None, known: Collection[str]) -> Sort:
    """The sort that an address asks for. Raises Invalid `invalid_sort` for an unknown one."""
    if not text:
        return NEWEST
    name = text.removeprefix("-")
    if name not in known:
        fits = ", ".join(sorted(known)) or "nothing"
        message = f"This list is sorted by {fits}; a minus sign before it turns it around."
        raise Invalid("invalid_sort", message, fields={"sort": message})
    return Sort(name, text.startswith("-"))


def write_place(place: Place) -> str:
    """A place as the text of a cursor; of the newest-first list it is `write_cursor`'s."""
    if place.sort == NEWEST:
        return write_cursor(place.id)
    held = orjson.dumps([place.sort.text, place.value, str(place.id)])
    return base64.urlsafe_b64encode(held).decode().rstrip("=")


def read_place(cursor: str | None, sort: Sort) -> Place | None:
    """The place in a cursor. Raises Invalid `invalid_cursor` for one of another list or sort."""
    if not cursor:
        return None
    if sort == NEWEST:
        row_id = read_cursor(cursor)
        return Place(sort, "", row_id) if row_id else None
    try:
        held = orjson.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        text, value, row_id = held
        if text == sort.text and isinstance(value, str):
            return Place(sort, value, UUID(row_id))
    except (ValueError, TypeError, AttributeError, binascii.Error):
        pass
    raise Invalid(
        "invalid_cursor",
        "This cursor was not made by this list. Start again without one.",
        fields={"cursor": "not a cursor of this list"},
    )


def keyset(key: SortKey, window: Window, *, table: str = "o") -> tuple[str, str]:
    """The condition that begins a page (empty for the first one), and the order of its rows.

    The condition takes the named parameters of `place_values`.
    """
    falls = window.sort.is_descending != window.is_backward
    sign, way = ("<", "DESC") if falls else (">", "ASC")
    expression = key.of(window.sort)
    if not expression:
        condition, order = f"{table}.id {sign} %(place_id)s", f"{table}.id {way}"
    else:
        condition = f"({expression}, {table}.id) {sign} (%(place_value)s::{key.kind}, %(place_id)s)"
        order = f"{expression} {way}, {table}.id {way}"
    return (condition if window.place else ""), order


def place_values(window: Window) -> dict[str, Any]:
    """The parameters of `keyset`'s condition."""
    place = window.place
    return {"place_value": place.value, "place_id": place.id} if place else {}


def page_of(found: Sequence[tuple[str, Any]], window: Window) -> Page[Any]:
    """The page from its rows with their values in the sort, as they were read: `size + 1` of them,
    the one too many says that there is more. Rows read backward are turned around."""
    kept, more = list(found[: window.size]), len(found) > window.size
    if window.is_backward:
        kept.reverse()
    before, after = (more, True) if window.is_backward else (window.place is not None, more)
    places = [Place(window.sort, value, row.id) for value, row in kept]
    return Page(
        rows=[row for _, row in kept],
        earlier=places[0] if places and before else None,
        later=places[-1] if places and after else None,
    )
