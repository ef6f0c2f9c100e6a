"""Parts of the order page: how much has left, how far its value has come, the tab of its tasks."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from orderwright.identity.caller import Caller
from orderwright.kernel.numbers import ONE, ZERO
from orderwright.sales import edit_rules, order_tasks
from orderwright.sales.page import LineRow, OrderPage
from orderwright.web import choices, display
from orderwright.web.forms import Form

_TONES: Final = {"picked": "violet", "packed": "violet", "shipped": "green", "invoiced": "blue"}


@dataclass(frozen=True, slots=True)
class Progress:
    """How much of the order has left."""

    percent: str
    said: str
    bar: str


@dataclass(frozen=True, slots=True)
class StageBar:
    """One stage: its name, its percentage in words, its value, its bar."""

    name: str
    percent: str
    amount: str
    bar: str


def progress_of(order: OrderPage) -> Progress:
    """The share of what is to leave that has left: in units where lines count alike, else lines."""
    goods = [line for line in order.lines if line.is_stock and not line.is_cancelled]
    shipped, selected = _share(goods, "shipped"), _share(goods, "retrieved")
    percent = f"{int(shipped * 100)}"
    return Progress(
        percent=percent,
        said=_shipped_said(goods),
        bar=display.bar(
            [("green", shipped), ("violet", selected)],
            f"{percent} % shipped, {int(selected * 100)} % selected",
        ),
    )


def _share(lines: list[LineRow], name: str) -> Decimal:
    if len({line.unit for line in lines}) == 1:
        whole = sum((line.effective for line in lines), ZERO)
        return (
            min(ONE, sum((getattr(line, name) for line in lines), ZERO) / whole) if whole else ZERO
        )
    parts = [min(ONE, getattr(line, name) / line.effective) for line in lines if line.effective]
    return sum(parts, ZERO) / len(parts) if parts else ZERO


def _shipped_said(lines: list[LineRow]) -> str:
    if not lines:
        return "nothing to ship"
    if len({line.unit for line in lines}) == 1:
        sent = sum((line.shipped for line in lines), ZERO)
        whole = sum((line.effective for line in lines), ZERO)
        return f"{display.quantity(sent)} of {display.quantity(whole, lines[0].unit)}"
    done = sum(not line.outstanding for line in lines)
    return f"{done} of {len(lines)} lines"


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
