"""Returns of the demo company: two on their way back, some received, closed, one cancelled."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from orderwright.kernel.numbers import ONE, trim
from orderwright.returns import actions
from orderwright.returns.actions import NewReturn
from orderwright.returns.queries import ReturnPage
from orderwright.returns.rules import Asked
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.queries import read_order
from orderwright.shipping.queries import ShipmentFilter, shipments

if TYPE_CHECKING:
    from orderwright.demo.company import Desk

WAREHOUSE: Final = "Tom"
SECONDS_A_DAY: Final = 86_400
# Days after the last thing that happened to the order: announced, received, closed.
ASKED, ARRIVED, SETTLED = 1.0, 4.5, 6.0


@dataclass(frozen=True, slots=True)
class Candidate:
    """An order whose goods have arrived, and how many days ago something last happened to it."""

    order: OrderPage
    days_ago: float


@dataclass(frozen=True, slots=True)
class Story:
    """What comes back, why, and how far it has come."""

    reason: str
    tell: Callable[["Desk", Candidate, ReturnPage], None]
    days: float
    lines: int = 1
    note: str = ""


def make_all(desk: "Desk") -> None:
    """Tell each story of an order of its own; the youngest returns are those still under way."""
    candidates = _candidates(desk)
    told: list[tuple[Candidate, Story]] = []
    for story in STORIES:
        fitting = [
            one
            for one in candidates
            if one.days_ago >= story.days and len(_goods(one.order)) >= story.lines
        ]
        if fitting:
            chosen = min(fitting, key=lambda one: one.days_ago)
            candidates.remove(chosen)
            told.append((chosen, story))
    for candidate, story in sorted(told, key=lambda pair: -pair[0].days_ago):
        story.tell(desk, candidate, _announce(desk, candidate, story))


def _candidates(desk: "Desk") -> list[Candidate]:
    with desk.on(0) as by:
        ids = {
            one.head.order_id
            for one in shipments(by, ShipmentFilter(status="delivered"), limit=500)
            if one.head.order_id
        }
        orders = [read_order(by, order_id) for order_id in sorted(ids)]
    return [
        Candidate(one, (desk.now - one.head.updated_at).total_seconds() / SECONDS_A_DAY)
        for one in orders
        if one.head.status in ("fulfilled", "completed")
    ]


def _goods(order: OrderPage) -> list[LineRow]:
    return [line for line in order.lines if line.is_stock and line.shipped >= 2]


def _announce(desk: "Desk", candidate: Candidate, story: Story) -> ReturnPage:
    """A part of the first lines comes back."""
    rows = [
        Asked(line.id, trim(max(ONE, line.shipped // 4)))
        for line in _goods(candidate.order)[: story.lines]
    ]
    new = NewReturn(candidate.order.id, rows, reason=story.reason, note=story.note)
    with desk.on(candidate.days_ago - ASKED, who="Jonas") as by:
        return actions.request_return(by=by, new=new)


def _under_way(desk: "Desk", candidate: Candidate, found: ReturnPage) -> None:
    """It has not arrived yet."""


def _received(desk: "Desk", candidate: Candidate, found: ReturnPage) -> None:
    """All of it can be sold again."""
    with desk.on(candidate.days_ago - ARRIVED, who=WAREHOUSE) as by:
        actions.receive_return(by=by, reference=found.id)


def _sorted_out(desk: "Desk", candidate: Candidate, found: ReturnPage) -> None:
    """The first line can be sold again, the second is scrap."""
    fates = (("restock", "As new"), ("scrap", "Bent and scratched"))
    rows = [
        Asked(line.line_id, trim(line.quantity), disposition=fate, condition=condition)
        for line, (fate, condition) in zip(found.lines, fates, strict=False)
    ]
    with desk.on(candidate.days_ago - ARRIVED, who=WAREHOUSE) as by:
        actions.receive_return(by=by, reference=found.id, lines=rows)


def _rejected(desk: "Desk", candidate: Candidate, found: ReturnPage) -> None:
    """It is kept apart, and the customer has been answered."""
    rows = [
        Asked(line.line_id, trim(line.quantity), disposition="reject", condition="Stone is loose")
        for line in found.lines
    ]
    with desk.on(candidate.days_ago - ARRIVED, who=WAREHOUSE) as by:
        actions.receive_return(by=by, reference=found.id, lines=rows)
    _close(desk, candidate, found)


def _settled(desk: "Desk", candidate: Candidate, found: ReturnPage) -> None:
    """Nothing more follows from it."""
    _received(desk, candidate, found)
    _close(desk, candidate, found)


def _close(desk: "Desk", candidate: Candidate, found: ReturnPage) -> None:
    with desk.on(candidate.days_ago - SETTLED, who="Jonas") as by:
        actions.close_return(by=by, reference=found.id)


def _cancelled(desk: "Desk", candidate: Candidate, found: ReturnPage) -> None:
    """The customer keeps the goods after all."""
    with desk.on(candidate.days_ago - ARRIVED, who="Jonas") as by:
        actions.cancel_return(by=by, reference=found.id)


STORIES: Final = (
    Story("Too small for the customer", _under_way, ASKED),
    Story("Arrived twice", _under_way, ASKED, lines=2, note="The courier collects it."),
    Story("Ordered too many", _received, ARRIVED),
    Story("Damaged on the way", _sorted_out, ARRIVED, lines=2),
    Story("Stone came loose", _rejected, SETTLED),
    Story("Wrong colour", _settled, SETTLED),
    Story("Unsold after the fair", _settled, SETTLED, lines=2),
    Story("Changed his mind", _cancelled, SETTLED),
)
