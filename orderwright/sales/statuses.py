"""Statuses of lines and orders, derived from facts, each with its reasons (domain 2.2 to 2.5)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal

from orderwright.kernel.money import format_money, round_money
from orderwright.kernel.numbers import ZERO, trim
from orderwright.kernel.reasons import Reason
from orderwright.kernel.weight import TOLERANCE
from orderwright.sales.rules import JobFacts, LineFacts, OrderFacts, ShipmentFacts


@dataclass(frozen=True, slots=True)
class Derived:
    """A derived status and the facts that decided it; never without a reason."""

    status: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Badge:
    """A small sign beside a status: `returns`, `backordered`, `shipment_alert`."""

    code: str
    value: str
    text: str


@dataclass(frozen=True, slots=True)
class OrderStatuses:
    """Everything that is derived from an order's facts, lines in their order.

    A line that is not of goods has None.
    """

    lines: tuple[Derived | None, ...]
    fulfillment: Derived
    hold_reasons: tuple[Reason, ...]
    line_status_counts: dict[str, int]
    badges: tuple[Badge, ...]


def statuses_of(order: OrderFacts) -> OrderStatuses: ...
def status_of_line(line: LineFacts, order_status: str) -> Derived | None: ...
def status_of_shipments(shipments: Iterable[ShipmentFacts]) -> str | None: ...
def fulfillment_of(order: OrderFacts) -> Derived: ...
def hold_reasons(order: OrderFacts) -> tuple[Reason, ...]: ...
def badges(order: OrderFacts) -> tuple[Badge, ...]: ...
def line_status_counts(order: OrderFacts) -> dict[str, int]: ...
def payment_of(due: Decimal, paid: Decimal, currency: str) -> Derived: ...
