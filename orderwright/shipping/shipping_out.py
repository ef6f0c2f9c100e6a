"""Packed goods leave, or are unpacked again (domain 2.6, 4.8)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.inventory import actions as inventory
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.money import check_money
from orderwright.kernel.text import check_text
from orderwright.kernel.versions import check_version
from orderwright.kernel.weight import check_weight
from orderwright.sales import guards, promises
from orderwright.sales.page import OrderPage
from orderwright.sales.party import check_can_ship_to
from orderwright.sales.writing import Happening, save
from orderwright.shipping import boxing, queries, sql
from orderwright.shipping.carriers import Chosen, check_carrier
from orderwright.shipping.models import Shipment
from orderwright.shipping.pick_rules import check_issued
from orderwright.shipping.queries import CaseRow, ShipmentPage
from orderwright.shipping.rules import check_void
from orderwright.shipping.standalone import MappedLine, create_standalone, link
from orderwright.shipping.taking_back import retold, take_back
from orderwright.shipping.tracking import locked

__all__ = ["CaseChange", "MappedLine", "create_standalone", "link", "ship", "void_shipment"]


@dataclass(frozen=True, slots=True)
class CaseChange:
    """What is said of a case when its shipment leaves; `case` is its id or number. None leaves a
    field as it is. Weight in the organization's unit, freight in its currency."""

    case: UUID | str
    tracking_number: str | None = None
    weight: object = None
    freight_amount: object = None


def ship(
    *,
    by: Caller,
    shipment: UUID | str,
    carrier_id: UUID | None = None,
    tracking_number: str | None = None,
    cases: Sequence[CaseChange] = (),
    confirmed: frozenset[str] = frozenset(),
    version: int | None = None,
) -> ShipmentPage:
    """A packed shipment leaves: what lies in it counts as shipped.

    A carrier that needs a tracking number gets one for the shipment, or for one of its cases.
    Raises what `carriers.check_carrier` raises, Invalid `unknown_case`, Conflict for holds,
    `incomplete_address`, `invalid_transition`, `stale_version`.
    """
    by.must("shipments:update")
    page, order = locked(by, shipment)
    check_version("shipment", page.head.version, version)
    if page.head.stage != "packed" or page.head.tracking_status != "pending" or order is None:
        raise _not_packed(page)
    check_issued(order.head.status)
    guards.check_may_leave(order.facts())
    check_can_ship_to(page.head.ship_to)
    boxes = _changed_cases(by, page, cases)
    chosen, tracking = _carriage(
        by,
        page,
        boxes,
        carrier_id=carrier_id,
        tracking_number=tracking_number,
        confirmed=confirmed,
    )
    inventory.send_packed(by, [one.selection_id for line in page.lines for one in line.selections])
    _send(by, page, chosen, tracking, boxes)
    sent = replace(page.head, stage="shipped", carrier_name=chosen.name, tracking_number=tracking)
    _save_sent(by, order, replace(page, head=sent))
    return queries.read_shipment(by, page.head.id)


def void_shipment(
    *, by: Caller, shipment: UUID | str, reason: str = "", version: int | None = None
) -> ShipmentPage:
    """Unpack: a packed shipment, or one that has left and of which the carrier said nothing yet.

    What was selected before waits again, what packing took returns to its lots, and the rows of the
    pick can be packed again. Raises Conflict `invalid_transition`, `stale_version`.
    """
    by.must("shipments:update")
    said = check_text(reason or "", "reason", longest=500).strip()
    page, order = locked(by, shipment, with_stock=True)
    check_version("shipment", page.head.version, version)
    check_void(page.head.stage, page.head.tracking_status)
    Shipment.objects.of(by.organization_id).with_ids([page.head.id]).update(
        stage="voided", version=page.head.version + 1, updated_at=by.now
    )
    body = {"number": page.head.number, "reason": said}
    happening = Happening("shipment.voided", body, subject_id=page.head.id)
    take_back(by, page, order, happening=happening, stage="voided")
    return queries.read_shipment(by, page.head.id)


def _not_packed(page: ShipmentPage) -> Conflict:
    head = page.head
    became = head.tracking_status if head.stage == "packed" else head.stage
    message = f"This shipment is {became}; only a packed one can be shipped."
    details = {"status": became, "asked": "shipped", "allowed": []}
    return Conflict("invalid_transition", message, details=details)


def _changed_cases(
    by: Caller, page: ShipmentPage, changes: Sequence[CaseChange]
) -> tuple[CaseRow, ...]:
    """The shipment's cases as they leave."""
    known = {one.id: one for one in page.cases}
    by_name = {one.number(page.head.number): one.id for one in page.cases}
    for index, change in enumerate(changes):
        field = f"cases.{index}"
        case_id = by_name.get(str(change.case)) or _as_id(change.case)
        if case_id not in known:
            message = "This shipment has no such case."
            raise Invalid("unknown_case", message, fields={f"{field}.id": message})
        known[case_id] = replace(known[case_id], **_said(by, change, field))
    return tuple(known.values())


def _said(by: Caller, change: CaseChange, field: str) -> dict[str, Any]:
    said: dict[str, Any] = {}
    if change.tracking_number is not None:
        text = check_text(change.tracking_number, f"{field}.tracking_number", longest=80)
        said["tracking_number"] = text.strip()
    if change.weight is not None:
        said["weight"] = check_weight(change.weight, f"{field}.weight")
        said["weight_unit"] = by.organization.default_weight_unit
    if change.freight_amount is not None:
        said["freight_amount"] = _freight(by, change.freight_amount, f"{field}.freight_amount")
    return said


def _freight(by: Caller, amount: object, field: str) -> Decimal:
    freight = check_money(amount, by.organization.default_currency, field)
    if freight < 0:
        message = "Freight cannot be negative."
        raise Invalid("invalid_number", message, fields={field: message})
    return freight


def _as_id(case: UUID | str) -> UUID | None:
    try:
        return case if isinstance(case, UUID) else UUID(case)
    except ValueError:
        return None


def _carriage(
    by: Caller,
    page: ShipmentPage,
    boxes: Sequence[CaseRow],
    *,
    carrier_id: UUID | None,
    tracking_number: str | None,
    confirmed: frozenset[str],
) -> tuple[Chosen, str]:
    """Who takes the shipment, and the number to follow it by: its own, or its first case's."""
    head = page.head
    given = head.tracking_number if tracking_number is None else tracking_number.strip()
    tracking = given or next((one.tracking_number for one in boxes if one.tracking_number), "")
    is_other = carrier_id is not None and carrier_id != head.carrier_id
    chosen = check_carrier(
        by,
        carrier_id=carrier_id or head.carrier_id,
        carrier_option_id=None if is_other else head.carrier_option_id,
        tracking_number=tracking,
        confirmed=confirmed,
        shipment_id=head.id,
    )
    return chosen, tracking


def _send(
    by: Caller, page: ShipmentPage, chosen: Chosen, tracking: str, boxes: Sequence[CaseRow]
) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SEND_SHIPMENT,
            {
                "organization": by.organization_id,
                "shipment": page.head.id,
                "event": new_id(),
                "at": by.now,
                "actor_name": by.actor.name,
                "carrier": chosen.id,
                "carrier_option": chosen.option_id,
                "tracking_number": tracking,
                "cases": to_json(
                    [
                        {
                            "id": one.id,
                            "tracking_number": one.tracking_number,
                            "weight": one.weight,
                            "weight_unit": one.weight_unit,
                            "freight_amount": one.freight_amount,
                        }
                        for one in boxes
                    ]
                ),
            },
        )


def _save_sent(by: Caller, order: OrderPage, page: ShipmentPage) -> None:
    head = replace(
        order.head,
        told=retold(order, page, stage="shipped"),
        first_shipped_at=order.head.first_shipped_at or by.now,
    )
    lines = promises.recounted(by, order.lines)
    save(by, order, head=head, lines=lines, happening=boxing.happened("shipped", page))
