"""What happened to a customer, in sentences: events to entries of the timeline."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from orderwright.activity.queries import EventRow
from orderwright.identity.caller import Caller
from orderwright.web.order_events import Change, Entry
from orderwright.web.vocabulary import word_of

CUSTOMER_EVENTS: Final = {
    "customer.created": ("user-plus", "Added"),
    "customer.updated": ("pencil", "Changed"),
    "customer.status_changed": ("hand-stop", "Status changed"),
    "customer.item_codes_changed": ("barcode", "Item codes changed"),
    "customer.merged": ("users", "Merged with"),
    "customer.deleted": ("trash", "Removed"),
    "statement.sent": ("send", "Sent a statement"),
    "email.sent": ("mail", "Mailed"),
    "email.failed": ("alert-triangle", "Could not mail"),
    "email.queued": ("send", "Asked to mail again:"),
}
_NOT_SHOWN: Final = frozenset({"addresses", "contacts", "item_codes"})
_COMMERCIAL: Final = frozenset({"credit_limit"})


def entries(by: Caller, events: Iterable[EventRow]) -> list[Entry]:
    """The events as entries, in the order given; amounts only for those who may see them."""
    return [_entry(by, event) for event in events]


def _entry(by: Caller, event: EventRow) -> Entry:
    icon, text = CUSTOMER_EVENTS.get(event.type, ("circle-dot", _plainly(event.type)))
    body = event.body or {}
    if event.type == "customer.merged":
        names = ", ".join(f"{one['name']} ({one['number']})" for one in body.get("sources", ()))
        text = f"{text} {names}"
    elif event.type.startswith("email."):
        text = f"{text} “{body.get('subject', '')}”"
    changes: Iterable[Change] = ()
    if event.type == "customer.status_changed":
        changes = _status(body)
    elif event.type == "customer.updated":
        changes = _changes(by, body)
    return Entry(
        icon=icon,
        text=text,
        who=event.actor_name,
        at=event.at,
        quoted=str(body.get("reason") or ""),
        changes=tuple(changes),
    )


def _status(body: Mapping[str, Any]) -> tuple[Change, ...]:
    before, after = body["before"]["status"], body["after"]["status"]
    return (Change("Status", word_of("customer", before).text, word_of("customer", after).text),)


def _changes(by: Caller, body: Mapping[str, Any]) -> Iterable[Change]:
    before, after = body.get("before") or {}, body.get("after") or {}
    for name, value in after.items():
        if name in _COMMERCIAL and not by.may("orders_commercial:read"):
            continue
        label = name.removesuffix("_id").replace("_", " ").capitalize()
        if name in _NOT_SHOWN or name.endswith(("_id", "_ids")):
            yield Change(label, "", "changed")
        else:
            yield Change(label, _said(before.get(name)), _said(value))


def _said(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    return "nothing" if value in (None, "") else str(value)


def _plainly(event_type: str) -> str:
    noun, _, verb = event_type.partition(".")
    return f"{noun} {verb}".replace("_", " ").capitalize()
