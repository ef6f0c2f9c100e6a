"""Many set-up records of one kind at once: planned one by one, written in sets.

What single records obey, these obey: the shape, `complete` and `check` of the kind see every one.
Kinds whose records carry lists of rows (`belongings`) go through `records` one by one.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction

from orderwright.activity import actions as activity
from orderwright.activity import records
from orderwright.activity.kinds import Kind, Values
from orderwright.activity.references import (
    check_references,
    is_listed_elsewhere,
    refusing_in_sentences,
)
from orderwright.activity.row_sets import insert_rows
from orderwright.activity.rows import columns, plain
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict
from orderwright.kernel.ids import new_id


@dataclass(frozen=True, slots=True)
class RecordChange:
    """What a locked record holds, and what it will hold of the fields that differ."""

    current: Any
    before: Values
    after: Values


def plan_new(by: Caller, kind: Kind, sent: Mapping[str, Any]) -> Values:
    """The values of a new record, checked. Raises Invalid, Conflict; nothing is written."""
    values = kind.complete(by, kind.shape.of_new(sent))
    kind.check(by, {**values, "id": None}, values.keys())
    return values


def plan_change(
    by: Caller, kind: Kind, current: Any, sent: Mapping[str, Any]
) -> RecordChange | None:
    """What would change of a locked record, checked; None when nothing differs.

    Raises Invalid, Conflict.
    """
    held = records.held_by(kind, current)
    after = kind.complete(by, {**held, **kind.shape.of_change(sent)})
    changed = {name: value for name, value in after.items() if not _same(held[name], value)}
    if not changed:
        return None
    kind.check(by, {**after, "id": current.pk}, changed.keys())
    return RecordChange(current, {name: held[name] for name in changed}, changed)


def insert_all(by: Caller, kind: Kind, planned: Sequence[Values]) -> list[UUID]:
    """Write new records, and an event for each. Answers their ids, in order.

    The number of statements does not depend on the number of records. Raises Forbidden, Invalid
    for ids that do not exist, Conflict `duplicate` (nothing of them is written then).
    """
    by.must(kind.permission("create"))
    if not planned:
        return []
    _check_references(by, kind, planned)
    ids = [new_id() for _ in planned]
    with refusing_in_sentences():
        insert_rows(
            by,
            kind.model,
            [{"id": one, **values} for one, values in zip(ids, planned, strict=True)],
        )
    happened = [
        (record_id, {"after": plain(_public(kind, values))})
        for record_id, values in zip(ids, planned, strict=True)
    ]
    activity.record_each(by, kind.event("created"), happened)
    return ids


def update_all(by: Caller, kind: Kind, changes: Sequence[RecordChange]) -> None:
    """Write what changes of locked records, and an event for each.

    Those with fields that are settled in use go one by one; else the number of statements does
    not depend on the number of records. Raises Forbidden, Invalid, Conflict `settled`, `duplicate`.
    """
    by.must(kind.permission("update"))
    settled = {name for name, field in kind.shape.fields.items() if field.fixed}
    careful = settled | kind.settled_in_use
    for change in changes:
        if careful & change.after.keys():
            records.update(by, kind, change.current, change.after)
    plain_ones = [change for change in changes if not careful & change.after.keys()]
    if not plain_ones:
        return
    _check_references(by, kind, [change.after for change in plain_ones])
    with refusing_in_sentences():
        _upsert(by, kind, plain_ones)
    happened = [
        (
            change.current.pk,
            {
                "before": plain(_public(kind, change.before)),
                "after": plain(_public(kind, change.after)),
            },
        )
        for change in plain_ones
    ]
    activity.record_each(by, kind.event("updated"), happened)


def remove_unused(by: Caller, kind: Kind, record_ids: Sequence[UUID]) -> None:
    """Delete records that nobody changed or referred to since they were made, all or none.

    The number of statements does not depend on the number of records. Raises Forbidden, NotFound,
    Conflict `changed_since` or `in_use` (without saying which of several).
    """
    by.must(kind.permission("delete"))
    rows = kind.model.objects.of(by.organization_id).with_ids(record_ids)
    found = list(rows.locked())
    if len(found) != len(set(record_ids)):
        raise records.missing(kind)
    if any(row.version != 1 for row in found):
        raise Conflict("changed_since", f"Somebody changed this {kind.noun} since.")
    if any(is_listed_elsewhere(by, kind.model, row.pk) for row in found):
        raise _in_use(kind)
    happened = [
        (row.pk, {"before": plain(_public(kind, records.held_by(kind, row)))}) for row in found
    ]
    try:
        with transaction.atomic():
            rows.delete()
    except IntegrityError as error:
        raise _in_use(kind) from error
    activity.record_each(by, kind.event("deleted"), happened)


def _in_use(kind: Kind) -> Conflict:
    return Conflict("in_use", f"Other records refer to this {kind.noun} meanwhile.")


def _upsert(by: Caller, kind: Kind, changes: Sequence[RecordChange]) -> None:
    """One statement: the rows exist and are locked, so that each insertion is an update."""
    names = sorted({name for change in changes for name in change.after})
    for change in changes:
        for name, value in columns(change.after).items():
            setattr(change.current, name, value)
        change.current.version += 1
        change.current.updated_at = by.now
    kind.model.objects.bulk_create(
        [change.current for change in changes],
        update_conflicts=True,
        unique_fields=["organization_id", "id"],
        update_fields=[*(name.removesuffix("_id") for name in names), "version", "updated_at"],
    )


def _check_references(by: Caller, kind: Kind, planned: Sequence[Values]) -> None:
    """One statement per table that any of them refers to."""
    named = {
        f"{name}.{index}": (model, values[name])
        for index, values in enumerate(planned)
        for name, model in kind.references.items()
        if values.get(name) is not None
    }
    check_references(
        by,
        {place: model for place, (model, _) in named.items()},
        {place: wanted for place, (_, wanted) in named.items()},
    )


def _public(kind: Kind, values: Values) -> Values:
    return {name: held for name, held in values.items() if name not in kind.secrets}


def _same(current: Any, value: Any) -> bool:
    return list(current) == list(value) if isinstance(value, tuple) else bool(current == value)
