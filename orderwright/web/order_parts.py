"""Parts of the order page: bars of how far its value has come, and the tab of its tasks."""

from dataclasses import dataclass
from typing import Any, Final

from orderwright.identity.caller import Caller
from orderwright.sales import edit_rules, order_tasks
from orderwright.sales.page import OrderPage
from orderwright.web import choices, display
from orderwright.web.forms import Form

_TONES: Final = {"picked": "violet", "packed": "violet", "shipped": "green", "invoiced": "blue"}


@dataclass(frozen=True, slots=True)
class StageBar:
    """One stage: its name, its percentage in words, its value, its bar."""

    name: str
    percent: str
    amount: str
    bar: str


def stage_bars(order: OrderPage, *, with_prices: bool) -> list[StageBar]:
    """A bar for each stage after the first; none for an estimate, of which nothing has happened."""
    if order.head.status == "estimate":
        return []
    found = []
    for stage, total in order.stage_totals().items():
        if stage not in _TONES:
            continue
        percent = f"{int(total.completion * 100)} %"
        amount = display.money(total.amount, order.head.currency) if with_prices else ""
        label = f"{percent} {stage}" + (f", {amount}" if amount else "")
        bar = display.bar([(_TONES[stage], total.completion)], label)
        found.append(StageBar(f"Value {stage}", percent, amount, bar))
    return found


def tasks_tab(by: Caller, order: OrderPage) -> dict[str, Any]:
    """What the tab shows: open tasks first, the next due first."""
    rows = order_tasks.tasks_of_order(by, order.id)
    locked = edit_rules.why_locked(order.facts(), "tasks")
    may = by.may("sales_orders:update") and locked is None
    return {
        "tasks": sorted(rows, key=lambda row: (row.is_done, row.due_on is None, row.due_on or 0)),
        "may_change_tasks": may,
        "staff": choices.staff(by) if may else [],
        "today": by.today,
        "form": Form.of({}),
    }
