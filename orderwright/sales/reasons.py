"""The sentences of the reasons: one function for each fact that can decide a status."""

from collections.abc import Iterable
from decimal import Decimal

from orderwright.kernel.numbers import ZERO, trim
from orderwright.kernel.reasons import Reason
from orderwright.sales.rules import JobFacts, LineFacts, OrderFacts, ShipmentFacts

_CUSTOMER_HOLDS = {"hold_all": "on hold", "hold_shipment": "on hold for shipments"}


def cancelled(line: LineFacts) -> Reason:
    """So much of what was ordered is cancelled."""
    return _measure("cancelled", line.cancelled_quantity, line.ordered, None, "cancelled")


def returned(line: LineFacts) -> Reason:
    """So much of what was shipped came back."""
    source = _named("return", line.returns)
    return _measure("returned", line.returned, line.shipped, source, "shipped came back")


def shipped(line: LineFacts) -> Reason:
    """So much of what was ordered and not cancelled has left, and in which shipments."""
    sent = [shipment.number for shipment in line.shipments if shipment.is_sent]
    source = _named("shipment", sent)
    return _measure("shipped", line.shipped, line.effective, source, "shipped")


def short(line: LineFacts) -> Reason:
    """So much of what is outstanding is promised without stock behind it."""
    return _measure("short", line.short, line.outstanding, None, "short of stock")


def ready(line: LineFacts) -> Reason:
    """A person marked the line ready, with so much selected."""
    value, of = trim(line.retrieved), trim(line.outstanding)
    text = f"marked ready with {value} of {of} selected"
    return Reason("ready", value, of, None, text)


def taken(line: LineFacts) -> tuple[Reason, ...]:
    """So much is selected, so much picked."""
    found = []
    if line.retrieved > 0:
        found.append(_measure("selected", line.retrieved, line.outstanding, None, "selected"))
    if line.picked > 0:
        found.append(_measure("picked", line.picked, line.effective, None, "picked"))
    return tuple(found)


def job(facts: JobFacts) -> Reason:
    """A production job is in this status."""
    source = f"production job {facts.number}"
    return Reason("job", facts.status, None, source, f"{source} is {facts.status}")


def jobs_completed(jobs: tuple[JobFacts, ...]) -> tuple[Reason, ...]:
    """So many of a line's jobs are completed."""
    done = [facts for facts in jobs if facts.status == "completed"]
    value, of = str(len(done)), str(len(jobs))
    source = _named("production job", [facts.number for facts in done])
    text = f"{value} of {of} production jobs completed"
    return (Reason("jobs_completed", value, of, source, text),)


def nothing_yet(
    line: LineFacts, jobs: tuple[JobFacts, ...], order_status: str
) -> tuple[Reason, ...]:
    """Nothing is selected; jobs may be planned; an estimate has promised nothing."""
    of = trim(line.outstanding)
    text = "nothing selected yet"
    if order_status == "estimate":
        text = "nothing selected: the order is an estimate"
    return (Reason("selected", "0", of, None, text), *(job(facts) for facts in jobs))


def no_goods() -> Reason:
    """The order has no line of goods."""
    return Reason("lines", "0", None, None, "no line of goods")


def all_cancelled(count: int) -> Reason:
    """Every line is cancelled."""
    text = f"{count} of {count} lines cancelled"
    return Reason("cancelled_lines", str(count), str(count), None, text)


def order_shipped(lines: list[LineFacts]) -> Reason:
    """So much of the order has left: in units where all lines count alike, else in lines."""
    sent = {item.number: None for line in lines for item in line.shipments if item.is_sent}
    source = _named("shipment", sent)
    if len({line.unit for line in lines}) == 1:
        done = sum((line.shipped for line in lines), ZERO)
        all_of_it = sum((line.effective for line in lines), ZERO)
        return _measure("shipped", done, all_of_it, source, "shipped")
    value, of = str(sum(not line.outstanding for line in lines)), str(len(lines))
    return Reason("shipped_lines", value, of, source, f"{value} of {of} lines shipped")


def order_returned(lines: list[LineFacts]) -> Reason:
    """So much of what was shipped came back, in units where all lines count alike."""
    source = _named("return", {number: None for line in lines for number in line.returns})
    if len({line.unit for line in lines}) == 1:
        back = sum((line.returned for line in lines), ZERO)
        sent = sum((line.shipped for line in lines), ZERO)
        return _measure("returned", back, sent, source, "shipped came back")
    value, of = str(sum(line.returned > 0 for line in lines)), str(len(lines))
    return Reason("returned_lines", value, of, source, f"{value} of {of} lines came back")


def delivered(shipments: list[ShipmentFacts]) -> Reason:
    """Every shipment has arrived."""
    count = str(len(shipments))
    source = _named("shipment", [shipment.number for shipment in shipments])
    text = f"{count} of {count} shipments delivered"
    return Reason("delivered", count, count, source, text)


def not_delivered(shipments: list[ShipmentFacts]) -> tuple[Reason, ...]:
    """Which shipments have not arrived, and what the carrier says."""
    return tuple(
        Reason(
            "tracking",
            shipment.tracking_status,
            None,
            f"shipment {shipment.number}",
            f"shipment {shipment.number} is {shipment.tracking_status.replace('_', ' ')}",
        )
        for shipment in shipments
        if shipment.tracking_status != "delivered"
    )


def lines_by_status(counts: dict[str, int], total: int) -> tuple[Reason, ...]:
    """How many of the lines that count stand in which status."""
    return tuple(
        Reason(
            f"{status}_lines",
            str(count),
            str(total),
            None,
            f"{count} of {total} lines {status.replace('_', ' ')}",
        )
        for status, count in counts.items()
    )


def order_hold(order: OrderFacts) -> Reason:
    """A person put the order on hold."""
    text = "the order is on hold"
    if order.hold_reason:
        text = f"{text}: {order.hold_reason}"
    return Reason("order_hold", order.hold_reason, None, f"order {order.number}", text)


def customer_hold(order: OrderFacts) -> Reason:
    """The customer is on hold."""
    text = f"the customer is {_CUSTOMER_HOLDS[order.customer_status]}"
    return Reason("customer_hold", order.customer_status, None, "customer", text)


def _measure(fact: str, value: Decimal, of: Decimal, source: str | None, words: str) -> Reason:
    return Reason(fact, trim(value), trim(of), source, f"{trim(value)} of {trim(of)} {words}")


def _named(noun: str, numbers: Iterable[str]) -> str | None:
    named = list(numbers)
    if not named:
        return None
    return f"{noun}{'s' if len(named) > 1 else ''} {', '.join(named)}"
