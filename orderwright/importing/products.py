"""Rows that are products, by SKU: read once, planned one by one, written in sets."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models.functions import Lower

from orderwright.activity import record_sets
from orderwright.activity.record_sets import RecordChange
from orderwright.catalog import actions as catalog
from orderwright.catalog.kinds import PRODUCT
from orderwright.catalog.models import Product, ProductCategory, ProductLine
from orderwright.identity.caller import Caller
from orderwright.importing.lines import (
    Line,
    Manner,
    Result,
    changed,
    created,
    doubled,
    is_missing,
    is_there,
    refused,
)
from orderwright.kernel.errors import Conflict, Refusal, TryAgain
from orderwright.kernel.shapes import invalid

_NAMES = {"product_line_id": "product_line", "category_id": "category"}


@dataclass(frozen=True, slots=True)
class _Facts:
    existing: Mapping[str, Any]
    product_lines: Mapping[str, UUID]
    categories: Mapping[str, UUID]


def write(by: Caller, manner: Manner, lines: Sequence[Line]) -> list[Result]:
    """Create and change products; the number of statements does not depend on their number.

    Raises TryAgain when somebody took one of the SKUs in this moment.
    """
    facts = _facts(by, lines)
    results: list[Result] = []
    new: list[tuple[Line, dict[str, Any]]] = []
    changes: list[tuple[Line, RecordChange]] = []
    for line in lines:
        current = facts.existing.get(str(line.values.get("sku", "")).lower())
        try:
            settled = _settled(line, current, manner)
            if settled is not None:
                results.append(settled)
                continue
            sent = _sent(by, line.values, facts, current)
            if current is None:
                new.append((line, record_sets.plan_new(by, PRODUCT, sent)))
            elif (change := record_sets.plan_change(by, PRODUCT, current, sent)) is not None:
                changes.append((line, change))
            else:
                results.append(changed(line, current.pk, differs=False))
        except Refusal as refusal:
            results.append(refused(line, refusal, _NAMES))
    return results + _create(by, new) + _change(by, changes)


def take_back(by: Caller, record_ids: Sequence[UUID]) -> None:
    """Remove products, all or none. Raises Conflict `changed_since` or `in_use`."""
    record_sets.remove_unused(by, PRODUCT, record_ids)


def _settled(line: Line, current: Any, manner: Manner) -> Result | None:
    if not line.is_first:
        return doubled(line, "SKU")
    if current is not None and not manner.may_update:
        return is_there(line, "product", "SKU")
    if current is None and not manner.may_create:
        return is_missing(line, "product", "SKU")
    return None


def _create(by: Caller, new: Sequence[tuple[Line, dict[str, Any]]]) -> list[Result]:
    if not new:
        return []
    try:
        ids = record_sets.insert_all(by, PRODUCT, [values for _, values in new])
    except Conflict as conflict:
        if conflict.code == "duplicate":
            raise TryAgain from conflict  # somebody took one of the SKUs in this moment
        raise
    return [created(line, record_id) for (line, _), record_id in zip(new, ids, strict=True)]


def _change(by: Caller, changes: Sequence[tuple[Line, RecordChange]]) -> list[Result]:
    results = []
    careful = []
    for line, change in changes:
        if PRODUCT.settled_in_use & change.after.keys():
            try:
                record_sets.update_all(by, PRODUCT, [change])
                results.append(changed(line, change.current.pk, differs=True))
            except Refusal as refusal:
                results.append(refused(line, refusal, _NAMES))
        else:
            careful.append((line, change))
    record_sets.update_all(by, PRODUCT, [change for _, change in careful])
    return results + [changed(line, change.current.pk, differs=True) for line, change in careful]


def _facts(by: Caller, lines: Sequence[Line]) -> _Facts:
    """Three statements: the products of these SKUs, locked, and what their rows name."""
    skus = {str(line.values.get("sku", "")).lower() for line in lines}
    rows = Product.objects.of(by.organization_id).annotate(key=Lower("sku"))
    return _Facts(
        existing={row.key: row for row in rows.filter(key__in=skus).locked()},
        product_lines=_named(by, ProductLine, lines, "product_line"),
        categories=_named(by, ProductCategory, lines, "category"),
    )


def _named(by: Caller, model: type[Any], lines: Sequence[Line], field: str) -> dict[str, UUID]:
    wanted = {line.values[field].lower() for line in lines if field in line.values}
    if not wanted:
        return {}
    rows = model.objects.of(by.organization_id).annotate(key=Lower("name"))
    return dict(rows.filter(key__in=wanted).values_list("key", "pk"))


def _sent(by: Caller, values: Mapping[str, Any], facts: _Facts, current: Any) -> dict[str, Any]:
    """The row as `rules.PRODUCT` takes it. Raises Invalid for names of nothing."""
    sent, own = dict(values), by.organization.default_currency
    if catalog.COMMERCIAL & sent.keys():
        by.must("orders_commercial:update")
    for field, known, noun in (
        ("product_line", facts.product_lines, "product line"),
        ("category", facts.categories, "category"),
    ):
        if field in sent:
            name = sent.pop(field)
            if name.lower() not in known:
                message = f"There is no {noun} named {name}. Add it under Settings first."
                raise invalid("unknown_reference", message, field)
            sent[f"{field}_id"] = known[name.lower()]
    if current is not None and not current.currency and sent.get("currency", "").upper() == own:
        del sent["currency"]  # without a price of its own it counts in ours anyway
    if "type" in sent:
        sent["type"] = sent["type"].lower()
    if "attributes" in sent:
        sent["attributes"] = dict(sent["attributes"])
    if "units" in sent:
        held = {} if current is None else current.units
        sent["units"] = [
            {**{k: v for k, v in held.get(unit, {}).items() if k != "ratio"}}
            | {"unit": unit, "ratio": ratio}
            for unit, ratio in sent["units"]
        ]
    return sent
