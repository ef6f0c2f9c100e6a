"""What happened to an order, in sentences: events to entries of the timeline."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import groupby
from typing import Any, Final

from orderwright.activity.queries import EventRow
from orderwright.web.email_parts import EMAIL_EVENTS
from orderwright.web.job_events import JOB_EVENTS
from orderwright.web.money_events import MONEY_EVENTS
from orderwright.web.returns_events import RETURN_EVENTS
from orderwright.web.vocabulary import word_of


@dataclass(frozen=True, slots=True)
class Change:
    """A value before and after."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of the timeline: who did what, when, and what changed by it."""

    icon: str
    text: str
    who: str
    at: datetime
    quoted: str = ""
    changes: tuple[Change, ...] = ()


Body = Mapping[str, Any]
# What follows from an action, in the order in which it is told.
_DERIVED: Final = (
    "sales_order.fulfilled",
    "sales_order.unfulfilled",
    "sales_order.completed",
    "sales_order.fulfillment_changed",
    "sales_order.payment_changed",
    "sales_order.lines_changed",
    "sales_order.recounted",
    "pick.created",
)
_SOURCES: Final = {
    "wizard": "with the wizard",
    "quick": "as a quick order",
    "api": "over the API",
    "import": "by an import",
    "portal": "in the portal",
}


def entries(events: Iterable[EventRow]) -> list[Entry]:
    """The events as entries, in the order given.

    What an action led to (statuses that followed, in the same instant) stands below the action.
    """
    found: list[Entry] = []
    for _, together in groupby(events, key=lambda event: (event.at, event.actor_name)):
        group = list(together)
        leading = [event for event in group if event.type not in _DERIVED]
        followed = [event for event in group if event.type in _DERIVED]
        if leading:
            found.extend(_entry(event) for event in leading[:-1])
            found.append(_with(_entry(leading[-1]), followed))
        elif _all_changes(followed):
            found.append(_with(_entry(followed[0], bare=True), followed))
    return found


def _with(entry: Entry, followed: Iterable[EventRow]) -> Entry:
    return replace(entry, changes=entry.changes + _all_changes(followed))


def _all_changes(events: Iterable[EventRow]) -> tuple[Change, ...]:
    rows = sorted(events, key=lambda event: _DERIVED.index(event.type))
    return tuple(change for event in rows for change in _changes(event.type, event.body or {}))


def _entry(event: EventRow, *, bare: bool = False) -> Entry:
    icon, told = ORDER_EVENTS.get(event.type, ("circle-dot", _plainly))
    body = event.body or {}
    text = told(body) if told is not _plainly else _plainly({"type": event.type})
    return Entry(
        icon=icon,
        text=text,
        who=event.actor_name,
        at=event.at,
        quoted=str(body.get("reason") or body.get("message") or ""),
        changes=() if bare else _changes(event.type, body),
    )


def _plainly(body: Body) -> str:
    noun, _, verb = str(body["type"]).partition(".")
    return f"{noun} {verb}".replace("_", " ").capitalize()


def _created(body: Body) -> str:
    how = _SOURCES.get(str(body.get("source")), "")
    count = body.get("line_count", 0)
    return f"Entered {how} with {count} {'line' if count == 1 else 'lines'}".replace("  ", " ")


def _issued(body: Body) -> str:
    told = "; the acknowledgement goes to the customer" if body.get("notify_customer") else ""
    return f"Issued{told}"


def _selected(body: Body) -> str:
    count = body.get("selection_count", 0)
    parts = []
    if count:
        how = ", oldest first" if body.get("automatic") else ""
        parts.append(f"Selected inventory from {count} {'lot' if count == 1 else 'lots'}{how}")
    if body.get("ready"):
        parts.append(f"{'m' if parts else 'M'}arked {_lines(body['ready'])} ready")
    return " and ".join(parts) or "Looked for inventory and found none"


def _released(body: Body) -> str:
    count = body.get("selection_count", 0)
    return f"Released {count} {'selection' if count == 1 else 'selections'}"


def _named_lines(verb: str) -> Callable[[Body], str]:
    def told(body: Body) -> str:
        positions = [line["position"] for line in body.get("lines", ())]
        return f"{verb} {_lines(positions)}" if positions else f"{verb} lines"

    return told


def _short_closed(body: Body) -> str:
    positions = [line["position"] for line in body.get("lines", ())]
    return f"Short closed: the rest of {_lines(positions)} is cancelled" if positions else "Closed"


def _repriced(body: Body) -> str:
    positions = [line["position"] for line in body.get("lines", ())]
    return f"Repriced {_lines(positions)}" if positions else "Repriced; no price changed"


def _copied(body: Body) -> str:
    return f"Duplicated as {body.get('number', '')}"


def _of_task(text: str) -> Callable[[Body], str]:
    return lambda body: f"{text}: {body.get('title', '')}"


def _said(text: str) -> Callable[[Body], str]:
    return lambda body: text


def _of_shipment(text: str) -> Callable[[Body], str]:
    def told(body: Body) -> str:
        number = body.get("number") or body.get("shipment") or ""
        return f"{text} {number}".strip()

    return told


def _tracked(body: Body) -> str:
    status = word_of("tracking", str(body.get("status") or "pending")).text
    number = body.get("number") or body.get("shipment") or ""
    place = f" in {body['location']}" if body.get("location") else ""
    return f"Shipment {number} is {status}{place}".replace("  ", " ")


def _picked(body: Body) -> str:
    told = [
        f"{line['quantity']} {line['unit']} of line {line['position']}"
        for line in body.get("lines", ())
    ]
    return f"Picked {', '.join(told)}" if told else "Picked"


def _packed(body: Body) -> str:
    cases = int(body.get("cases") or 1)
    boxes = f" in {cases} cases" if cases > 1 else ""
    return f"Packed shipment {body.get('number', '')}{boxes}"


def _covered(body: Body) -> str:
    told = ", ".join(
        f"line {line['position']} ({line['quantity']} {line['unit']})"
        for line in list(body.get("lines", ()))[:8]
    )
    return f"Receipt {body.get('receipt', '')} covers {told}"


def _lines(positions: Iterable[int]) -> str:
    numbers = [str(position) for position in positions]
    shown = ", ".join(numbers[:8])
    more = f" and {len(numbers) - 8} more" if len(numbers) > 8 else ""
    return f"{'line' if len(numbers) == 1 else 'lines'} {shown}{more}"


ORDER_EVENTS: Final[dict[str, tuple[str, Callable[[Body], str]]]] = {
    "sales_order.created": ("file-text", _created),
    "sales_order.issued": ("file-check", _issued),
    "sales_order.unissued": ("arrow-back-up", _said("Unissued: an estimate again")),
    "sales_order.held": ("hand-stop", _said("Put on hold")),
    "sales_order.hold_released": ("player-play", _said("Released the hold")),
    "sales_order.inventory_selected": ("list-check", _selected),
    "sales_order.inventory_released": ("arrow-back-up", _released),
    "sales_order.lines_cancelled": ("ban", _named_lines("Cancelled")),
    "sales_order.lines_restored": ("rotate", _named_lines("Restored")),
    "sales_order.fulfilled": ("circle-check", _said("Fulfilled: everything has shipped")),
    "sales_order.unfulfilled": ("rotate", _said("Issued again: something is outstanding")),
    "sales_order.completed": ("archive", _said("Completed: shipped and paid")),
    "sales_order.short_closed": ("flag-3", _short_closed),
    "sales_order.reopened": ("lock-open", _said("Reopened for corrections")),
    "sales_order.correction_finished": ("circle-check", _said("Finished the correction")),
    "sales_order.closed": ("archive", _said("Closed the order")),
    "sales_order.repriced": ("refresh", _repriced),
    "sales_order.freight_quoted": ("truck", _said("Quoted freight again")),
    "sales_order.duplicated": ("copy", _copied),
    "sales_order.removed": ("trash", _said("Removed the order for good")),
    "sales_order.lines_added": ("plus", _said("Added lines")),
    "sales_order.task_added": ("square-check", _of_task("Added a task")),
    "sales_order.task_raised": ("bell", _of_task("A task came up")),
    "sales_order.task_edited": ("pencil", _of_task("Changed a task")),
    "sales_order.task_done": ("square-check", _of_task("Did")),
    "sales_order.task_undone": ("rotate", _of_task("Took up again")),
    "sales_order.task_deleted": ("trash", _of_task("Deleted a task")),
    "sales_order.covered": ("package-import", _covered),
    "sales_order.fulfillment_changed": ("progress", _said("Fulfillment changed")),
    "sales_order.payment_changed": ("coin", _said("Payment changed")),
    "sales_order.lines_changed": ("list-details", _said("Lines moved on")),
    "sales_order.updated": ("pencil", _said("Edited the order")),
    "sales_order.edited": ("pencil", _said("Edited the order")),
    "sales_order.line_added": ("plus", _said("Added a line")),
    "sales_order.line_edited": ("pencil", _said("Edited a line")),
    "sales_order.line_deleted": ("trash", _said("Deleted a line")),
    "sales_order.shipped": ("truck", _of_shipment("Shipped")),
    **JOB_EVENTS,
    **MONEY_EVENTS,
    **EMAIL_EVENTS,
    **RETURN_EVENTS,
    "pick.created": ("clipboard-list", _said("The pick was made")),
    "pick.line_picked": ("clipboard-check", _picked),
    "pick.all_picked": ("clipboard-check", _said("Picked everything outstanding")),
    "pick.voided": ("rotate", _said("Started the pick again")),
    "shipment.created": ("truck", _of_shipment("Created shipment")),
    "shipment.packed": ("package", _packed),
    "shipment.shipped": ("truck", _of_shipment("Shipped")),
    "shipment.linked": ("link", _of_shipment("Linked shipment")),
    "shipment.tracked": ("map-pin", _tracked),
    "shipment.edited": ("pencil", _of_shipment("Edited shipment")),
    "shipment.cancelled": ("ban", _of_shipment("Cancelled shipment")),
    "shipment.voided": ("rotate", _of_shipment("Unpacked shipment")),
}
_STAGE_EVENTS: Final = frozenset(
    {"sales_order.fulfilled", "sales_order.unfulfilled", "sales_order.completed"}
)
_AXIS_OF: Final = {
    "sales_order.fulfillment_changed": ("fulfillment", "Fulfillment"),
    "sales_order.payment_changed": ("payment", "Payment"),
}


def _changes(event_type: str, body: Body) -> tuple[Change, ...]:
    if event_type in _STAGE_EVENTS:
        return (Change("Stage", _word("stage", body.get("from")), _word("stage", body.get("to"))),)
    if event_type in _AXIS_OF:
        axis, name = _AXIS_OF[event_type]
        return (Change(name, _word(axis, body.get("from")), _word(axis, body.get("to"))),)
    if event_type == "sales_order.lines_changed":
        return _moved(body)
    if event_type == "pick.created":
        count = body.get("line_count", 0)
        return (Change("Pick", "—", f"{count} {'line' if count == 1 else 'lines'} to pick"),)
    if event_type == "sales_order.repriced":
        return tuple(
            Change(f"Line {line['position']}", _shown(line["before"]), _shown(line["after"]))
            for line in body.get("lines", ())
        )
    return tuple(
        Change(_name(name), _shown(before), _shown(after))
        for name, before, after in _pairs(body)
        if not name.endswith("_id") and _shown(before) != _shown(after)
    )


def _moved(body: Body) -> tuple[Change, ...]:
    """Lines that moved alike are one change."""
    together: dict[tuple[Any, Any], list[int]] = {}
    for line in body.get("lines", ()):
        together.setdefault((line["from"], line["to"]), []).append(line["position"])
    return tuple(
        Change(_lines(positions).capitalize(), _word("line", before), _word("line", after))
        for (before, after), positions in together.items()
    )


def _pairs(body: Body) -> list[tuple[str, Any, Any]]:
    changes = body.get("changes")
    if isinstance(changes, Mapping):
        return [(name, *_two(pair)) for name, pair in changes.items()]
    before, after = body.get("before"), body.get("after")
    if isinstance(before, Mapping) and isinstance(after, Mapping):
        return [(name, before.get(name), value) for name, value in after.items()]
    return []


def _two(pair: Any) -> tuple[Any, Any]:
    if isinstance(pair, Mapping):
        return pair.get("from", pair.get("before")), pair.get("to", pair.get("after"))
    return (pair[0], pair[1]) if isinstance(pair, list | tuple) and len(pair) == 2 else (None, pair)


def _word(axis: str, code: Any) -> str:
    return word_of(axis, code).text if code else ""


def _name(field: str) -> str:
    return field.replace("_", " ").capitalize()


def _shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, Mapping):
        return ", ".join(str(part) for part in value.values() if part)
    if isinstance(value, list):
        return ", ".join(_shown(part) for part in value)
    return str(value)
