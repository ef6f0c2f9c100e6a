"""A list declared once: its page, its export, its columns, its views and its bulk actions."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from django.http import HttpRequest, QueryDict

from orderwright.activity import views
from orderwright.activity.views import ListWishes
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import Page, Window
from orderwright.web import lists
from orderwright.web.inputs import Input
from orderwright.web.lists import Asked, Column, Empty, Filter, Listing, Tab

EXPORT_PART = 1000


@dataclass(frozen=True, slots=True)
class BulkOffer:
    """A button of the bar above selected rows. `will` and `did` say it: "12 orders will be put on
    hold", "12 orders put on hold". `permission` hides it from those who may not."""

    action: str
    label: str
    icon: str
    will: str
    did: str
    permission: str
    inputs: Sequence[Input] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class ListPage:
    """A list under `key`, which names its views, columns, exports and bulk actions.

    `read` gives the page that a window asks for. `filters` are those that the caller may use;
    further parameters that narrow it (a tab's) are `kept`. `nouns` are one and many of its rows.
    `ids` finds all that match, for bulk actions.
    """

    key: str
    name: str
    path: str
    nouns: tuple[str, str]
    columns: Callable[[Caller], Sequence[Column]]
    read: Callable[[Caller, Asked, Window], Page[Any]]
    empty: Callable[[Caller], Empty]
    filters: Callable[[Caller, Asked], Sequence[Filter]] = lambda by, asked: ()
    parameters: Sequence[str] = ()
    sorts: Collection[str] = ()
    tabs: Callable[[Caller, Asked], Sequence[Tab]] = lambda by, asked: ()
    search: str = ""
    label: Callable[[Any], str] = lambda row: ""
    bulk: Sequence[BulkOffer] = ()
    ids: Callable[[Caller, Mapping[str, str], int], list[UUID]] | None = None

    def asked(self, request: HttpRequest, *, wishes: ListWishes | None = None) -> Asked:
        """The state that the address asks for, whatever page shows it."""
        found = lists.asked(request, *self.parameters, sorts=self.sorts, wishes=wishes)
        return replace(found, path=self.path)

    def opening(self, request: HttpRequest) -> tuple[Asked, str]:
        """The state to show, and the address of the view to open with when none was asked for."""
        by: Caller = request.caller  # type: ignore[attr-defined]
        asked = self.asked(request, wishes=views.wishes(by, self.key))
        default = asked.wishes.default_view
        if default and not request.GET:
            return asked, f"{self.path}?{default.query}" if default.query else ""
        return asked, ""

    def shown(self, by: Caller, asked: Asked) -> Listing:
        """The list as its component shows it. Raises Forbidden, Invalid."""
        found = self.read(by, asked, asked.window)
        return lists.listing(
            name=self.name,
            asked=asked,
            columns=self.columns(by),
            found=found,
            empty=self.empty(by),
            filters=self.filters(by, asked),
            tabs=self.tabs(by, asked),
            search=self.search,
            key=self.key,
            bulk=self.offers(by),
            label=self.label,
        )

    def offers(self, by: Caller) -> list[BulkOffer]:
        """The bulk actions that the caller may take."""
        return [one for one in self.bulk if by.may(one.permission)]

    def every_row(self, by: Caller, asked: Asked, *, within: Callable[[], Any]) -> Iterator[Any]:
        """All rows that match, in the list's sort, read in parts; each inside `within()`."""
        window = replace(asked.window, place=None, is_backward=False, size=EXPORT_PART)
        while True:
            with within():
                part = self.read(by, asked, window)
            yield from part.rows
            if part.later is None:
                return
            window = replace(window, place=part.later)

    def filters_of(self, query: str) -> dict[str, str]:
        """The filters in the query of an address, for `ids`."""
        given = QueryDict(query)
        known = {*self.parameters, "q"}
        return {
            name: ",".join(values)
            for name, values in given.lists()
            if name in known and any(values)
        }
