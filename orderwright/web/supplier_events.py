"""What happened to a supplier's record, in sentences."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from orderwright.activity.queries import EventRow
from orderwright.web.order_events import Change, Entry

SUPPLIER_EVENTS: Final = {
    "supplier.created": ("user-plus", "Added"),
    "supplier.updated": ("pencil", "Changed"),
    "supplier.products_changed": ("packages", "Changed what it sells to us"),
    "supplier.deleted": ("trash", "Removed"),
}


def entries(events: Iterable[EventRow]) -> list[Entry]:
    """The events as entries, in the order given."""
    return [_entry(event) for event in events]


def _entry(event: EventRow) -> Entry:
    plain = event.type.partition(".")[2].replace("_", " ").capitalize()
    icon, text = SUPPLIER_EVENTS.get(event.type, ("circle-dot", plain))
    changes = _changes(event.body or {}) if event.type == "supplier.updated" else ()
    return Entry(icon=icon, text=text, who=event.actor_name, at=event.at, changes=tuple(changes))


def _changes(body: Mapping[str, Any]) -> Iterable[Change]:
    before, after = body.get("before") or {}, body.get("after") or {}
    for name, value in after.items():
        label = name.removesuffix("_id").replace("_", " ").capitalize()
        if name == "addresses" or name.endswith("_id"):
            yield Change(label, "", "changed")
        else:
            yield Change(label, _said(before.get(name)), _said(value))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value in (None, "") else str(value)
