"""Rows that are inventory: a new lot each, or a lot by its tag counted, moved or described anew."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import transaction

from orderwright.activity import actions as activity
from orderwright.activity.references import refusing_in_sentences
from orderwright.identity.caller import Caller
from orderwright.importing import names
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
from orderwright.importing.names import Named
from orderwright.inventory import ledger
from orderwright.inventory import lots as inventory
from orderwright.inventory.arrival_facts import NewLot
from orderwright.inventory.arrivals import Put, put_lots
from orderwright.inventory.ledger import Cause
from orderwright.inventory.models import Lot, Movement
from orderwright.inventory.rules import LotAfter
from orderwright.kernel.errors import Conflict, Invalid, NotFound, Refusal, TryAgain
from orderwright.kernel.numbers import ZERO, parse_decimal, trim
from orderwright.kernel.shapes import invalid

_DESCRIBED = (
    "inventory_type",
    "finished_type",
    "shape",
    "size",
    "color",
    "quality",
    "notes",
    "unit_cost",
    "currency",
    "weight_unit",
)
_NAMES = {"tag_id": "tag_id", "product_id": "product", "location_id": "location"}
_CAUSE = Cause(None, "import")


@dataclass(frozen=True, slots=True)
class _Facts:
    existing: Mapping[str, Any]
    products: Named
    locations: Named


def write(by: Caller, manner: Manner, lines: Sequence[Line]) -> list[Result]:
    """Put new lots on the books, in sets; change those that are there, one by one.

    Raises TryAgain when somebody took one of the tags in this moment.
    """
    facts = _facts(by, lines)
    results: list[Result] = []
    new: list[tuple[Line, NewLot]] = []
    for line in lines:
        current = facts.existing.get(str(line.values.get("tag_id", "")).upper())
        try:
            settled = _settled(line, current, manner)
            if settled is not None:
                results.append(settled)
            elif current is None:
                new.append((line, _new_lot(by, line.values, facts)))
            else:
                with transaction.atomic():
                    differs = _change(by, line.values, facts, current)
                results.append(changed(line, current.pk, differs=differs))
        except Refusal as refusal:
            results.append(refused(line, refusal, _NAMES))
    return results + _create(by, new)


def take_back(by: Caller, record_ids: Sequence[UUID]) -> None:
    """Take lots off the books that nobody touched since, all or none; their movements stay.

    Seven statements, however many. Raises NotFound, Conflict `in_use`.
    """
    by.must("inventory:delete")
    products = ledger.lock_products(by, (), record_ids)
    mine = Lot.objects.of(by.organization_id).with_ids(record_ids)
    found = list(mine)
    moved = Movement.objects.of(by.organization_id).filter(lot_id__in=record_ids)
    if len(found) != len(set(record_ids)):
        raise NotFound("not_found", "This lot is gone already.")
    if any(lot.version != 1 for lot in found) or moved.count() != len(found):
        raise Conflict("in_use", "This inventory was used or changed meanwhile.")
    ledger.change_lots(by, [_gone(lot) for lot in found], action="delete_record", cause=_CAUSE)
    with refusing_in_sentences():
        mine.delete()
    ledger.settle(by, products)
    happened = [(lot.pk, {"before": _as_put(lot)}) for lot in found]
    activity.record_each(by, "lot.deleted", happened)


def _gone(lot: Any) -> LotAfter:
    return LotAfter(
        id=lot.pk,
        product_id=lot.product_id,
        quantity=ZERO,
        weight=ZERO,
        status=lot.status,
        delta_quantity=-lot.quantity,
        delta_weight=-lot.weight,
    )


def _settled(line: Line, current: Any, manner: Manner) -> Result | None:
    if not line.is_first:
        return doubled(line, "tag")
    if current is not None and not manner.may_update:
        return is_there(line, "lot", "tag")
    if current is None and not manner.may_create:
        return is_missing(line, "lot", "tag")
    return None


def _facts(by: Caller, lines: Sequence[Line]) -> _Facts:
    """Three statements, however many rows."""
    tags = {line.values["tag_id"].upper() for line in lines if "tag_id" in line.values}
    lots = Lot.objects.of(by.organization_id).filter(tag_id__in=tags) if tags else ()
    return _Facts(
        existing={lot.tag_id: lot for lot in lots},
        products=names.products(by, _said(lines, "product")),
        locations=names.locations(by, _said(lines, "location")),
    )


def _said(lines: Sequence[Line], field: str) -> list[str]:
    return [line.values[field] for line in lines if field in line.values]


def _new_lot(by: Caller, values: Mapping[str, Any], facts: _Facts) -> NewLot:
    """The row as `SHAPE` takes it; refuses what is not sound before anything is asked."""
    by.must("inventory:create")
    sent = {name: held for name, held in values.items() if name not in ("product", "location")}
    if "product" not in values:
        raise invalid("required", "Say which product it is.", "product")
    if "quantity" not in sent and "weight" in sent:
        sent["quantity"] = "0"
    sent["product_id"] = facts.products.one(values["product"], "product")
    if "location" in values:
        sent["location_id"] = facts.locations.one(values["location"], "location")
    checked = inventory.SHAPE.of_new(sent)
    if checked["unit_cost"] is not None:
        by.must("orders_commercial:update")
    return NewLot(**{**checked, "auto_merge": False}, source="import")


def _create(by: Caller, new: Sequence[tuple[Line, NewLot]]) -> list[Result]:
    """The sound ones in one go; what the arrival refuses is named by its row and left out."""
    results: list[Result] = []
    wanted = list(new)
    while wanted:
        try:
            puts = put_lots(
                by,
                [replace(lot, field=f"{at}.") for at, (_, lot) in enumerate(wanted)],
                action="create_record",
                cause=_CAUSE,
            )
        except Invalid as refusal:
            errors = _by_row(refusal)
            results += [
                Result(line.row_id, "bad", errors=errors[at])
                for at, (line, _) in enumerate(wanted)
                if at in errors
            ]
            wanted = [entry for at, entry in enumerate(wanted) if at not in errors]
        except Conflict as conflict:
            raise TryAgain from conflict
        else:
            _note(by, [lot for _, lot in wanted], puts)
            made = zip(wanted, puts, strict=True)
            return results + [created(line, put.lot_id) for (line, _), put in made]
    return results


def _by_row(refusal: Invalid) -> dict[int, dict[str, str]]:
    found: dict[int, dict[str, str]] = {}
    for name, sentence in refusal.fields.items():
        at, _, field = name.partition(".")
        found.setdefault(int(at), {})[_NAMES.get(field, field)] = sentence
    return found


def _note(by: Caller, lots: Sequence[NewLot], puts: Sequence[Put]) -> None:
    happened = [
        (
            put.lot_id,
            {"after": {"product_id": str(lot.product_id), "source": "import", **_as_put(put)}},
        )
        for lot, put in zip(lots, puts, strict=True)
    ]
    activity.record_each(by, "lot.created", happened)


def _as_put(held: Any) -> dict[str, str]:
    return {
        "tag_id": held.tag_id,
        "quantity": trim(held.quantity),
        "weight": trim(held.weight),
        "weight_unit": held.weight_unit,
    }


def _change(by: Caller, values: Mapping[str, Any], facts: _Facts, lot: Any) -> bool:
    """Count, move and describe the lot as the row says; whether anything differed."""
    if "product" in values and facts.products.one(values["product"], "product") != lot.product_id:
        raise invalid("not_editable", "A lot keeps its product.", "product")
    counted = {
        name: values[name]
        for name in ("quantity", "weight")
        if name in values and parse_decimal(values[name], name) != getattr(lot, name)
    }
    if counted:
        inventory.adjust_lot(by=by, ref=lot.pk, sent={**counted, "reason": "import"})
    moved = "location" in values and (
        facts.locations.one(values["location"], "location") != lot.location_id
    )
    rack = values.get("rack", lot.rack)
    if moved:
        target = facts.locations.one(values["location"], "location")
        inventory.transfer_lot(
            by=by, ref=lot.pk, sent={"location_id": target, "rack": values.get("rack", "")}
        )
    described = {
        name: values[name] for name in _DESCRIBED if name in values and _differs(lot, values, name)
    }
    if not moved and rack != lot.rack:
        described["rack"] = rack
    if described:
        inventory.edit_lot(by=by, ref=lot.pk, sent=described)
    return bool(counted or moved or described)


def _differs(lot: Any, values: Mapping[str, Any], name: str) -> bool:
    held = getattr(lot, name)
    if name == "unit_cost":
        said: Decimal = parse_decimal(values[name], name)
        return bool(held != said)
    return bool(held != values[name])
