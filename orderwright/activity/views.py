"""How people want their lists: saved views, columns, and the view that a list opens with.

A view is an address under a name. Its owner renames, shares and deletes it; others of the
organization may use a shared one.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import Q

from orderwright.activity.models import ListChoice, SavedView
from orderwright.activity.references import refusing_in_sentences
from orderwright.activity.rows import read
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Invalid, NotFound
from orderwright.kernel.text import check_text

MOST_VIEWS = 100

# Always a row at least: who has chosen nothing still sees the views of others, and without a view
# there still are columns. After the choice stand the fields of ViewRow.
WISHES = """
WITH asked (organization, person, list) AS (VALUES (%s::uuid, %s::uuid, %s))
SELECT choice.columns, choice.default_view_id, view.id, view.version, view.list_name,
       view.owner_id, view.owner_name, view.name, view.query, view.is_shared
  FROM asked
  LEFT JOIN activity_listchoice AS choice
    ON (choice.organization_id, choice.owner_id, choice.list_name)
     = (asked.organization, asked.person, asked.list)
  LEFT JOIN activity_savedview AS view
    ON (view.organization_id, view.list_name) = (asked.organization, asked.list)
   AND (view.owner_id = asked.person OR view.is_shared)
 ORDER BY view.name, view.id
"""


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A saved view."""

    id: UUID
    version: int
    list_name: str
    owner_id: UUID
    owner_name: str
    name: str
    query: str
    is_shared: bool


@dataclass(frozen=True, slots=True)
class ListWishes:
    """What somebody wants of a list: `columns` by name (None: the usual ones), the views that can
    be opened, and the one that it opens with."""

    columns: tuple[str, ...] | None = None
    views: tuple[ViewRow, ...] = ()
    default_view: ViewRow | None = None


def wishes(by: Caller, list_name: str) -> ListWishes:
    """The caller's own views and those that others share, by name; one statement."""
    if by.actor.id is None:
        return ListWishes()
    with connection.cursor() as cursor:
        cursor.execute(WISHES, [by.organization_id, by.actor.id, list_name])
        rows = cursor.fetchall()
    columns, default_id = rows[0][:2]
    views = tuple(ViewRow(*row[2:]) for row in rows if row[2])
    return ListWishes(
        columns=tuple(columns) if columns is not None else None,
        views=views,
        default_view=next((view for view in views if view.id == default_id), None),
    )


def view(by: Caller, view_id: UUID) -> ViewRow:
    """One view that the caller may use. Raises NotFound."""
    for row in read(_seen(by).filter(pk=view_id), ViewRow):
        return row
    raise _missing()


def save_view(*, by: Caller, list_name: str, name: str, query: str, is_shared: bool) -> UUID:
    """Keep an address under a name. Raises Invalid without a name, Conflict `duplicate` for a name
    that the caller has used for this list, `too_many` at the hundredth."""
    owner_id = _person(by)
    mine = SavedView.objects.of(by.organization_id).filter(owner_id=owner_id, list_name=list_name)
    if mine.count() >= MOST_VIEWS:
        raise Conflict("too_many", f"You have {MOST_VIEWS} views of this list. Delete one first.")
    with refusing_in_sentences():
        return SavedView.objects.create(
            organization_id=by.organization_id,
            list_name=list_name,
            owner_id=owner_id,
            owner_name=by.actor.name,
            name=_named(name),
            query=check_text(query, "query", longest=2000),
            is_shared=is_shared,
        ).pk


def change_view(*, by: Caller, view_id: UUID, name: str, is_shared: bool) -> None:
    """Rename a view, share it or not. Its owner only. Raises NotFound, Invalid, Conflict."""
    held = _own(by, view_id)
    with refusing_in_sentences():
        held.update(
            name=_named(name),
            is_shared=is_shared,
            updated_at=by.now,
        )


def delete_view(*, by: Caller, view_id: UUID) -> None:
    """Forget a view. Its owner only; lists that opened with it open as usual. Raises NotFound."""
    _own(by, view_id).delete()
    ListChoice.objects.of(by.organization_id).filter(default_view_id=view_id).update(
        default_view_id=None
    )


def open_with(*, by: Caller, list_name: str, view_id: UUID | None) -> None:
    """The view that a list opens with for the caller; None for all rows. Raises NotFound."""
    if view_id is not None and view(by, view_id).list_name != list_name:
        raise _missing()
    _choose(by, list_name, default_view_id=view_id)


def choose_columns(*, by: Caller, list_name: str, columns: Sequence[str] | None) -> None:
    """The columns that the caller wants to see; None for the usual ones."""
    kept = None if columns is None else [name[:40] for name in columns][:100]
    _choose(by, list_name, columns=kept)


def _named(name: str) -> str:
    given = check_text(name, "name", longest=80).strip()
    if not given:
        message = "Give the view a name."
        raise Invalid("required", message, fields={"name": message})
    return given


def _choose(by: Caller, list_name: str, **wanted: Any) -> None:
    ListChoice.objects.update_or_create(
        organization_id=by.organization_id,
        owner_id=_person(by),
        list_name=list_name,
        defaults=wanted,
    )


def _seen(by: Caller) -> Any:
    mine = SavedView.objects.of(by.organization_id)
    return mine.filter(Q(owner_id=_person(by)) | Q(is_shared=True))


def _own(by: Caller, view_id: UUID) -> Any:
    mine = SavedView.objects.of(by.organization_id).filter(owner_id=_person(by), pk=view_id)
    if not mine.exists():
        raise _missing()
    return mine


def _person(by: Caller) -> UUID:
    if by.actor.id is None:
        raise _missing()
    return by.actor.id


def _missing() -> NotFound:
    return NotFound("not_found", "There is no such view.")
