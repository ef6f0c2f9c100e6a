"""The facts of an order for its rules, from its rows and from what higher areas told it."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Any

from orderwright.sales.rules import JobFacts, LineFacts, OrderFacts, ShipmentFacts

if TYPE_CHECKING:  # the rows know their facts
    from orderwright.sales.page import LineRow, OrderRow

PREPAID_TIMINGS = frozenset({"before_issue", "before_ship"})


def facts_of(head: "OrderRow", lines: Collection["LineRow"]) -> OrderFacts:
    """The facts of an order from its rows."""
    money = head.money
    return OrderFacts(
        number=head.number,
        status=head.status,
        lines=facts_of_lines(head, lines),
        jobs=tuple(_job_facts(entry) for entry in head.jobs if not entry["line_id"]),
        shipments=tuple(_shipment_facts(entry) for entry in head.shipments),
        customer_status=head.customer_status,
        manual_hold=head.manual_hold,
        hold_reason=head.hold_reason or None,
        reopened=head.reopened_at is not None,
        prepaid=head.payment_timing in PREPAID_TIMINGS,
        paid_in_full=head.payment_status in ("paid", "overpaid"),
        settled=head.payment_status == "paid",
        invoices=money.invoices,
        drafts=money.drafts,
        payments=money.payments,
    )


def facts_of_lines(head: "OrderRow", lines: Collection["LineRow"]) -> tuple[LineFacts, ...]:
    """The facts of these lines, with the shipments, jobs and returns that the order knows of."""
    carried: dict[str, list[ShipmentFacts]] = {}
    for entry in head.shipments:
        shipment = _shipment_facts(entry)
        for line_id in entry["line_ids"]:
            carried.setdefault(line_id, []).append(shipment)
    made: dict[str, list[JobFacts]] = {}
    for entry in head.jobs:
        made.setdefault(entry["line_id"] or "", []).append(_job_facts(entry))
    returns: dict[str, list[str]] = {}
    for entry in head.returns:
        for line_id in entry["line_ids"]:
            returns.setdefault(line_id, []).append(entry["number"])
    if not (carried or made or returns):
        return tuple(line_facts(line, ()) for line in lines)
    keyed = [(line, str(line.id)) for line in lines]
    return tuple(
        line_facts(line, carried.get(key, ()), made.get(key, ()), returns.get(key, ()))
        for line, key in keyed
    )


def line_facts(
    line: "LineRow",
    shipments: Collection[ShipmentFacts],
    jobs: Collection[JobFacts] = (),
    returns: Collection[str] = (),
) -> LineFacts:
    """The facts of a line, with the shipments that carry it, the jobs that make it and the numbers
    of the returns that were received for it."""
    return LineFacts(
        id=line.id,
        position=line.position,
        ordered=line.ordered,
        kind=line.kind,
        basis=line.basis,
        unit=line.unit,
        cancelled=line.is_cancelled,
        cancelled_quantity=line.cancelled_quantity,
        retrieved=line.retrieved,
        picked=line.picked,
        packed=line.packed,
        shipped=line.shipped,
        returned=line.returned,
        invoiced=line.invoiced,
        short=line.short_quantity,
        ready=line.ready,
        ready_forced=line.ready_forced,
        product_active=line.product_is_active,
        has_price=line.price_source != "none",
        jobs=tuple(jobs),
        shipments=tuple(shipments),
        returns=tuple(returns),
    )


def _shipment_facts(entry: dict[str, Any]) -> ShipmentFacts:
    return ShipmentFacts(
        number=entry["number"], stage=entry["stage"], tracking_status=entry["tracking_status"]
    )


def _job_facts(entry: dict[str, Any]) -> JobFacts:
    return JobFacts(number=entry["number"], status=entry["status"])
