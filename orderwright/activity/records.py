"""Set-up records: list, read, create, change and remove them, with one event for each write.

A `Kind` says what is particular about one table; the rest is the same for all of them. Records
with more to them (customers, users) use the same pieces from their own actions.
"""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.db.models.expressions import RawSQL

from orderwright.activity import actions as activity
from orderwright.activity.finding import MOST_TYPED
from orderwright.activity.kinds import Kind, Values
from orderwright.activity.references import (
    check_references,
    is_listed_elsewhere,
    is_referred_to,
    refusing_in_sentences,
)
from orderwright.activity.rows import columns, plain, read, replace_rows
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, NotFound
from orderwright.kernel.ids import new_id
from orderwright.kernel.versions import check_version


def listed(
    *,
    by: Caller,
    kind: Kind,
    q: str | None = None,
    filters: Mapping[str, Any] | None = None,
    among: Collection[UUID] | None = None,
    before: UUID | None = None,
    limit: int = 50,
) -> list[Any]:
    """Rows newest first, one more than `limit` when there are more. One statement.

    `q` searches names; `filters` are those of the kind's shape; `among` leaves only rows with
    these ids. Raises Forbidden, Invalid.
    """
    rows = narrowed(by=by, kind=kind, q=q, filters=filters, among=among)
    return read(rows.before(before).newest_first(), kind.row, kind.joined, limit=limit + 1)


def narrowed(
    *,
    by: Caller,
    kind: Kind,
    q: str | None = None,
    filters: Mapping[str, Any] | None = None,
    among: Collection[UUID] | None = None,
) -> Any:
    """The query of the rows that `listed` reads, in no order. Raises Forbidden, Invalid."""
    _must_read(by, kind)
    rows = _filtered(kind.model.objects.of(by.organization_id), kind, filters or {})
    if among is not None:
        rows = rows.with_ids(among)
    return rows.filter(_found(kind, q.strip())) if q and q.strip() else rows


def one(*, by: Caller, kind: Kind, record_id: UUID) -> Any:
    """The row with this id. Raises Forbidden, NotFound. One statement."""
    _must_read(by, kind)
    for row in read(_rows_of(by, kind, record_id), kind.row, kind.joined):
        return row
    raise missing(kind)


def create(*, by: Caller, kind: Kind, sent: Mapping[str, Any]) -> UUID:
    """A new record; records `<noun>.created`. Answers its id.

    Raises Forbidden, Invalid for fields that are not sound or ids that do not exist, Conflict
    `duplicate` when a name or code is taken.
    """
    by.must(kind.permission("create"))
    return insert(by, kind, kind.shape.of_new(sent))


def insert(by: Caller, kind: Kind, values: Values) -> UUID:
    """Check and write a record from values that its shape has passed, and its event."""
    values = kind.complete(by, values)
    kind.check(by, {**values, "id": None}, values.keys())
    _check_all_references(by, kind, values)
    record_id = new_id()
    with refusing_in_sentences():
        _give_up_default(by, kind, values)
        kind.model.objects.create(
            id=record_id, organization_id=by.organization_id, **columns(_own(kind, values))
        )
    _replace_belongings(by, kind, record_id, values)
    activity.record(
        by, kind.event("created"), record_id, body={"after": plain(_public(kind, values))}
    )
    return record_id


def change(
    *,
    by: Caller,
    kind: Kind,
    record_id: UUID,
    sent: Mapping[str, Any],
    version: int | None = None,
) -> Values:
    """Change what was sent and differs; records `<noun>.updated` with before and after.

    Answers the fields that changed with their values before; nothing is written when nothing
    differs. Raises what `create` raises, NotFound, and Conflict `stale_version`, `system_record`,
    `settled`.
    """
    by.must(kind.permission("update"))
    current = locked(by, kind, record_id, version=version)
    return update(by, kind, current, kind.shape.of_change(sent))


def locked(by: Caller, kind: Kind, record_id: UUID, *, version: int | None = None) -> Any:
    """The record, locked for a change. Raises NotFound, Conflict `stale_version`."""
    current = kind.model.objects.of(by.organization_id).filter(pk=record_id).locked().first()
    if current is None:
        raise missing(kind)
    check_version(kind.noun, current.version, version)
    return current


def update(by: Caller, kind: Kind, current: Any, values: Values) -> Values:
    """Write what differs from the locked record, and the event. Answers the values before."""
    held = held_by(kind, current)
    after = kind.complete(by, {**held, **_own(kind, values)})
    changed = {name: value for name, value in after.items() if not _same(held[name], value)}
    _check_changeable(by, kind, current, changed)
    kind.check(by, {**after, "id": current.pk}, changed.keys())
    _check_all_references(by, kind, {**changed, **_belonging(kind, values)})
    replaced = _replace_belongings(by, kind, current.pk, values)
    if not changed and not replaced:
        return {}
    with refusing_in_sentences():
        _give_up_default(by, kind, changed)
        _rows_of(by, kind, current.pk).update(
            **columns(changed), version=F("version") + 1, updated_at=by.now
        )
    before = {name: held[name] for name in changed} | {name: was for name, was, _ in replaced}
    _note_change(by, kind, current.pk, before, changed | {name: now for name, _, now in replaced})
    return before


def held_by(kind: Kind, current: Any) -> Values:
    """What the record itself holds of the fields of its shape."""
    return {
        name: getattr(current, name) for name in kind.shape.fields if name not in kind.belongings
    }


def remove(*, by: Caller, kind: Kind, record_id: UUID) -> None:
    """Delete a record that nothing refers to; records `<noun>.deleted` with what it held.

    Raises Forbidden, NotFound, Conflict `system_record` or `in_use`.
    """
    by.must(kind.permission("delete"))
    current = locked(by, kind, record_id)
    if getattr(current, "is_system", False):
        raise _of_the_system(kind)
    if is_listed_elsewhere(by, kind.model, record_id):
        raise _in_use(kind)
    held = held_by(kind, current)
    try:
        with transaction.atomic():
            _rows_of(by, kind, record_id).delete()
    except IntegrityError as error:
        raise _in_use(kind) from error
    activity.record(
        by, kind.event("deleted"), record_id, body={"before": plain(_public(kind, held))}
    )


def missing(kind: Kind) -> NotFound:
    """The one answer for records that do not exist and for records of others."""
    return NotFound("not_found", f"There is no such {kind.noun}.")


def _in_use(kind: Kind) -> Conflict:
    return Conflict(
        "in_use",
        f"Other records refer to this {kind.noun}. Deactivate it instead, or remove them first.",
    )


def _must_read(by: Caller, kind: Kind) -> None:
    if not kind.open_to_all:
        by.must(kind.permission("read"))


def _filtered(rows: Any, kind: Kind, filters: Mapping[str, Any]) -> Any:
    chosen = kind.filters.of_change({name: held for name, held in filters.items() if held != ""})
    for name, value in chosen.items():
        if value is not None:
            rows = rows.filter(**{name: value})
    return rows


def _found(kind: Kind, text: str) -> Q:
    if kind.finder:
        return Q(pk__in=RawSQL(kind.finder, [text[:MOST_TYPED]]))  # noqa: S611
    found = Q()
    for column in kind.searched:
        found |= Q(**{f"{column}__icontains": text[:200]})
    return found


def _rows_of(by: Caller, kind: Kind, record_id: UUID) -> Any:
    return kind.model.objects.of(by.organization_id).filter(pk=record_id)


def _own(kind: Kind, values: Values) -> Values:
    return {name: held for name, held in values.items() if name not in kind.belongings}


def _belonging(kind: Kind, values: Values) -> Values:
    return {name: held for name, held in values.items() if name in kind.belongings}


def _public(kind: Kind, values: Values) -> Values:
    return {name: held for name, held in values.items() if name not in kind.secrets}


def _check_all_references(by: Caller, kind: Kind, values: Values) -> None:
    """One statement per table that the values refer to."""
    references, flat = dict(kind.references), dict(values)
    for name, belonging in kind.belongings.items():
        for index, row in enumerate(values.get(name, ())):
            for column, model in belonging.references.items():
                references[f"{name}.{index}.{column}"] = model
                flat[f"{name}.{index}.{column}"] = row.get(column)
    check_references(by, references, flat)


def _replace_belongings(
    by: Caller, kind: Kind, record_id: UUID, values: Values
) -> list[tuple[str, Any, Any]]:
    """Each list that changed: its name, what it held and what it holds now."""
    changed = []
    for name, belonging in kind.belongings.items():
        if name in values:
            was, now = replace_rows(
                by=by,
                model=belonging.model,
                owner=belonging.owner,
                owner_id=record_id,
                sent=values[name],
                name=name,
            )
            if was != now:
                changed.append((name, was, now))
    return changed


def _give_up_default(by: Caller, kind: Kind, values: Values) -> None:
    """There is one default at most: a new one takes the place of the old."""
    if values.get("is_default"):
        kind.model.objects.of(by.organization_id).filter(is_default=True).update(
            is_default=False, version=F("version") + 1, updated_at=by.now
        )


def _check_changeable(by: Caller, kind: Kind, current: Any, changed: Values) -> None:
    if getattr(current, "is_system", False) and set(changed) - kind.kept_of_system:
        raise _of_the_system(kind)
    settled = [name for name in changed if kind.shape.fields[name].fixed]
    touched = sorted(set(changed) & kind.settled_in_use)
    if not settled and touched and is_referred_to(by, kind.model, current.pk):
        settled = touched
    if settled:
        raise Conflict(
            "settled",
            f"{settled[0]} of this {kind.noun} cannot change any more. Make a new one instead.",
            fields=dict.fromkeys(settled, "This cannot change any more."),
        )


def _of_the_system(kind: Kind) -> Conflict:
    return Conflict(
        "system_record",
        f"This {kind.noun} came with the system and stays as it is. Make your own instead.",
    )


def _note_change(by: Caller, kind: Kind, record_id: UUID, before: Values, after: Values) -> None:
    activity.record(
        by,
        kind.event("updated"),
        record_id,
        body={"before": plain(_public(kind, before)), "after": plain(_public(kind, after))},
    )


def _same(current: Any, value: Any) -> bool:
    return list(current) == list(value) if isinstance(value, tuple) else bool(current == value)
