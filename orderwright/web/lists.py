"""The one list of all lists: declared columns, filters and sort in the address, pages by keyset.

A list's state is its address: `q`, one parameter per filter (several values with commas between
them, or the parameter several times), `sort`, and `after` or `before`, the cursor of a page.
"""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Self
from urllib.parse import parse_qsl, urlencode
from uuid import UUID

from django.http import HttpRequest
from django.utils.text import slugify

from orderwright.activity.views import ListWishes, ViewRow
from orderwright.kernel.errors import Invalid
from orderwright.kernel.paging import (
    NEWEST,
    Page,
    Place,
    Sort,
    Window,
    read_place,
    read_sort,
    write_place,
)
from orderwright.web.display import NOTHING
from orderwright.web.list_filters import ActiveFilter, Filter

PAGE_SIZE: Final = 50

__all__ = ["ActiveFilter", "Asked", "Column", "Empty", "Filter", "Listing", "Tab"]


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its heading, and how a row shows itself in it. `primary` heads the row's card,
    `whole` keeps it on one line, `optional` hides it until somebody chooses it.

    `sort` names the sort of a click on the heading, first downward when `falls`. `value` is what
    an export writes: a number, a day, a text; without it the words of the cell. `unit` is a second
    column of the export, like the currency of an amount.
    """

    label: str
    show: Callable[[Any], Any]
    numeric: bool = False
    primary: bool = False
    quiet: bool = False
    whole: bool = False
    name: str = ""
    optional: bool = False
    sort: str = ""
    falls: bool = False
    value: Callable[[Any], Any] | None = None
    unit: Callable[[Any], str] | None = None
    unit_label: str = ""

    @property
    def key(self) -> str:
        """Its name in choices of columns."""
        return self.name or slugify(self.label)

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
class Tab:
    """A view of a list under a name, with its count where counting is cheap."""

    text: str
    url: str
    is_here: bool
    count: int | str | None = None


@dataclass(frozen=True, slots=True)
class Empty:
    """What an empty list says: what it is for, and what to do."""

    title: str
    text: str
    icon: str = "list-details"
    action: str = ""
    url: str = ""

    @property
    def without_action(self) -> Self:
        """The same for those who may not do it."""
        return replace(self, action="", url="")


@dataclass(frozen=True, slots=True)
class Head:
    """The heading of a column; a link when the list can be sorted by it."""

    column: Column
    url: str = ""
    direction: str = ""

    @property
    def icon(self) -> str:
        """The arrow of the present direction."""
        return {"ascending": "arrow-up", "descending": "arrow-down"}.get(self.direction, "")


@dataclass(frozen=True, slots=True)
class Row:
    """A row as it is shown: its id, what people call it, and its cells."""

    id: UUID
    label: str
    cells: list[tuple[Column, Any]]

    def __iter__(self) -> Any:
        """Its cells."""
        return iter(self.cells)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, and how the caller wants this list (`wishes`)."""

    path: str
    q: str
    values: dict[str, str]
    after: UUID | None = None
    window: Window = field(default_factory=lambda: Window(size=PAGE_SIZE))
    wishes: ListWishes = field(default_factory=ListWishes)

    def value(self, name: str) -> str | None:
        """The value of a filter, or None when it is not set."""
        return self.values.get(name) or None

    def several(self, name: str) -> tuple[str, ...]:
        """The values of a filter that takes several."""
        return tuple(one for one in self.values.get(name, "").split(",") if one)

    def uuid(self, name: str) -> UUID | None:
        """The id in a filter; None when it is not set or is no id."""
        try:
            return UUID(self.values[name]) if self.values.get(name) else None
        except ValueError:
            return None

    @property
    def query(self) -> str:
        """The state without the page, as a saved view keeps it."""
        return self.url().partition("?")[2].replace("view=all", "")

    def url(self, **changed: str | None) -> str:
        """The address with some parameters changed; None removes one."""
        state = {"q": self.q, **self.values, "sort": self.window.sort.text}
        state |= {name: text or "" for name, text in changed.items()}
        query = urlencode({name: text for name, text in state.items() if text}, safe=",")
        return self._at(query)

    @property
    def clear_url(self) -> str:
        """The whole list, in its sort."""
        return self._at(urlencode({"sort": self.window.sort.text} if self.is_sorted else {}))

    @property
    def is_sorted(self) -> bool:
        """Whether it stands in another order than newest first."""
        return self.window.sort != NEWEST

    def _at(self, query: str) -> str:
        # A list that opens with a view says so when it shall not.
        query = query or ("view=all" if self.wishes.default_view else "")
        return f"{self.path}?{query}" if query else self.path


@dataclass(frozen=True, slots=True)
class Listing:
    """A list as the component `c-list` shows it."""

    name: str
    asked: Asked
    columns: Sequence[Column]
    rows: list[Row]
    empty: Empty
    filters: Sequence[Filter] = ()
    tabs: Sequence[Tab] = ()
    next_url: str = ""
    back_url: str = ""
    first_url: str = ""
    search: str = field(default="")
    key: str = ""
    heads: Sequence[Head] = ()
    bulk: Sequence[Any] = ()
    active: Sequence[ActiveFilter] = ()

    @property
    def kept(self) -> list[tuple[str, str]]:
        """Parameters of the address that no filter shows; they stay when a filter changes."""
        shown = {name for one in self.in_bar for name in one.names}
        found = [(name, text) for name, text in self.asked.values.items() if name not in shown]
        found += [("sort", self.asked.window.sort.text)] if self.asked.is_sorted else []
        return [*found, ("view", "all")] if self.asked.wishes.default_view else found

    @property
    def in_bar(self) -> list[Filter]:
        """The filters above the table; the others stand in their dialog."""
        return [one for one in self.filters if not one.more]

    @property
    def has_more(self) -> bool:
        """Whether there is a dialog with further filters."""
        return any(one.more for one in self.filters)

    @property
    def can_sort(self) -> bool:
        """Whether some heading sorts it; on phones, where headings are hidden, a menu does."""
        return any(one.url for one in self.heads)

    @property
    def is_narrowed(self) -> bool:
        """Whether a search or a filter hides rows."""
        return bool(self.asked.q or any(self.asked.values.values()))

    @property
    def view(self) -> ViewRow | None:
        """The saved view whose address this is."""
        here = sorted(parse_qsl(self.asked.query))
        views = self.asked.wishes.views
        return next((one for one in views if here and sorted(parse_qsl(one.query)) == here), None)

    @property
    def count_text(self) -> str:
        """How many rows are here, and whether there are others."""
        shown = f"{len(self.rows)} {'row' if len(self.rows) == 1 else 'rows'}"
        is_whole = not (self.next_url or self.back_url or self.first_url)
        return shown if is_whole else f"{shown} on this page"


def asked(
    request: HttpRequest,
    *names: str,
    sorts: Collection[str] = (),
    wishes: ListWishes | None = None,
) -> Asked:
    """Read a list's state from the address. Raises Invalid for a cursor of something else."""
    sort = _sort_of(request.GET.get("sort"), sorts)
    back = request.GET.get("before")
    place = read_place(back or request.GET.get("after"), sort)
    return Asked(
        path=request.path,
        q=request.GET.get("q", "").strip()[:200],
        values={
            name: ",".join(one for one in request.GET.getlist(name) if one)[:2000]
            for name in names
            if any(request.GET.getlist(name))
        },
        after=place.id if place and sort == NEWEST and not back else None,
        window=Window(sort, place, is_backward=bool(back), size=PAGE_SIZE),
        wishes=wishes or ListWishes(),
    )


def _sort_of(text: str | None, sorts: Collection[str]) -> Sort:
    try:
        return read_sort(text, sorts)
    except Invalid:
        return NEWEST


def listing(
    *,
    name: str,
    asked: Asked,
    columns: Sequence[Column],
    rows: Sequence[Any] = (),
    empty: Empty,
    filters: Sequence[Filter] = (),
    tabs: Sequence[Tab] = (),
    search: str = "",
    size: int = PAGE_SIZE,
    found: Page[Any] | None = None,
    key: str = "",
    bulk: Sequence[Any] = (),
    label: Callable[[Any], str] = lambda row: "",
) -> Listing:
    """A page of a list, from a `Page` or from `size + 1` rows newest first: the row too many says
    that there is more."""
    page = found or _newest(rows, asked, size)
    shown = chosen(columns, asked.wishes)
    filled = [one.at(asked.values) for one in filters]
    return Listing(
        name=name,
        asked=asked,
        columns=shown,
        rows=[
            Row(row.id, label(row), [(column, _cell(column, row)) for column in shown])
            for row in page.rows
        ],
        empty=empty,
        filters=filled,
        tabs=tabs,
        next_url=asked.url(after=write_place(page.later)) if page.later else "",
        back_url=asked.url(before=write_place(page.earlier)) if found and page.earlier else "",
        first_url=asked.url() if asked.window.place else "",
        search=search,
        key=key,
        heads=[_head(column, asked) for column in shown],
        bulk=bulk,
        active=[ActiveFilter(one.said, asked.url(**one.emptied)) for one in filled if one.said],
    )


def _newest(rows: Sequence[Any], asked: Asked, size: int) -> Page[Any]:
    shown, more = rows[:size], len(rows) > size
    later = Place(NEWEST, "", shown[-1].id) if more else None
    return Page(shown, None, later)


def chosen(columns: Sequence[Column], wishes: ListWishes) -> list[Column]:
    """The columns that somebody wants to see; those that head the rows are always there."""
    if wishes.columns is None:
        return [column for column in columns if not column.optional]
    return [column for column in columns if column.primary or column.key in wishes.columns]


def _head(column: Column, asked: Asked) -> Head:
    if not column.sort:
        return Head(column)
    present = asked.window.sort
    if present.name != column.sort:
        wanted = Sort(column.sort, column.falls)
        return Head(column, asked.url(sort=wanted.text))
    turned = replace(present, is_descending=not present.is_descending)
    direction = "descending" if present.is_descending else "ascending"
    return Head(column, asked.url(sort=turned.text), direction)


def _cell(column: Column, row: Any) -> Any:
    shown = column.show(row)
    return NOTHING if shown in (None, "") else shown
