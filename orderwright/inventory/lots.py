"""What people do with lots: add, count anew, move, describe, delete those that were never used."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db.models import F

from orderwright.activity import actions as activity
from orderwright.activity.references import refusing_in_sentences
from orderwright.identity.caller import Caller
from orderwright.inventory import ledger, lot_queries
from orderwright.inventory.arrival_facts import NewLot
from orderwright.inventory.arrivals import put_lots
from orderwright.inventory.ledger import Cause
from orderwright.inventory.lot_queries import LotRow
from orderwright.inventory.models import Location, Lot
from orderwright.inventory.rules import LotAfter, plan_adjust, weight_of_stock
from orderwright.inventory.tags import check_tag
from orderwright.kernel import fields
from orderwright.kernel.errors import Conflict
from orderwright.kernel.numbers import trim
from orderwright.kernel.quantity import round_quantity
from orderwright.kernel.shapes import Field, Shape, invalid, required
from orderwright.kernel.versions import check_version
from orderwright.kernel.weight import check_weight, convert, is_weight_unit, same

BY_HAND = Cause(None, "by hand")

_NUMBER = Field(lambda value, name: value, {"type": ["string", "number", "null"]})
_DESCRIPTION = {
    "inventory_type": fields.text(40, default="Finished"),
    "finished_type": fields.text(40),
    "shape": fields.text(40),
    "size": fields.text(40),
    "color": fields.text(40),
    "quality": fields.text(40),
    "rack": fields.text(40),
    "notes": fields.note(),
    "unit_cost": fields.price(),
    "currency": fields.currency(),
}
SHAPE = Shape(
    {
        "product_id": fields.identifier(),
        "quantity": Field(_NUMBER.check, {"type": ["string", "number"]}, required=True),
        "weight": _NUMBER,
        "weight_unit": fields.weight_unit(),
        "location_id": fields.identifier(),
        "tag_id": fields.optional_text(check_tag, 50),
        "auto_merge": fields.flag(),
        **_DESCRIPTION,
    }
)
CHANGES = Shape(
    {
        "tag_id": Field(check_tag, {"type": "string", "maxLength": 50}, required=True),
        "status": fields.choice("available", "rejected", "scrap", "archived"),
        **_DESCRIPTION,
    }
)
ADJUSTMENT = Shape({"quantity": _NUMBER, "weight": _NUMBER, "reason": required(fields.text(200))})
TRANSFER = Shape({"location_id": fields.identifier(), "rack": fields.text(40)})
CHANGED_ELSEWHERE = {
    "quantity": "Count it anew with adjust.",
    "weight": "Count it anew with adjust.",
    "weight_unit": "A lot keeps its weight unit.",
    "product_id": "A lot keeps its product.",
    "location_id": "Move it with transfer.",
}
_COMMERCIAL = ("unit_cost", "currency")


def add_lot(*, by: Caller, sent: Mapping[str, Any]) -> LotRow:
    """Put stock that somebody found or brought on the books; `sent` has the fields of `SHAPE`.

    With `auto_merge` it joins an available lot of the same kind and place, which is answered then.
    What waits for the product is covered at once. Raises Forbidden, Invalid, Conflict `duplicate`.
    """
    by.must("inventory:create")
    values = SHAPE.of_new(sent)
    if values["product_id"] is None:
        raise invalid("required", "Say which product it is.", "product_id")
    if values["unit_cost"] is not None:
        by.must("orders_commercial:update")
    (put,) = put_lots(by, [NewLot(**values)], action="create_record", cause=BY_HAND)
    row = lot_queries.read_lot(by, put.lot_id)
    shown = {"tag_id": row.tag_id, "product_id": str(row.product_id), **_amounts(row)}
    if put.merged:
        added = {"quantity": trim(put.quantity), "weight": trim(put.weight)}
        activity.record(by, "lot.merged", row.id, body={"added": added, "after": shown})
    else:
        activity.record(by, "lot.created", row.id, body={"after": shown})
    return row


def adjust_lot(
    *, by: Caller, ref: UUID | str, sent: Mapping[str, Any], version: int | None = None
) -> LotRow:
    """Set a lot to what was counted (ruling 16): `sent` has the fields of `ADJUSTMENT`, quantity in
    the product's default unit, weight in the lot's weight unit; what was not counted stays.

    More covers what waits, less takes coverage from the last in line (ruling 5). Raises Forbidden,
    NotFound, Invalid, Conflict `stale_version`.
    """
    by.must("inventory:update")
    values = ADJUSTMENT.of_new(sent)
    if not values["reason"]:
        raise invalid("required", "Say why.", "reason")
    before = _locked(by, ref, version)
    counted, weighed = _counted(before, values["quantity"], values["weight"])
    after = plan_adjust(
        before.facts(),
        quantity=counted,
        weight=weighed,
        allow_negative=by.organization.setting("stock.allow_negative"),
    )
    ledger.change_lots(
        by, [after], action="user_correction", cause=BY_HAND, reason=values["reason"]
    )
    _raise_version(by, before)
    ledger.settle(by, [before.product_id])
    row = lot_queries.read_lot(by, before.id)
    body = {"before": _amounts(before), "after": _amounts(row), "reason": values["reason"]}
    activity.record(by, "lot.adjusted", row.id, body=body)
    return row


def transfer_lot(
    *, by: Caller, ref: UUID | str, sent: Mapping[str, Any], version: int | None = None
) -> LotRow:
    """Move a whole lot to another location: `sent` has the fields of `TRANSFER`. There it lies on
    `rack`, or on none that is known.

    Raises Forbidden, NotFound, Invalid for a location that cannot take it, Conflict
    `already_there`, `stale_version`.
    """
    by.must("inventory:update")
    values = TRANSFER.of_new(sent)
    shelf = values["rack"]
    before = _locked(by, ref, version)
    target = check_location(by, values["location_id"])
    if (target.pk, shelf) in {(before.location_id, before.rack), (before.location_id, "")}:
        raise Conflict("already_there", f"{before.tag_id} lies in {target.name} already.")
    journey = f"{before.location_name} → {target.name}"
    _note(by, before, reason=journey)
    _raise_version(by, before, location_id=target.pk, rack=shelf)
    row = lot_queries.read_lot(by, before.id)
    body = {"before": _place(before), "after": _place(row)}
    activity.record(by, "lot.transferred", row.id, body=body)
    return row


def edit_lot(
    *, by: Caller, ref: UUID | str, sent: Mapping[str, Any], version: int | None = None
) -> LotRow:
    """Describe a lot anew: the fields of `CHANGES`. Nothing is written when nothing differs.

    A lot that is rejected, scrap or archived is no stock: it covers nothing and cannot be selected
    until it is available again. Raises Forbidden, NotFound, Invalid for what is changed elsewhere,
    Conflict `duplicate`, `stale_version`.
    """
    by.must("inventory:update")
    before = _locked(by, ref, version)
    _refuse_elsewhere(before, sent)
    changed = _changes(by, before, CHANGES.of_change(_without_held_status(before, sent)))
    if not changed:
        return before
    if "status" in changed:
        note = f"{before.status} → {changed['status']}"
        _note(by, replace(before, status=changed["status"]), reason=note)
    with refusing_in_sentences():
        _raise_version(by, before, **changed)
    if "status" in changed:
        ledger.settle(by, [before.product_id])
    shown = [name for name in changed if name not in _COMMERCIAL]
    body = {
        "before": {name: getattr(before, name) for name in shown},
        "after": {name: changed[name] for name in shown},
    }
    activity.record(by, "lot.updated", before.id, body=body)
    return lot_queries.read_lot(by, before.id)


def delete_lot(*, by: Caller, ref: UUID | str, version: int | None = None) -> None:
    """Take a lot off the books that was never used; its movements stay.

    Raises Forbidden, NotFound, Conflict `in_use` once something was taken from it or added to it.
    """
    by.must("inventory:delete")
    before = _locked(by, ref, version)
    if lot_queries.was_used(by, before.id):
        message = "This inventory was used. Count it as 0, or archive it."
        raise Conflict("in_use", message)
    gone = LotAfter(
        id=before.id,
        product_id=before.product_id,
        quantity=before.quantity - before.quantity,
        weight=before.weight - before.weight,
        status=before.status,
        delta_quantity=-before.quantity,
        delta_weight=-before.weight,
    )
    ledger.change_lots(by, [gone], action="delete_record", cause=BY_HAND)
    with refusing_in_sentences():
        _row(by, before).delete()
    ledger.settle(by, [before.product_id])
    body = {"before": {"tag_id": before.tag_id, **_amounts(before)}}
    activity.record(by, "lot.deleted", before.id, body=body)


def _locked(by: Caller, ref: UUID | str, version: int | None) -> LotRow:
    """The lot as it stands once nobody else can change its product's stock."""
    found = lot_queries.read_lot(by, ref)
    ledger.lock_products(by, [found.product_id])
    row = lot_queries.read_lot(by, found.id)
    check_version("lot", row.version, version)
    return row


def _counted(lot: LotRow, quantity: object, weight: object) -> tuple[object, object]:
    """Quantity and weight as counted. Of a quantity that is itself a weight, one says the other."""
    if weight is None or not is_weight_unit(lot.unit):
        return quantity, weight
    weighed = check_weight(weight, "weight")
    follows = round_quantity(convert(weighed, lot.weight_unit, lot.unit))
    if quantity is None:
        return follows, None
    counted = fields.measured_quantity().check(quantity, "quantity")
    if counted is None or not same(weight_of_stock(counted, lot.unit, lot.weight_unit), weighed):
        message = f"{trim(follows)} {lot.unit} would weigh this. Leave the weight out."
        raise invalid("weight_mismatch", message, "weight")
    return counted, None


def check_location(by: Caller, wanted: UUID | None) -> Location:
    """The location that lots can be moved to. Raises Invalid."""
    if wanted is None:
        raise invalid("required", "Say where it goes.", "location_id")
    found = Location.objects.of(by.organization_id).filter(pk=wanted).first()
    if found is None:
        raise invalid("unknown_location", "There is no such location.", "location_id")
    if not found.is_active:
        raise invalid("inactive_location", "This location is not in use any more.", "location_id")
    return found


def _refuse_elsewhere(lot: LotRow, sent: Mapping[str, Any]) -> None:
    """What an edit cannot change is refused, unless it is sent as it is."""
    for name, message in CHANGED_ELSEWHERE.items():
        held = getattr(lot, name)
        same_as_held = str(held) if not isinstance(held, Decimal) else trim(held)
        if name in sent and str(sent[name]) != same_as_held:
            raise invalid("not_editable", message, name)


def _without_held_status(lot: LotRow, sent: Mapping[str, Any]) -> dict[str, Any]:
    """What was sent: a status that the lot has already, which stock gave it, is no change."""
    return {name: value for name, value in sent.items() if (name, value) != ("status", lot.status)}


def _changes(by: Caller, lot: LotRow, values: dict[str, Any]) -> dict[str, Any]:
    """What differs from the lot, as it is to be written."""
    if values.get("status") == "available" and not lot.quantity and not lot.weight:
        values["status"] = "retrieved_out"
    if "unit_cost" in values or "currency" in values:
        cost = values.get("unit_cost", lot.unit_cost)
        named = values.get("currency") or lot.currency or by.organization.default_currency
        values |= {"unit_cost": cost, "currency": "" if cost is None else named}
    changed = {name: held for name, held in values.items() if getattr(lot, name) != held}
    if set(changed) & set(_COMMERCIAL):
        by.must("orders_commercial:update")
    described = {name: changed.get(name, getattr(lot, name)) for name in _DESCRIPTION}
    if described["finished_type"] and described["inventory_type"] != "Finished":
        message = "Only finished inventory has a finished type."
        raise invalid("finished_type_unused", message, "finished_type")
    return changed


def _note(by: Caller, lot: LotRow, *, reason: str) -> None:
    """A movement that leaves quantity and weight as they are, with the lot's status as given."""
    nothing = lot.quantity - lot.quantity
    still = LotAfter(lot.id, lot.product_id, lot.quantity, lot.weight, lot.status, nothing, nothing)
    ledger.change_lots(by, [still], action="user_action", cause=BY_HAND, reason=reason[:200])


def _raise_version(by: Caller, lot: LotRow, **changed: Any) -> None:
    _row(by, lot).update(**changed, version=F("version") + 1, updated_at=by.now)


def _row(by: Caller, lot: LotRow) -> Any:
    return Lot.objects.of(by.organization_id).filter(pk=lot.id)


def _amounts(lot: LotRow) -> dict[str, str]:
    return {
        "quantity": trim(lot.quantity),
        "unit": lot.unit,
        "weight": trim(lot.weight),
        "weight_unit": lot.weight_unit,
        "status": lot.status,
    }


def _place(lot: LotRow) -> dict[str, str]:
    return {
        "location_id": str(lot.location_id),
        "location": lot.location_name,
        "rack": lot.rack,
    }
