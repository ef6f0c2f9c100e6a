"""The dashboard (domain 6, U2): what waits, how much of it, and the list that shows it."""

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, Final

from django.db import connection

from orderwright.activity.queries import EventRow
from orderwright.identity.caller import Caller
from orderwright.kernel.json_text import from_json
from orderwright.reporting import dashboard_sql as sql

SHOWN_IN_FEED: Final = 12
LOOKED_AT: Final = 200


@dataclass(frozen=True, slots=True)
class Card:
    """A figure, and the list that shows exactly what it counts: `list` with `filters`.

    `units` is a second figure where pieces are counted besides records.
    """

    name: str
    count: int
    list: str
    filters: dict[str, str] = field(default_factory=dict)
    units: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Step:
    """One of the first steps of a new organization."""

    name: str
    is_done: bool


@dataclass(frozen=True, slots=True)
class Happened:
    """An event of an order, for the feed; `customer` is empty for who may not know customers."""

    event: EventRow
    order_number: str
    customer: str


@dataclass(frozen=True, slots=True)
class Dashboard:
    """What the caller's dashboard shows. `steps` are empty once all of them are done."""

    cards: tuple[Card, ...]
    steps: tuple[Step, ...]
    feed: tuple[Happened, ...]


@dataclass(frozen=True, slots=True)
class _Part:
    """A row of figures for those who hold all of the permissions."""

    statement: str
    permissions: tuple[str, ...]


_PARTS: Final = (
    _Part(sql.ORDERS, ("sales_orders:read",)),
    _Part(sql.BACKORDERS, ("sales_orders:read",)),
    _Part(sql.TASKS, ("sales_orders:read",)),
    _Part(sql.PICKS, ("picks:read",)),
    _Part(sql.SHIPMENTS, ("shipments:read",)),
    _Part(sql.JOBS, ("production:read",)),
    _Part(sql.INVOICES, ("invoices:read",)),
    _Part(sql.RETURNS, ("returns:read",)),
    _Part(sql.LOW_STOCK, ("products:read", "inventory:read")),
)

ORDERS_LIST: Final = "/sales-orders"
_OPEN: Final = "estimate,issued"
_CARDS: Final[tuple[tuple[str, str, dict[str, str]], ...]] = (
    ("open_orders", ORDERS_LIST, {"status": "issued"}),
    (
        "due_today",
        ORDERS_LIST,
        {"status": "issued", "required_from": "{today}", "required_to": "{today}"},
    ),
    ("past_due", ORDERS_LIST, {"past_due": "true"}),
    ("ready_to_ship", ORDERS_LIST, {"status": "issued", "fulfillment_status": "ready_to_ship"}),
    ("on_hold", ORDERS_LIST, {"status": _OPEN, "on_hold": "true"}),
    ("backordered", ORDERS_LIST, {"backordered": "true"}),
    ("estimates", ORDERS_LIST, {"status": "estimate"}),
    ("picks_open", "/picks", {"status": "open"}),
    ("packed", "/shipments", {"stage": "packed"}),
    ("in_transit", "/shipments", {"status": "in_transit"}),
    ("exceptions", "/shipments", {"status": "exception"}),
    ("delivered_today", "/shipments", {"status": "delivered", "delivered_on": "{today}"}),
    ("low_stock", "/products", {"stock": "low"}),
    ("active_jobs", "/production-jobs", {"status": "ongoing"}),
    ("completed_today", "/production-jobs", {"status": "completed", "completed_on": "{today}"}),
    ("overdue_invoices", "/invoices", {"status": "overdue"}),
    ("returns_requested", "/returns", {"status": "requested"}),
    ("tasks_due", "/tasks", {"done": "false", "due_to": "{today}"}),
)
_STEPS: Final = (
    ("has_products", "products:create"),
    ("has_customers", "customers:create"),
    ("has_people", "users:create"),
    ("has_orders", "sales_orders:create"),
)


def dashboard(by: Caller) -> Dashboard:
    """What waits for the caller's role: two statements, one for those who see no orders."""
    figures = _figures(by)
    return Dashboard(cards=_cards(by, figures), steps=_steps(by, figures), feed=_feed(by))


def cards(by: Caller) -> tuple[Card, ...]:
    """The figures alone; one statement."""
    return _cards(by, _figures(by))


def _figures(by: Caller) -> dict[str, Any]:
    """Every figure that the caller may see, by its name."""
    parts = [part.statement for part in _PARTS if all(by.may(one) for one in part.permissions)]
    joined = " CROSS JOIN ".join(
        f"({statement}) AS part_{place}"
        for place, statement in enumerate([*parts, sql.FIRST_STEPS])
    )
    starts, ends = by.day_of(by.today)
    values: dict[str, Any] = {
        "organization": by.organization_id,
        "today": by.today,
        "day_starts": starts,
        "day_ends": ends,
    }
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {joined}", values)
        names = [column.name for column in cursor.description or ()]
        return dict(zip(names, cursor.fetchone() or (), strict=True))


def _cards(by: Caller, figures: dict[str, Any]) -> tuple[Card, ...]:
    today = by.today.isoformat()
    return tuple(
        Card(
            name=name,
            count=figures[name],
            list=path,
            filters={key: text.replace("{today}", today) for key, text in filters.items()},
            units=figures["short_units"] if name == "backordered" else None,
        )
        for name, path, filters in _CARDS
        if name in figures
    )


def _steps(by: Caller, figures: dict[str, Any]) -> tuple[Step, ...]:
    steps = tuple(Step(name, figures[name]) for name, permission in _STEPS if by.may(permission))
    return () if figures["has_orders"] else steps


def _feed(by: Caller) -> tuple[Happened, ...]:
    """The latest events of orders, newest first."""
    if not by.may("sales_orders:read"):
        return ()
    statement = sql.FEED.format(looked_at=LOOKED_AT, shown=SHOWN_IN_FEED)
    sees = by.may("customers:read")
    with connection.cursor() as cursor:
        cursor.execute(statement, {"organization": by.organization_id})
        rows = cursor.fetchall()
    return tuple(Happened(_event(row), row[9], row[10] if sees else "") for row in rows)


def _event(row: tuple[Any, ...]) -> EventRow:
    values: list[Any] = [*row[:8], from_json(row[8])]
    return EventRow(*values)
