"""Lists of set-up records sorted by a text: pages by keyset, in whatever case it is written."""

from collections.abc import Collection, Mapping
from dataclasses import fields
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.functions import Lower

from orderwright.activity import records
from orderwright.activity.kinds import Kind
from orderwright.identity.caller import Caller
from orderwright.kernel.paging import NEWEST, Page, Window, page_of


def page_of_records(
    *,
    by: Caller,
    kind: Kind,
    q: str | None,
    filters: Mapping[str, Any],
    window: Window,
    among: Collection[UUID] | None = None,
) -> Page[Any]:
    """A page of rows; a sort names a column of texts, its own or joined. One statement, whose cost
    does not grow with the page's number where the column has an index. Raises Forbidden,
    Invalid."""
    rows = records.narrowed(by=by, kind=kind, q=q, filters=filters, among=among)
    falls = window.sort.is_descending != window.is_backward
    sign, way = ("lt", "-") if falls else ("gt", "")
    is_newest = window.sort == NEWEST
    column = kind.joined.get(window.sort.name, window.sort.name)
    rows = rows.annotate(sorted_by=F("pk") if is_newest else Lower(column))
    rows = rows.order_by(f"{way}pk") if is_newest else rows.order_by(f"{way}sorted_by", f"{way}pk")
    if window.place is not None:
        rows = rows.filter(_beyond(window, sign))
    wanted = [kind.joined.get(one.name, one.name) for one in fields(kind.row)]
    found = rows.values_list("sorted_by", *wanted)[: window.size + 1]
    return page_of([(str(row[0]), kind.row(*row[1:])) for row in found], window)


def _beyond(window: Window, sign: str) -> Q:
    assert window.place is not None
    if window.sort == NEWEST:
        return Q(**{f"pk__{sign}": window.place.id})
    value = window.place.value
    return Q(**{f"sorted_by__{sign}e": value}) & (
        Q(**{f"sorted_by__{sign}": value}) | Q(**{f"pk__{sign}": window.place.id})
    )


def ids_of_records(
    *,
    by: Caller,
    kind: Kind,
    q: str | None,
    filters: Mapping[str, Any],
    most: int,
    among: Collection[UUID] | None = None,
) -> list[UUID]:
    """The ids of the rows that match, newest first. One statement."""
    rows = records.narrowed(by=by, kind=kind, q=q, filters=filters, among=among)
    return list(rows.newest_first().values_list("pk", flat=True)[:most])
