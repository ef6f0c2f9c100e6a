"""Merge customers: one stays with its identity and defaults, the others' records become its own.

Whatever table refers to a customer moves, whichever area it belongs to: the references are read
from the models, so that none can be forgotten. Areas whose rows could collide clear the way first
(`before_merging`, registered in their `apps.py`).
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from django.apps import apps
from django.db.models import F

from orderwright.activity import actions as activity
from orderwright.activity.references import lists_of, refusing_in_sentences
from orderwright.directory import rules, watchers
from orderwright.directory.checks import ancestors
from orderwright.directory.kinds import CUSTOMER
from orderwright.directory.models import Address, Contact, Customer
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import NotFound
from orderwright.kernel.versions import check_version

MOST_SOURCES: Final = 20


@dataclass(frozen=True, slots=True)
class Merge:
    """Which customers become which one."""

    target_id: UUID
    source_ids: tuple[UUID, ...]


@dataclass(frozen=True, slots=True)
class Preview:
    """What a merge would move: how many rows of each table, by the name of its model."""

    target: Customer
    sources: tuple[Customer, ...]
    moves: dict[str, int]


Watcher = Callable[[Caller, Merge], None]
_watchers: list[Watcher] = []


def before_merging(watcher: Watcher) -> None:
    """Call this function before rows move, to clear away or refuse what would collide."""
    if watcher not in _watchers:
        _watchers.append(watcher)


def merge_customers(
    *, by: Caller, target_id: UUID, source_ids: Sequence[UUID], version: int | None = None
) -> None:
    """Make the sources' orders, prices, contacts and all else the target's, and remove the sources.

    The target keeps its name, number, terms and defaults, also what it bills and ships to.
    Records `customer.merged` with what moved, and `customer.deleted` for each source. Raises
    Forbidden, NotFound, Invalid for sources that make no sense, Conflict `stale_version`,
    `merges_parent`, or what an area refuses. The number of statements depends on the number of
    tables, and on that of sources only for their events.
    """
    by.must("customers:delete", "customers:update")
    target, sources = _locked(by, target_id, source_ids)
    check_version(CUSTOMER.noun, target.version, version)
    merge = Merge(target.pk, tuple(source.pk for source in sources))
    rules.check_merge(merge.source_ids, ancestors(by, target.pk))
    for watcher in _watchers:
        watcher(by, merge)
    _prepare_own(by, merge, target)
    with refusing_in_sentences():
        moved = {name: count for name, count in _move(by, merge) if count}
    _replace_in_lists(by, merge)
    customers = Customer.objects.of(by.organization_id)
    customers.with_ids(merge.source_ids).delete()
    customers.filter(pk=target.pk).update(version=F("version") + 1, updated_at=by.now)
    _note(by, target, sources, moved)
    watchers.tell(by, target.pk)


def preview_merge(*, by: Caller, target_id: UUID, source_ids: Sequence[UUID]) -> Preview:
    """What `merge_customers` would move; one statement per table. Raises what it raises."""
    by.must("customers:delete", "customers:update")
    target, sources = _locked(by, target_id, source_ids)
    merge = Merge(target.pk, tuple(source.pk for source in sources))
    rules.check_merge(merge.source_ids, ancestors(by, target.pk))
    counted = {model.__name__: rows.count() for model, _, rows in _rows(by, merge)}
    return Preview(target, sources, {name: count for name, count in counted.items() if count})


def drop_doubles(by: Caller, merge: Merge, model: type[Any], column: str) -> None:
    """Of rows that read the same in this column, one stays: the target's, else the oldest.

    Two statements, whatever the number of rows.
    """
    rows = model.objects.of(by.organization_id)
    found = rows.filter(customer_id__in=[merge.target_id, *merge.source_ids]).order_by("pk")
    seen: set[str] = set()
    doubles = []
    read = found.values_list("pk", "customer_id", column)
    for row_id, _, text in sorted(read, key=lambda row: row[1] != merge.target_id):
        if text.casefold() in seen:
            doubles.append(row_id)
        seen.add(text.casefold())
    if doubles:
        rows.with_ids(doubles).delete()


def references_to_customers() -> list[tuple[type[Any], str]]:
    """Every table that refers to customers, with the column that does."""
    return [
        (model, field.attname)
        for model in apps.get_models()
        for field in model._meta.concrete_fields  # noqa: SLF001
        if field.is_relation and field.related_model is Customer
    ]


def _locked(
    by: Caller, target_id: UUID, source_ids: Sequence[UUID]
) -> tuple[Customer, tuple[Customer, ...]]:
    rules.check_merge_request(target_id, source_ids, most=MOST_SOURCES)
    rows = Customer.objects.of(by.organization_id).with_ids([target_id, *source_ids]).locked()
    found = {row.pk: row for row in rows}
    if target_id not in found:
        raise NotFound("not_found", "There is no such customer.")
    rules.check_all_known(source_ids, found.keys())
    return found[target_id], tuple(found[one] for one in dict.fromkeys(source_ids))


def _rows(by: Caller, merge: Merge) -> Iterator[tuple[type[Any], str, Any]]:
    for model, column in references_to_customers():
        mine = model.objects.of(by.organization_id)
        yield model, column, mine.filter(**{f"{column}__in": merge.source_ids})


def _move(by: Caller, merge: Merge) -> Iterator[tuple[str, int]]:
    for model, column, rows in _rows(by, merge):
        yield model.__name__, rows.update(**{column: merge.target_id})


def _prepare_own(by: Caller, merge: Merge, target: Customer) -> None:
    """What the target bills and ships to stays so, however many addresses come along; a person
    whom the target knows already comes once."""
    own = list(Address.objects.of(by.organization_id).filter(customer_id=target.pk).order_by("pk"))
    kept = {
        f"{use}_address_id": next((one.pk for one in own if getattr(one, f"is_{use}")), own[0].pk)
        for use in ("bill_to", "ship_to")
        if own and getattr(target, f"{use}_address_id") is None
    }
    if kept:
        Customer.objects.of(by.organization_id).filter(pk=target.pk).update(**kept)
    drop_doubles(by, merge, Contact, "email")


def _replace_in_lists(by: Caller, merge: Merge) -> None:
    """Lists of ids that name a source name the target instead, once."""
    for model, column in lists_of(Customer):
        rows = model.objects.of(by.organization_id)
        naming = rows.filter(**{f"{column}__overlap": list(merge.source_ids)}).locked()
        changed = list(naming)
        for row in changed:
            named = (
                merge.target_id if one in merge.source_ids else one for one in getattr(row, column)
            )
            setattr(row, column, list(dict.fromkeys(named)))
        if changed:
            rows.bulk_update(changed, [column])


def _note(by: Caller, target: Customer, sources: Sequence[Customer], moved: dict[str, int]) -> None:
    merged = [
        {"id": str(source.pk), "number": source.number, "name": source.name} for source in sources
    ]
    activity.record(by, "customer.merged", target.pk, body={"sources": merged, "moved": moved})
    into = {"id": str(target.pk), "number": target.number, "name": target.name}
    for source, held in zip(sources, merged, strict=True):
        body = {"before": held, "merged_into": into}
        activity.record(by, "customer.deleted", source.pk, body=body)
