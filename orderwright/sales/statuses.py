"""Statuses of lines and orders, derived from facts, each with its reasons (domain 2.2 to 2.5).

The order of the questions is the policy. Reasons name the facts that answered them.
"""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from orderwright.kernel.money import format_money, round_money
from orderwright.kernel.numbers import trim
from orderwright.kernel.reasons import Reason
from orderwright.kernel.weight import TOLERANCE
from orderwright.sales import reasons as because
from orderwright.sales.rules import JobFacts, LineFacts, OrderFacts, ShipmentFacts

LINE_STATUSES = (
    "not_started",
    "in_progress",
    "production_completed",
    "ready",
    "partially_shipped",
    "shipped",
    "backordered",
    "cancelled",
    "partially_returned",
    "returned",
)
FULFILLMENT_STATUSES = (
    "not_started",
    "in_production",
    "ready_to_ship",
    "partially_shipped",
    "shipped",
    "completed",
    "on_hold",
    "cancelled",
    "partially_returned",
    "all_returned",
)
PAYMENT_STATUSES = ("unpaid", "partially_paid", "paid", "overpaid")

_WORST_FIRST = ("exception", "returned", "pending", "in_transit", "out_for_delivery", "delivered")
_BEGUN = frozenset({"in_progress", "ready", "production_completed"})


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived status and the facts that decided it; never without a reason."""

    status: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Badge:
    """A small sign beside a status: `returns`, `backordered` or `shipment_alert`."""

    code: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class OrderStatuses:
    """Everything that is derived from an order's facts.

    `lines` stand in the order of the facts; a line that is not of goods has None.
    """

    lines: tuple[Derived | None, ...]
    fulfillment: Derived
    hold_reasons: tuple[Reason, ...]
    line_status_counts: dict[str, int]
    badges: tuple[Badge, ...]


def statuses_of(order: OrderFacts) -> OrderStatuses:
    """All derived values of an order at once: lines first, then the order (domain 2.0)."""
    lines = tuple(status_of_line(line, order.status) for line in order.lines)
    return OrderStatuses(
        lines=lines,
        fulfillment=_fulfillment_of(order, lines),
        hold_reasons=hold_reasons(order),
        line_status_counts=_counts(lines),
        badges=badges(order),
    )


def status_of_line(line: LineFacts, order_status: str) -> Derived | None:
    """The status of one line (domain 2.2); None for a line that is not of goods.

    Money-affecting facts (cancel, return, ship) beat intentions; Ready is a person's word and beats
    production; a running job beats Backordered, because work to cover the shortage is under way.
    """
    if not line.is_stock:
        return None
    return _settled(line) or _in_preparation(line, order_status)


def status_of_shipments(shipments: Iterable[ShipmentFacts]) -> str | None:
    """The shipment status of a line: that of its worst shipment (domain 2.2).

    Voided shipments do not count; `cancelled` only when all are; None without any.
    """
    statuses = {shipment.tracking_status for shipment in shipments if shipment.stage != "voided"}
    for status in _WORST_FIRST:
        if status in statuses:
            return status
    return "cancelled" if statuses else None


def fulfillment_of(order: OrderFacts) -> Derived:
    """What has physically happened to the order (domain 2.3)."""
    return _fulfillment_of(order, tuple(status_of_line(line, order.status) for line in order.lines))


def hold_reasons(order: OrderFacts) -> tuple[Reason, ...]:
    """Why the order is on hold; empty when it is not (domain 2.3, 2.8).

    The order's own hold counts always; a customer's `hold_all` for estimates and issued orders,
    its `hold_shipment` for issued ones.
    """
    found = []
    if order.manual_hold:
        found.append(because.order_hold(order))
    blocking = {"estimate": {"hold_all"}, "issued": {"hold_all", "hold_shipment"}}
    if order.customer_status in blocking.get(order.status, ()):
        found.append(because.customer_hold(order))
    return tuple(found)


def badges(order: OrderFacts) -> tuple[Badge, ...]:
    """What the statuses leave unsaid: goods that came back while others still have to leave, what
    of a shipped line is backordered, and shipments that need somebody (domain 2.2, 2.3)."""
    found = []
    active = order.active_lines
    returned = sum(line.returned for line in active)
    if returned > 0 and any(line.outstanding > 0 for line in active):
        found.append(
            Badge("returns", trim(Decimal(returned)), f"Returns: {trim(Decimal(returned))} units")
        )
    short = sum(line.short for line in active if line.shipped > 0 and line.outstanding > 0)
    if short > TOLERANCE and order.status == "issued":
        found.append(
            Badge("backordered", trim(Decimal(short)), f"{trim(Decimal(short))} backordered")
        )
    for shipment in order.shipments:
        if shipment.is_live and shipment.tracking_status in ("exception", "returned"):
            text = f"Shipment {shipment.number}: {shipment.tracking_status}"
            found.append(Badge("shipment_alert", shipment.number, text))
    return tuple(found)


def line_status_counts(order: OrderFacts) -> dict[str, int]:
    """How many lines stand in each status, in the order of the codes; zero counts are left out."""
    return _counts(tuple(status_of_line(line, order.status) for line in order.lines))


def count_statuses(statuses: Iterable[str | None]) -> dict[str, int]:
    """As `line_status_counts`, of statuses that are derived already; None does not count."""
    found = Counter(statuses)
    return {status: found[status] for status in LINE_STATUSES if status in found}


def payment_of(due: Decimal, paid: Decimal, currency: str) -> Derived:
    """The order's payment status: money only (domain 2.5, C-14).

    Both amounts are compared after rounding to the currency's minor unit; nothing due is paid.
    """
    due, paid = round_money(due, currency), round_money(paid, currency)
    if paid == due:
        status = "paid"
    elif paid > due:
        status = "overpaid"
    else:
        status = "partially_paid" if paid > 0 else "unpaid"
    value, of = format_money(paid, currency), format_money(due, currency)
    text = f"{value} of {of} {currency} paid" if due else "nothing is due"
    return Derived(status, (Reason("paid", value, of, None, text),))


def _settled(line: LineFacts) -> Derived | None:
    """What was cancelled, came back, left, or was said by a person; None when nothing yet."""
    if line.is_cancelled:
        return Derived("cancelled", (because.cancelled(line),))
    if line.returned > 0:
        return _returned(line)
    if line.shipped > 0:
        return _shipped(line)
    if line.ready:
        return Derived("ready", (because.ready(line),))
    return None


def _in_preparation(line: LineFacts, order_status: str) -> Derived:
    """How far the work on a line has come of which nothing has left."""
    jobs = tuple(job for job in line.jobs if job.status != "cancelled")
    working = _work_under_way(jobs)
    if working is not None:
        return Derived("in_progress", working)
    if jobs and all(job.status == "completed" for job in jobs):
        return Derived("production_completed", because.jobs_completed(jobs))
    if line.retrieved > 0 or line.picked > 0:
        return Derived("in_progress", because.taken(line))
    if order_status == "issued" and line.short > TOLERANCE:
        return Derived("backordered", (because.short(line),))
    return Derived("not_started", because.nothing_yet(line, jobs, order_status))


def _returned(line: LineFacts) -> Derived:
    everything = not line.outstanding and line.returned >= line.shipped - TOLERANCE
    reasons = [because.returned(line)]
    if line.outstanding:
        reasons.append(because.shipped(line))
    return Derived("returned" if everything else "partially_returned", tuple(reasons))


def _shipped(line: LineFacts) -> Derived:
    if not line.outstanding:
        return Derived("shipped", (because.shipped(line),))
    reasons = [because.shipped(line)]
    if line.short > TOLERANCE:
        reasons.append(because.short(line))
    return Derived("partially_shipped", tuple(reasons))


def _work_under_way(jobs: tuple[JobFacts, ...]) -> tuple[Reason, ...] | None:
    """The reasons why jobs keep a line in progress, or None when they do not."""
    ongoing = tuple(because.job(job) for job in jobs if job.status == "ongoing")
    if ongoing:
        return ongoing
    completed = sum(job.status == "completed" for job in jobs)
    if 0 < completed < len(jobs):
        return because.jobs_completed(jobs)
    return None


def _fulfillment_of(order: OrderFacts, statuses: tuple[Derived | None, ...]) -> Derived:
    goods = [
        (line, derived)
        for line, derived in zip(order.lines, statuses, strict=True)
        if derived is not None
    ]
    active = [(line, derived) for line, derived in goods if derived.status != "cancelled"]
    if not goods:
        return Derived("not_started", (because.no_goods(),))
    if not active:
        return Derived("cancelled", (because.all_cancelled(len(goods)),))
    lines = [line for line, _ in active]
    if all(not line.outstanding for line in lines):
        return _nothing_outstanding(order, lines)
    held = hold_reasons(order)
    if held:
        return Derived("on_hold", (*held, because.order_shipped(lines)))
    if any(line.shipped > 0 for line in lines):
        return Derived("partially_shipped", (because.order_shipped(lines),))
    return _nothing_shipped(order, [derived for _, derived in active])


def _nothing_outstanding(order: OrderFacts, lines: list[LineFacts]) -> Derived:
    shipped = because.order_shipped(lines)
    if any(line.returned > 0 for line in lines):
        everything = all(line.returned >= line.shipped - TOLERANCE for line in lines)
        status = "all_returned" if everything else "partially_returned"
        return Derived(status, (because.order_returned(lines), shipped))
    live = [shipment for shipment in order.shipments if shipment.is_live]
    if live and all(shipment.tracking_status == "delivered" for shipment in live):
        return Derived("completed", (shipped, because.delivered(live)))
    return Derived("shipped", (shipped, *because.not_delivered(live)))


def _nothing_shipped(order: OrderFacts, lines: list[Derived]) -> Derived:
    counted = because.lines_by_status(_counts(tuple(lines)), len(lines))
    if all(line.status in ("ready", "production_completed") for line in lines):
        return Derived("ready_to_ship", counted)
    every_job = [job for line in order.lines for job in line.jobs] + list(order.jobs)
    ongoing = tuple(because.job(job) for job in every_job if job.status == "ongoing")
    if ongoing or any(line.status in _BEGUN for line in lines):
        return Derived("in_production", (*counted, *ongoing))
    return Derived("not_started", counted)


def _counts(statuses: tuple[Derived | None, ...]) -> dict[str, int]:
    return count_statuses(derived.status for derived in statuses if derived is not None)
