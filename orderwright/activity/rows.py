"""Rows as values: read them into dataclasses, replace those that belong to a record."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import QuerySet

from orderwright.activity.references import refusing_in_sentences, unknown
from orderwright.identity.caller import Caller
from orderwright.kernel.quantity import trim
from orderwright.kernel.shapes import together

Values = dict[str, Any]


def read(
    rows: QuerySet[Any],
    row: type[Any],
    joined: Mapping[str, str] | None = None,
    *,
    limit: int | None = None,
) -> list[Any]:
    """Rows as frozen dataclasses whose fields are the columns, or stand in `joined`."""
    wanted = [(joined or {}).get(one.name, one.name) for one in fields(row)]
    return [row(*values) for values in rows.values_list(*wanted)[:limit]]


def replace_rows(
    *, by: Caller, model: type[Any], owner: str, owner_id: UUID, sent: Sequence[Values], name: str
) -> tuple[list[Values], list[Values]]:
    """Make the rows that belong to a record what was sent; answers what they were and are.

    A row that names its `id` is kept and changed, one without is new, those not sent go. `owner`
    is the column that points to the record, `name` the field of the whole list. The number of
    statements does not depend on the number of rows. Raises Invalid for an id of other rows,
    Conflict `in_use` when a row that would go is referred to.
    """
    mine = model.objects.of(by.organization_id).filter(**{owner: owner_id}).order_by("pk")
    known = {row.pk: row for row in mine}
    _check_own_rows(known, sent, name)
    was = [_held(row, owner) for row in known.values()]
    kept = [_assigned(known[row["id"]], row) for row in sent if row.get("id")]
    kept.sort(key=lambda row: row.pk)
    fresh = [
        model(organization_id=by.organization_id, **{owner: owner_id}, **_without_id(row))
        for row in sent
        if not row.get("id")
    ]
    now = [_held(row, owner) for row in (*kept, *fresh)]
    gone = known.keys() - {row.pk for row in kept}
    with refusing_in_sentences():
        if gone:
            mine.filter(pk__in=gone).delete()
        if kept and now[: len(kept)] != was:
            _update_rows(mine, model, kept, sent)
        if fresh:
            model.objects.bulk_create(fresh)
    return was, now


def plain(value: Any) -> Any:
    """The value as JSON keeps it in an event."""
    match value:
        case Mapping():
            return {str(name): plain(held) for name, held in value.items()}
        case list() | tuple() | set() | frozenset():
            return [plain(held) for held in value]
        case Decimal():
            return trim(value)
        case UUID():
            return str(value)
        case date() | datetime():
            return value.isoformat()
    return value


def columns(values: Values) -> Values:
    """The values as a model takes them: lists instead of tuples."""
    return {name: list(held) if isinstance(held, tuple) else held for name, held in values.items()}


def _check_own_rows(known: Mapping[UUID, Any], sent: Sequence[Values], name: str) -> None:
    refusals, seen = [], set()
    for index, row in enumerate(sent):
        row_id = row.get("id")
        if row_id is not None and (row_id not in known or row_id in seen):
            refusals.append(unknown(f"{name}.{index}.id"))
        seen.add(row_id)
    if refusals:
        raise together(refusals)


def _without_id(row: Values) -> Values:
    return {name: held for name, held in columns(row).items() if name != "id"}


def _assigned(row: Any, values: Values) -> Any:
    for name, held in _without_id(values).items():
        setattr(row, name, held)
    return row


def _held(row: Any, owner: str) -> Values:
    """What a row holds, without what every row of the record has in common."""
    common = {owner, "organization_id"}
    names = [field.attname for field in row._meta.concrete_fields]  # noqa: SLF001
    return {name: getattr(row, name) for name in names if name not in common}


def _update_rows(mine: Any, model: type[Any], kept: list[Any], sent: Sequence[Values]) -> None:
    names = sorted({name.removesuffix("_id") for row in sent for name in row if name != "id"})
    if "is_default" in names:
        # Only one row may be the default, and the database looks after each row.
        mine.filter(is_default=True).update(is_default=False)
    if names:
        model.objects.bulk_update(kept, names)
