"""Write an order once: derive its statuses from the facts, save what changed, say what happened.

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
from orderwright.kernel.wide_rows import with_values
from orderwright.sales import sql, watchers
from orderwright.sales.lifecycle import ends_correction, plan_automatic_move
from orderwright.sales.page import LineRow, OrderPage, OrderRow, facts_of, line_facts
from orderwright.sales.rules import OrderFacts, keeps_ready
from orderwright.sales.statuses import OrderStatuses, payment_of, status_of_shipments, statuses_of

_SAVED = (
    "id",
    "status",
    "reasons",
    "shipment_status",
    "retrieved",
    "picked",
    "packed",
    "shipped",
    "ready",
    "ready_forced",
    "is_cancelled",
    "cancelled_quantity",
    "cancel_reason",
    "reservation_id",
    "over_ship_confirmed",
    "returned",
    "invoiced",
    "short_closed_quantity",
)


_STAGE_EVENTS = {
    ("issued", "fulfilled"): "fulfilled",
    ("fulfilled", "issued"): "unfulfilled",
    ("fulfilled", "completed"): "completed",
    ("issued", "completed"): "completed",
    ("estimate", "completed"): "completed",
}


@dataclass(frozen=True, slots=True)
class Happening:
    """The event of an action. `edits` 0 for derived writes, which leave the version alone."""

    type: str
    body: dict[str, Any] = field(default_factory=dict)
    subject_id: UUID | None = None
    edits: int = 1


def save(
    by: Caller,
    before: OrderPage,
    *,
    head: OrderRow,
    lines: Sequence[LineRow],
    happening: Happening | None = None,
) -> OrderPage:
    """Save an order as an action leaves it; answers it with its derived values.

    `head` and `lines` are the rows with the action's changes. Without a happening the order is only
    derived anew: its version stays, and nothing is written when nothing changed. One statement,
    however many lines; what keeps in step with the order is told before (`watchers`).
    """
    kept = watchers.tell(by, before, head, lines)
    after = derive(by, head, kept.lines, before=before)
    if happening is None and after == before:
        return before
    events = _own_events(before, happening)  # ids rise: what followed comes after its cause
    events += [_event(one.type, one.subject_id, one.body) for one in kept.followed]
    events += _derived_events(before, after)
    edits = 0 if happening is None else happening.edits
    after = replace(
        after,
        head=with_values(after.head, version=before.head.version + edits, updated_at=by.now),
    )
    _write(by, before, after, events, edits)
    subscriptions.tell_each(
        by, [(event["type"], event["id"], before.id, event["body"]) for event in events]
    )
    return after


def derive(
    by: Caller, head: OrderRow, lines: Sequence[LineRow], *, before: OrderPage | None = None
) -> OrderPage:
    """The order with every derived value as the pure functions give it."""
    kept = [_ready_if_still_true(line) for line in lines]
    paid = payment_of(head.grand_total, head.money.paid, head.currency)
    head = with_values(head, payment_status=paid.status)
    facts = facts_of(head, kept)
    if before is not None and facts.reopened and ends_correction(before.facts(), facts):
        head, facts = replace(head, reopened_at=None), replace(facts, reopened=False)
    head, facts = _moved(by, head, facts)
    statuses = statuses_of(facts)
    return OrderPage(
        head=with_values(
            head,
            fulfillment_status=statuses.fulfillment.status,
            fulfillment_reasons=[reason.as_json() for reason in statuses.fulfillment.reasons],
        ),
        lines=tuple(_derived_lines(kept, statuses, facts)),
    )


def _moved(by: Caller, head: OrderRow, facts: OrderFacts) -> tuple[OrderRow, OrderFacts]:
    """The order after the moves that it makes by itself: fulfilled, and then perhaps completed."""
    completes = bool(by.organization.setting("orders.auto_complete_when_paid"))
    while (moved := plan_automatic_move(facts, completes_when_paid=completes)) is not None:
        times: dict[str, Any] = (
            {"completed_at": by.now}
            if moved == "completed"
            else {"fulfilled_at": by.now if moved == "fulfilled" else None}
        )
        head = replace(head, status=moved, **times)
        facts = replace(facts, status=moved)
    return head, facts


def _derived_lines(
    lines: Sequence[LineRow], statuses: OrderStatuses, facts: Any
) -> Iterable[LineRow]:
    for line, derived, fact in zip(lines, statuses.lines, facts.lines, strict=True):
        yield with_values(
            line,
            status=derived.status if derived else None,
            reasons=[reason.as_json() for reason in derived.reasons] if derived else [],
            shipment_status=status_of_shipments(fact.shipments) or "",
        )


def _ready_if_still_true(line: LineRow) -> LineRow:
    if not line.ready or keeps_ready(line_facts(line, ())):
        return line
    return with_values(line, ready=False, ready_forced=False)


def _own_events(before: OrderPage, happening: Happening | None) -> list[dict[str, Any]]:
    if happening is None:
        return []
    return [_event(happening.type, happening.subject_id or before.id, happening.body)]


def _event(event_type: str, subject_id: UUID, body: dict[str, Any]) -> dict[str, Any]:
    return {"id": new_id(), "type": event_type, "subject_id": subject_id, "body": body}


def _derived_events(before: OrderPage, after: OrderPage) -> list[dict[str, Any]]:
    """One event for each derived value of the order that changed, one for all of its lines."""
    events = []
    old, new = before.head, after.head
    event_type = _STAGE_EVENTS.get((old.status, new.status))
    if event_type is not None:
        body = {"from": old.status, "to": new.status}
        events.append(_event(f"sales_order.{event_type}", before.id, body))
    if old.fulfillment_status != new.fulfillment_status:
        events.append(
            _event(
                "sales_order.fulfillment_changed",
                before.id,
                {
                    "from": old.fulfillment_status,
                    "to": new.fulfillment_status,
                    "reasons": new.fulfillment_reasons,
                },
            )
        )
    if old.payment_status != new.payment_status:
        body = {"from": old.payment_status, "to": new.payment_status}
        events.append(_event("sales_order.payment_changed", before.id, body))
    known = {line.id: line.status for line in before.lines}
    moved = [
        {"line_id": line.id, "position": line.position, "from": known[line.id], "to": line.status}
        for line in after.lines
        if line.id in known and known[line.id] != line.status
    ]
    if moved:
        events.append(_event("sales_order.lines_changed", before.id, {"lines": moved}))
    return events


def _write(
    by: Caller, before: OrderPage, after: OrderPage, events: list[dict[str, Any]], edits: int
) -> None:
    known = {line.id: line for line in before.lines}
    changed = [
        line for line in after.lines if (old := known.get(line.id)) is not line and old != line
    ]
    head = after.head
    with connection.cursor() as cursor:
        cursor.execute(
            sql.SAVE,
            {
                **event_parameters(by, before.id, events),
                "lines": to_json(
                    [{name: getattr(line, name) for name in _SAVED} for line in changed]
                ),
                "edits": edits,
                "status": head.status,
                "fulfillment_status": head.fulfillment_status,
                "fulfillment_reasons": to_json(head.fulfillment_reasons),
                "payment_status": head.payment_status,
                "acknowledgment_status": head.acknowledgment_status,
                "manual_hold": head.manual_hold,
                "hold_reason": head.hold_reason,
                "held_at": head.held_at,
                "issued_at": head.issued_at,
                "fulfilled_at": head.fulfilled_at,
                "completed_at": head.completed_at,
                "reopened_at": head.reopened_at,
                "first_shipped_at": head.first_shipped_at,
                "told": to_json(head.told),
            },
        )


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
