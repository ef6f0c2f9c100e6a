"""What happened to a purchase order, in sentences: events to entries of the timeline."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from itertools import groupby
from typing import Any, Final

from orderwright.activity.queries import EventRow
from orderwright.kernel.numbers import parse_decimal
from orderwright.web import display
from orderwright.web.order_events import Body, Change, Entry
from orderwright.web.vocabulary import word_of

_DERIVED: Final = (
    "purchase_order.fulfilled",
    "purchase_order.unfulfilled",
    "purchase_order.fulfillment_changed",
)
_SOURCES: Final = {"wizard": "with the wizard", "api": "over the API", "import": "by an import"}
_COMMERCIAL: Final = frozenset({"internal_budget", "currency", "unit_price", "subtotal"})


def entries(events: Iterable[EventRow], *, with_prices: bool) -> list[Entry]:
    """The events as entries, in the order given; statuses that followed stand with the action."""
    found: list[Entry] = []
    for _, together in groupby(events, key=lambda event: (event.at, event.actor_name)):
        group = list(together)
        leading = [event for event in group if event.type not in _DERIVED] or group[:1]
        shown = [_entry(event, with_prices=with_prices) for event in leading]
        followed = [event for event in group if event not in leading]
        changes = tuple(change for event in followed for change in _changes(event, with_prices))
        shown[-1] = replace(shown[-1], changes=shown[-1].changes + changes)
        found.extend(shown)
    return found


def said_of(event_type: str, body: Body) -> tuple[str, str]:
    """The icon and the sentence of an event."""
    icon, tell = PURCHASE_EVENTS.get(event_type, ("circle-dot", _plainly(event_type)))
    return icon, tell(body)


def _entry(event: EventRow, *, with_prices: bool) -> Entry:
    body = event.body or {}
    icon, text = said_of(event.type, body)
    return Entry(
        icon=icon,
        text=text,
        who=event.actor_name,
        at=event.at,
        quoted=str(body.get("reason") or ""),
        changes=_changes(event, with_prices),
    )


def _changes(event: EventRow, with_prices: bool) -> tuple[Change, ...]:
    body = event.body or {}
    if event.type == "purchase_order.fulfillment_changed":
        before, after = body.get("from"), body.get("to")
        return (Change("Receiving", _word("receiving", before), _word("receiving", after)),)
    if event.type in ("purchase_order.fulfilled", "purchase_order.unfulfilled"):
        before, after = body.get("from"), body.get("to")
        return (Change("Stage", _word("purchase", before), _word("purchase", after)),)
    changes = body.get("changes")
    if not isinstance(changes, dict):
        return ()
    return tuple(
        Change(name.replace("_", " ").capitalize(), *_two(pair))
        for name, pair in changes.items()
        if not name.endswith("_id") and (with_prices or name not in _COMMERCIAL)
    )


def _two(pair: Any) -> tuple[str, str]:
    if isinstance(pair, dict):
        pair = [pair.get("from", pair.get("before")), pair.get("to", pair.get("after"))]
    if not isinstance(pair, list | tuple) or len(pair) != 2:
        return "", _shown(pair)
    return _shown(pair[0]), _shown(pair[1])


def _shown(value: Any) -> str:
    if value in (None, "", [], {}):
        return "—"
    if isinstance(value, dict):
        return ", ".join(str(part) for part in value.values() if part)
    return str(value)


def _word(axis: str, code: Any) -> str:
    return word_of(axis, code).text if code else ""


def _plainly(event_type: str) -> Callable[[Body], str]:
    text = event_type.partition(".")[2].replace("_", " ").capitalize()
    return lambda body: text


def _said(text: str) -> Callable[[Body], str]:
    return lambda body: text


def _created(body: Body) -> str:
    count = body.get("line_count", 0)
    how = _SOURCES.get(str(body.get("source")), "")
    return f"Entered {how} with {count} {'line' if count == 1 else 'lines'}".replace("  ", " ")


def _issued(body: Body) -> str:
    return "Ordered, and mailed to the supplier" if body.get("notify_supplier") else "Ordered"


def _received(body: Body) -> str:
    told = ", ".join(_arrived(line) for line in list(body.get("lines", ()))[:6])
    more = len(list(body.get("lines", ()))) - 6
    text = f"Received {told}" + (f" and {more} more lines" if more > 0 else "")
    covered = covered_said(body.get("covered", ()))
    return f"{text}. {covered}" if covered else text


def covered_said(covered: Iterable[Body]) -> str:
    """Which orders that waited the goods cover, in a sentence; nothing for none."""
    lines = [f"{one['order']} line {one['position']}" for one in covered]
    if not lines:
        return ""
    more = f" and {len(lines) - 5} more" if len(lines) > 5 else ""
    return f"Covers {', '.join(lines[:5])}{more}."


def _arrived(line: Body) -> str:
    quantity = parse_decimal(str(line.get("quantity") or 0), "quantity")
    rejected = parse_decimal(str(line.get("rejected") or 0), "rejected")
    unit = str(line.get("unit") or "")
    text = f"{display.quantity(quantity, unit)} of line {line.get('position')}"
    return f"{text} ({display.quantity(rejected, unit)} rejected)" if rejected else text


def _lines(verb: str) -> Callable[[Body], str]:
    def told(body: Body) -> str:
        positions = [str(line.get("position")) for line in body.get("lines", ())]
        return f"{verb} {'line' if len(positions) == 1 else 'lines'} {', '.join(positions)}"

    return told


def _line(verb: str) -> Callable[[Body], str]:
    return lambda body: f"{verb} line {body.get('position', '')}".rstrip()


def _mail(verb: str) -> Callable[[Body], str]:
    return lambda body: f"{verb} {', '.join(body.get('recipients', ()))}"


PURCHASE_EVENTS: Final[dict[str, tuple[str, Callable[[Body], str]]]] = {
    "purchase_order.created": ("file-text", _created),
    "purchase_order.issued": ("file-check", _issued),
    "purchase_order.unissued": ("arrow-back-up", _said("Unissued: a quote again")),
    "purchase_order.closed": ("archive", _said("Closed: nothing more is expected")),
    "purchase_order.opened": ("lock-open", _said("Opened again")),
    "purchase_order.held": ("hand-stop", _said("Put on hold")),
    "purchase_order.hold_released": ("player-play", _said("Released the hold")),
    "purchase_order.lines_cancelled": ("ban", _lines("Cancelled")),
    "purchase_order.lines_restored": ("rotate", _lines("Restored")),
    "purchase_order.lines_added": ("plus", _lines("Added")),
    "purchase_order.line_edited": ("pencil", _line("Changed")),
    "purchase_order.line_removed": ("trash", _line("Took off")),
    "purchase_order.edited": ("pencil", _said("Edited the order")),
    "purchase_order.received": ("package-import", _received),
    "purchase_order.receipt_reversed": (
        "arrow-back-up",
        lambda body: f"Reversed receipt {body.get('number', '')}",
    ),
    "purchase_order.fulfilled": ("circle-check", _said("Fulfilled: everything has arrived")),
    "purchase_order.unfulfilled": ("rotate", _said("Ordered again: something is outstanding")),
    "purchase_order.fulfillment_changed": ("progress", _said("Receiving moved on")),
    "purchase_order.removed": ("trash", _said("Removed the order for good")),
    "email.sent": ("mail", _mail("Mailed it to")),
    "email.queued": ("send", _mail("Asked to mail it again to")),
    "email.failed": ("alert-triangle", _mail("Could not mail it to")),
}
