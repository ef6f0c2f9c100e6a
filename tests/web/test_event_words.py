"""Every event that the code records reads as words on the timelines where it stands."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Final

import orderwright
from orderwright.web.customer_events import CUSTOMER_EVENTS
from orderwright.web.order_events import ORDER_EVENTS
from orderwright.web.purchasing_events import PURCHASE_EVENTS
from orderwright.web.supplier_events import SUPPLIER_EVENTS
from orderwright.webhooks.event_types import AREAS

ROOT = Path(orderwright.__file__).parent
# What writes an event: these take its type as one of their arguments.
WRITERS: Final = frozenset(
    {"record", "record_each", "_record", "Happening", "Followed", "_happened"}
)
# On which timelines the events of a record stand.
ORDERS, CUSTOMERS, PURCHASES, SUPPLIERS = (
    ORDER_EVENTS,
    CUSTOMER_EVENTS,
    PURCHASE_EVENTS,
    SUPPLIER_EVENTS,
)
STANDS_ON: Final[Mapping[str, tuple[Mapping[str, object], ...]]] = {
    "sales_order": (ORDERS,),
    "pick": (ORDERS,),
    "shipment": (ORDERS,),
    "production_job": (ORDERS,),
    "production_run": (ORDERS,),
    "return": (ORDERS,),
    "invoice": (ORDERS,),
    "payment": (ORDERS,),
    "email": (ORDERS, CUSTOMERS, PURCHASES),
    "statement": (CUSTOMERS,),
    "customer": (CUSTOMERS,),
    "purchase_order": (PURCHASES,),
    "supplier": (SUPPLIERS,),
}
# Records without a timeline: their events are read over the API.
WITHOUT_TIMELINE: Final = frozenset(
    "api_key carrier customer_group email_template extraction import lot organization user "
    "webhook_endpoint".split()
)


def recorded() -> Iterator[str]:
    """The types of events in the code; `x.*` where only the record is written out."""
    for path in sorted(ROOT.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Call) and _name(node.func) in WRITERS:
                for given in [*node.args, *(one.value for one in node.keywords)]:
                    yield from _types(given)
            elif isinstance(node, ast.Assign) and _name(node.targets[0]) == "event_type":
                yield from _types(node.value)


def _name(node: ast.expr) -> str:
    return node.attr if isinstance(node, ast.Attribute) else getattr(node, "id", "")


def _types(given: ast.expr) -> Iterator[str]:
    if isinstance(given, ast.IfExp):
        yield from _types(given.body)
        yield from _types(given.orelse)
    elif isinstance(given, ast.Constant) and isinstance(given.value, str):
        noun, dot, verb = given.value.partition(".")
        if dot and f"{noun}{verb}".replace("_", "").isalpha():
            yield given.value
    elif isinstance(given, ast.JoinedStr):
        first = given.values[0]
        start = str(first.value) if isinstance(first, ast.Constant) else ""
        if start.endswith("."):
            yield f"{start}*"


def all_types() -> set[str]:
    """What is written out, and of the other records what a webhook may ask for."""
    found = set(recorded())
    asked = {
        f"{noun}.{verb}"
        for area in AREAS.values()
        for noun, verbs in area.items()
        for verb in verbs.split()
        if f"{noun}.*" in found
    }
    return {one for one in found if not one.endswith("*")} | asked


def test_every_recorded_event_has_words_where_it_stands() -> None:
    silent = sorted(
        event_type
        for event_type in all_types()
        for timeline in STANDS_ON.get(event_type.partition(".")[0], ())
        if event_type not in timeline
    )
    assert silent == []


def test_every_record_with_events_is_known_to_have_a_timeline_or_none() -> None:
    nouns = {one.partition(".")[0] for one in all_types()}
    assert nouns - set(STANDS_ON) == WITHOUT_TIMELINE


def test_the_walk_finds_what_is_written_in_each_way() -> None:
    found = all_types()
    assert {"statement.sent", "email.failed", "pick.created", "return.closed"} <= found
    assert len(found) > 100
