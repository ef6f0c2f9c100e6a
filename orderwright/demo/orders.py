"""Orders of the demo company: each ends in the status that its story is about."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

from orderwright.directory import actions as directory
from orderwright.identity.caller import Caller
from orderwright.sales import actions, stock
from orderwright.sales.new_lines import NewLine
from orderwright.sales.new_orders import NewOrder, create_order
from orderwright.sales.page import OrderPage
from orderwright.sales.queries import read_order
from orderwright.sales.stock import LineAsk
from orderwright.shipping import tracking
from orderwright.shipping.actions import NewShipment, SelectionAsk, ShipLine, create_shipment
from orderwright.shipping.queries import OrderSelection, selections_of_order
from orderwright.shipping.tracking import Said

if TYPE_CHECKING:
    from orderwright.demo.company import Desk

OUT_OF_STOCK = frozenset({"RNG-ETN", "GEM-CE-64"})
HELD = {"Kestrel Watches": "hold_all", "Delta Bridal": "hold_shipment"}
NOTES = (
    "Please pack each line separately.",
    "Same as our spring order, but rush if you can.",
    "Call before delivery.",
    "",
    "",
)


@dataclass(frozen=True, slots=True)
class Placed:
    """An order that was placed, and how many days ago."""

    page: OrderPage
    days_ago: float
    who: str


Story = Callable[["Desk", Placed], None]


def place_all(desk: "Desk") -> None:
    """Every story several times, from long ago to today; then holds on two customers."""
    plan: list[tuple[Story, int, tuple[float, float]]] = [
        (delivered, 26, (12, 300)),
        (shipped, 7, (2, 9)),
        (with_exception, 2, (4, 8)),
        (partially_shipped, 6, (3, 14)),
        (ready_to_ship, 6, (1, 8)),
        (in_preparation, 5, (1, 6)),
        (issued, 8, (0.2, 5)),
        (backordered, 3, (1, 12)),
        (cancelled, 3, (10, 60)),
        (on_hold, 3, (1, 9)),
        (estimate, 14, (0.05, 6)),
    ]
    days = sorted(
        ((desk.chance.uniform(*span), story) for story, count, span in plan for _ in range(count)),
        key=lambda entry: -entry[0],
    )
    for days_ago, story in days:
        story(desk, place(desk, days_ago, out_of_stock=story is backordered))
    for name, status in HELD.items():
        hold_customer(desk, name, status)


def place(desk: "Desk", days_ago: float, *, out_of_stock: bool = False) -> Placed:
    """An estimate of one to six lines for some customer."""
    chance = desk.chance
    who = chance.choice(("Maya", "Jonas", "Priya"))
    names = sorted(set(desk.customers) - set(HELD)) if chance.random() < 0.93 else sorted(HELD)
    customer = desk.customers[chance.choice(names)]
    lines = [_line(desk, sku) for sku in _skus(desk, out_of_stock=out_of_stock)]
    placed_on = (desk.now - timedelta(days=days_ago)).date()
    required = placed_on + timedelta(days=chance.randint(7, 30))
    with desk.on(days_ago, who=who) as by:
        page = create_order(
            by=by,
            new=NewOrder(
                customer_id=customer.id,
                order_lead_id=chance.choice(desk.leads),
                lines=lines,
                accept_terms=True,
                customer_po_number=f"{chance.randint(1000, 9999)}-{chance.randint(10, 99)}",
                notes=chance.choice(NOTES),
                date_required=required,
                promised_at=required,
                discount_code="TEN" if chance.random() < 0.12 else None,
                source=chance.choice(("wizard", "wizard", "quick", "api")),
                confirmed=frozenset({"past_date"}),
            ),
        )
    return Placed(page, days_ago, who)


def estimate(desk: "Desk", placed: Placed) -> None:
    """Nothing happened yet."""


def issued(desk: "Desk", placed: Placed) -> None:
    """We are committed; the warehouse has not begun."""
    with _later(desk, placed, 0.02) as by:
        actions.issue_order(by=by, order=placed.page.id, confirmed={"prepaid_unpaid"})


def backordered(desk: "Desk", placed: Placed) -> None:
    """Issued, though a product is out of stock."""
    issued(desk, placed)


def in_preparation(desk: "Desk", placed: Placed) -> None:
    """Some of it is selected."""
    issued(desk, placed)
    with _later(desk, placed, 0.1, who="Tom") as by:
        first = [line.id for line in placed.page.lines if line.is_stock][:1]
        stock.auto_select(by=by, order=placed.page.id, line_ids=first)


def ready_to_ship(desk: "Desk", placed: Placed) -> None:
    """All of it is selected and marked ready."""
    issued(desk, placed)
    with _later(desk, placed, 0.2, who="Tom") as by:
        page, _ = stock.auto_select(by=by, order=placed.page.id)
        ready = [
            LineAsk(line.id, mark_ready=True)
            for line in page.lines
            if line.is_stock and line.retrieved >= line.outstanding > 0
        ]
        if ready:
            stock.select_inventory(by=by, order=placed.page.id, lines=ready)


def shipped(desk: "Desk", placed: Placed) -> None:
    """All of it left in one shipment, which is under way."""
    ready_to_ship(desk, placed)
    shipment = _ship(desk, placed, after=0.6)
    _say(desk, placed, shipment, 0.9, "in_transit", location="Regional hub")


def delivered(desk: "Desk", placed: Placed) -> None:
    """All of it has arrived."""
    ready_to_ship(desk, placed)
    shipment = _ship(desk, placed, after=0.6)
    _say(desk, placed, shipment, 1.0, "in_transit", location="Regional hub")
    _say(desk, placed, shipment, 2.0, "out_for_delivery")
    _say(desk, placed, shipment, 2.3, "delivered", location="Front desk")


def with_exception(desk: "Desk", placed: Placed) -> None:
    """The carrier could not deliver."""
    ready_to_ship(desk, placed)
    shipment = _ship(desk, placed, after=0.6)
    _say(desk, placed, shipment, 1.2, "exception", message="Address not found, held at the depot")


def partially_shipped(desk: "Desk", placed: Placed) -> None:
    """Half of what was selected has left."""
    ready_to_ship(desk, placed)
    with _later(desk, placed, 0.7, who="Tom") as by:
        rows = _selected(by, placed)
        half = [
            ShipLine(row.line_id, (SelectionAsk(row.id, _half(row.quantity)),)) for row in rows[:1]
        ]
        if half:
            new = NewShipment(
                carrier_id=desk.carriers["UPS"], tracking_number=_tracking(desk), lines=half
            )
            create_shipment(by=by, order=placed.page.id, new=new)


def cancelled(desk: "Desk", placed: Placed) -> None:
    """The customer changed its mind."""
    issued(desk, placed)
    with _later(desk, placed, 0.5) as by:
        lines = [line.id for line in placed.page.lines if not line.is_generated]
        actions.cancel_lines(
            by=by, order=placed.page.id, line_ids=lines, reason="Customer changed its plans"
        )


def on_hold(desk: "Desk", placed: Placed) -> None:
    """A person stopped it."""
    issued(desk, placed)
    with _later(desk, placed, 0.3) as by:
        actions.hold_order(
            by=by, order=placed.page.id, reason="Waiting for the customer's new artwork"
        )


def hold_customer(desk: "Desk", name: str, status: str) -> None:
    """A hold works at once on all open orders of the customer."""
    with desk.on(0.5, who="Jonas") as by:
        directory.change_customer_status(
            by=by, customer_id=desk.customers[name].id, status=status, reason="Overdue invoices"
        )


def _later(
    desk: "Desk", placed: Placed, days: float, *, who: str | None = None
) -> AbstractContextManager[Caller]:
    return desk.on(max(0.0, placed.days_ago - days), who=who or placed.who)


def _ship(desk: "Desk", placed: Placed, *, after: float) -> UUID | None:
    with _later(desk, placed, after, who="Tom") as by:
        if not _selected(by, placed):
            return None
        carrier = desk.chance.choice(("UPS", "FedEx", "DHL Express"))
        new = NewShipment(carrier_id=desk.carriers[carrier], tracking_number=_tracking(desk))
        return create_shipment(by=by, order=placed.page.id, new=new).head.id


def _selected(by: Caller, placed: Placed) -> list[OrderSelection]:
    """What waits to be shipped."""
    rows = selections_of_order(by, read_order(by, placed.page.id))
    return [row for row in rows if row.is_open]


def _say(
    desk: "Desk",
    placed: Placed,
    shipment: UUID | None,
    after: float,
    status: str,
    *,
    location: str = "",
    message: str = "",
) -> None:
    if shipment is None:
        return
    with _later(desk, placed, after, who="Carrier") as by:
        said = Said(status=status, location=location, message=message, occurred_at=by.now)
        tracking.add_tracking_event(by=by, shipment=shipment, said=said)


def _tracking(desk: "Desk") -> str:
    return f"1Z{desk.chance.randint(10**11, 10**12 - 1)}"


def _half(quantity: object) -> str:
    return str(max(1, int(str(quantity).split(".", maxsplit=1)[0]) // 2))


def _skus(desk: "Desk", *, out_of_stock: bool) -> list[str]:
    available = sorted(set(desk.products) - OUT_OF_STOCK - {"SRV-ENGRAVE"})
    chosen = desk.chance.sample(available, desk.chance.choice((1, 2, 3, 3, 4, 6)))
    if out_of_stock:
        chosen.append(desk.chance.choice(sorted(OUT_OF_STOCK)))
    if desk.chance.random() < 0.1:
        chosen.append("SRV-ENGRAVE")
    return chosen


def _line(desk: "Desk", sku: str) -> NewLine:
    small = sku.startswith(("RNG", "CHN", "SRV"))
    quantity = desk.chance.choice((2, 3, 4, 6, 8, 12) if small else (10, 20, 25, 40, 60, 120))
    return NewLine(product_id=desk.products[sku].id, quantity=quantity)
