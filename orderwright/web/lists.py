"""The one list of all lists: declared columns, filters in the URL, newest first by keyset.

A list's state is its address: `q`, one parameter per filter, and `after`, the cursor of a page.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpRequest

from orderwright.kernel.cursors import read_cursor, write_cursor
from orderwright.web.display import NOTHING

PAGE_SIZE: Final = 50


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and how a row shows itself in it. `primary` heads the row's card,
    `whole` keeps it on one line."""

    label: str
    show: Callable[[Any], Any]
    numeric: bool = False
    primary: bool = False
    quiet: bool = False
    whole: bool = False

    @property
    def look(self) -> str:
        """The classes of its cells."""
        names = {
            "num": self.numeric,
            "primary": self.primary,
            "quiet": self.quiet,
            "nowrap": self.whole,
        }
        return " ".join(name for name, applies in names.items() if applies)


@dataclass(frozen=True, slots=True)
class Filter:
    """A choice that narrows a list; its name is the parameter in the address."""

    name: str
    label: str
    choices: Sequence[tuple[str, str]]
    value: str = ""


@dataclass(frozen=True, slots=True)
class Tab:
    """A view of a list under a name, with its count where counting is cheap."""

    text: str
    url: str
    is_here: bool
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says: what it is for, and what to do."""

    title: str
    text: str
    icon: str = "list-details"
    action: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    path: str
    q: str
    values: dict[str, str]
    after: UUID | None

    def value(self, name: str) -> str | None:
        """The value of a filter, or None when it is not set."""
        return self.values.get(name) or None

    def uuid(self, name: str) -> UUID | None:
        """The id in a filter; None when it is not set or is no id."""
        try:
            return UUID(self.values[name]) if self.values.get(name) else None
        except ValueError:
            return None

    def url(self, **changed: str | None) -> str:
        """The address with some parameters changed; None removes one."""
        state = {"q": self.q, **self.values} | {name: text or "" for name, text in changed.items()}
        query = urlencode({name: text for name, text in state.items() if text})
        return f"{self.path}?{query}" if query else self.path


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as the component `c-list` shows it."""

    name: str
    asked: Asked
    columns: Sequence[Column]
    rows: list[list[tuple[Column, Any]]]
    empty: Empty
    filters: Sequence[Filter] = ()
    tabs: Sequence[Tab] = ()
    next_url: str = ""
    first_url: str = ""
    search: str = field(default="")

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parameters of the address that no filter shows; they stay when a filter changes."""
        shown = {one.name for one in self.filters}
        return [(name, text) for name, text in self.asked.values.items() if name not in shown]

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        return bool(self.asked.q or any(self.asked.values.values()))


def asked(request: HttpRequest, *names: str) -> Asked:
    """Read a list's state from the address. Raises Invalid for a cursor of something else."""
    return Asked(
        path=request.path,
        q=request.GET.get("q", "").strip()[:200],
        values={name: request.GET[name][:200] for name in names if request.GET.get(name)},
        after=read_cursor(request.GET.get("after")),
    )


def listing(
    *,
    name: str,
    asked: Asked,
    columns: Sequence[Column],
    rows: Sequence[Any],
    empty: Empty,
    filters: Sequence[Filter] = (),
    tabs: Sequence[Tab] = (),
    search: str = "",
    size: int = PAGE_SIZE,
) -> Listing:
    """A page of a list from `size + 1` rows: the row too many says that there is more."""
    shown = rows[:size]
    more = len(rows) > size
    return Listing(
        name=name,
        asked=asked,
        columns=columns,
        rows=[[(column, _cell(column, row)) for column in columns] for row in shown],
        empty=empty,
        filters=[
            Filter(each.name, each.label, each.choices, asked.values.get(each.name, ""))
            for each in filters
        ],
        tabs=tabs,
        next_url=asked.url(after=write_cursor(shown[-1].id)) if more else "",
        first_url=asked.url() if asked.after else "",
        search=search,
    )


def _cell(column: Column, row: Any) -> Any:
    shown = column.show(row)
    return NOTHING if shown in (None, "") else shown
