"""Write a purchase order once: derive its statuses from the facts, save it, say what happened.

Every action of this area ends here, so that stored statuses equal the pure functions after each.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity import subscriptions
from orderwright.identity.caller import Caller
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.numbers import ZERO
from orderwright.purchasing import sql
from orderwright.purchasing.new_lines import line_total
from orderwright.purchasing.page import LineRow, OrderPage, OrderRow, facts_of
from orderwright.purchasing.rules import fulfillment_of, plan_automatic_move

_HEAD = tuple(
    """
    status is_closed closed_at fulfillment_status acknowledgment_status supplier_id order_lead_id
    supplier_reference notes internal_note date_required order_deadline promised_at priority
    currency internal_budget payment_term_id shipping_term_id carrier_id location_id manual_hold
    hold_reason issued_at fulfilled_at subtotal
""".split()
)
_HEAD_JSON = ("fulfillment_reasons", "bill_to", "ship_to")
_LINE = tuple(
    """
    id position description ordered unit unit_ratio unit_price line_total is_cancelled
    cancelled_quantity cancel_reason received rejected needed_by size shape color quality material
""".split()
)


@dataclass(frozen=True, slots=True)
class Happening:
    """The event of an action; `subject_id` None is the order itself."""

    type: str
    body: dict[str, Any] = field(default_factory=dict)
    subject_id: UUID | None = None


def derive(by: Caller, head: OrderRow, lines: Sequence[LineRow]) -> OrderPage:
    """The order with everything that follows from its facts: totals, automatic move, statuses."""
    counted = [_counted(line, head.currency) for line in lines]
    facts = facts_of(head, counted)
    moved = plan_automatic_move(facts)
    if moved is not None:
        at = by.now if moved == "fulfilled" else None
        head = replace(head, status=moved, fulfilled_at=at)
        facts = replace(facts, status=moved)
    fulfillment = fulfillment_of(facts)
    subtotal = sum((line.line_total for line in counted), ZERO)
    return OrderPage(
        head=replace(
            head,
            subtotal=subtotal,
            fulfillment_status=fulfillment.status,
            fulfillment_reasons=[reason.as_json() for reason in fulfillment.reasons],
        ),
        lines=tuple(counted),
    )


def save(
    by: Caller,
    before: OrderPage,
    *,
    head: OrderRow,
    lines: Sequence[LineRow],
    happening: Happening,
) -> OrderPage:
    """Save an order as an action leaves it; answers it with its derived values. One statement.

    Lines that are no longer there are deleted; new ones have been inserted by the caller.
    """
    after = derive(by, head, lines)
    after = replace(
        after, head=replace(after.head, version=before.head.version + 1, updated_at=by.now)
    )
    events = [_event(happening.type, happening.subject_id or before.id, happening.body)]
    events += _derived_events(before, after)
    known = {line.id: line for line in before.lines}
    changed = [line for line in after.lines if known.get(line.id) != line]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SAVE,
            {
                **event_parameters(by, before.id, events),
                **{name: getattr(after.head, name) for name in _HEAD},
                **{name: to_json(getattr(after.head, name)) for name in _HEAD_JSON},
                "edits": 1,
                "gone": list(known.keys() - {line.id for line in after.lines}),
                "lines": to_json([_saved(line) for line in changed]),
            },
        )
    tell(by, before.id, events)
    return after


def tell(by: Caller, order_id: UUID, events: Iterable[dict[str, Any]]) -> None:
    """Start the jobs that follow from these events."""
    for event in events:
        subscriptions.tell(by, event["type"], event["id"], order_id, event["body"])


def event_parameters(by: Caller, order_id: UUID, events: list[dict[str, Any]]) -> dict[str, Any]:
    """The parameters that `sql.EVENTS` takes."""
    return {
        "organization": by.organization_id,
        "order": order_id,
        "at": by.now,
        "actor_kind": by.actor.kind,
        "actor_id": by.actor.id,
        "actor_name": by.actor.name,
        "events": to_json(events),
    }


def _counted(line: LineRow, currency: str) -> LineRow:
    """The line with its total: what is effective of it, at its price."""
    total = line_total(line.effective, line.unit_price, currency)
    return line if total == line.line_total else replace(line, line_total=total)


def _saved(line: LineRow) -> dict[str, Any]:
    return {name: getattr(line, name) for name in _LINE}


def _event(event_type: str, subject_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    return {"id": new_id(), "type": event_type, "subject_id": subject_id, "body": body}


def _derived_events(before: OrderPage, after: OrderPage) -> list[dict[str, Any]]:
    old, new = before.head, after.head
    events = []
    if {old.status, new.status} == {"ordered", "fulfilled"}:
        event_type = "fulfilled" if new.status == "fulfilled" else "unfulfilled"
        body = {"from": old.status, "to": new.status}
        events.append(_event(f"purchase_order.{event_type}", before.id, body))
    if old.fulfillment_status != new.fulfillment_status:
        changed: dict[str, Any] = {
            "from": old.fulfillment_status,
            "to": new.fulfillment_status,
            "reasons": new.fulfillment_reasons,
        }
        events.append(_event("purchase_order.fulfillment_changed", before.id, changed))
    return events
