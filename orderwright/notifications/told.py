"""The table of what is told: types of events, and what time brings, to rules."""

from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import quote

from orderwright.notifications import sentences
from orderwright.notifications.rules import Audience, Facts, Rule, occasion_of
from orderwright.notifications.sentences import HELD

_ORDERS: Final = ("sales_orders:read",)


# ---------- To whom ----------


def _lead(facts: Facts) -> tuple[Audience, ...]:
    return (Audience(staff_id=facts.lead_id),) if facts.lead_id else ()


def _assigned(facts: Facts) -> tuple[Audience, ...]:
    return (Audience(staff_id=facts.staff_id),) if facts.staff_id else ()


def _assigned_and_lead(facts: Facts) -> tuple[Audience, ...]:
    return (*_assigned(facts), *_lead(facts))


def _asker(facts: Facts) -> tuple[Audience, ...]:
    return (Audience(user_id=facts.actor_id),) if facts.actor_id else ()


def _lead_and(permission: str) -> Callable[[Facts], tuple[Audience, ...]]:
    return lambda facts: (*_lead(facts), Audience(permission=permission))


def _those_who(permission: str) -> Callable[[Facts], tuple[Audience, ...]]:
    return lambda facts: (Audience(permission=permission),)


# ---------- Where it leads ----------


def _order_page(facts: Facts) -> str:
    return f"/orders/sales/{quote(facts.order_number, safe='')}" if facts.order_number else ""


def _at(path: str) -> Callable[[Facts], str]:
    """The page of what the event's body has the number of."""
    return lambda facts: f"{path}/{quote(facts.text('number'), safe='')}"


def _of_subject(path: str) -> Callable[[Facts], str]:
    return lambda facts: f"{path}/{facts.subject_id}"


def _customer_page(facts: Facts) -> str:
    return f"/customers/{facts.customer_id}"


# ---------- When ----------


def _goes_back(body: Mapping[str, Any]) -> bool:
    return any(line.get("to") == "backordered" for line in body.get("lines", ()))


def _arrives_or_fails(body: Mapping[str, Any]) -> bool:
    return body.get("to") in ("delivered", "exception") and body.get("to") != body.get("from")


def _holds_or_frees(body: Mapping[str, Any]) -> bool:
    return (sentences.status_of(body, "before") in HELD) != (
        sentences.status_of(body, "after") in HELD
    )


def _task_and_person(facts: Facts) -> Any:
    return occasion_of("task", facts.text("task_id"), facts.staff_id)


def _order_rule(kind: str, ending: str) -> tuple[Rule, ...]:
    return (
        Rule(kind, "order_updates", _ORDERS, _lead, sentences.about_order(ending), _order_page),
    )


_TASK: Final = (
    Rule(
        "task_assigned",
        "order_updates",
        _ORDERS,
        _assigned,
        sentences.task_words,
        _order_page,
        once=_task_and_person,
    ),
)
_LEFT: Final = (
    Rule(
        "shipped",
        "shipment_tracking",
        ("shipments:read",),
        _lead,
        sentences.shipped,
        _at("/shipments"),
        once=lambda facts: occasion_of("shipped", facts.subject_id),
    ),
)

# A job is completed by somebody, or by the receipt that accounts for everything.
_JOB_DONE: Final = (
    Rule(
        "job_completed",
        "production_events",
        ("production:read",),
        _assigned_and_lead,
        sentences.job_done,
        _at("/production/jobs"),
        once=lambda facts: occasion_of("job", facts.subject_id, facts.job_completed_at),
    ),
)

TABLE: Final[dict[str, tuple[Rule, ...]]] = {
    "sales_order.issued": _order_rule("issued", "is issued"),
    "sales_order.held": _order_rule("held", "is on hold"),
    "sales_order.hold_released": _order_rule("hold_released", "is off hold"),
    "sales_order.reopened": _order_rule("reopened", "is reopened for corrections"),
    "sales_order.covered": (
        Rule("covered", "inventory_alerts", _ORDERS, _lead, sentences.arrived, _order_page),
    ),
    "sales_order.lines_changed": (
        Rule(
            "backordered",
            "inventory_alerts",
            _ORDERS,
            _lead,
            sentences.backordered,
            _order_page,
            concerns=_goes_back,
        ),
    ),
    "sales_order.task_added": _TASK,
    "sales_order.task_edited": _TASK,
    "sales_order.task_raised": (
        Rule(
            "task_raised",
            "order_updates",
            _ORDERS,
            _lead,
            sentences.raised,
            _order_page,
            waited=True,
        ),
    ),
    "customer.status_changed": (
        Rule(
            "customer_hold",
            "order_updates",
            ("sales_orders:read", "customers:read"),
            _lead,
            sentences.customer_moved,
            _customer_page,
            concerns=_holds_or_frees,
            each_lead=True,
        ),
    ),
    "production_job.completed": _JOB_DONE,
    "production_job.received": _JOB_DONE,
    "production_job.overdue": (
        Rule(
            "job_overdue",
            "production_events",
            ("production:read",),
            _assigned_and_lead,
            sentences.job_words("is overdue"),
            _at("/production/jobs"),
        ),
    ),
    "shipment.created": _LEFT,
    "shipment.shipped": _LEFT,
    "shipment.tracked": (
        Rule(
            "tracked",
            "shipment_tracking",
            ("shipments:read",),
            _lead,
            sentences.tracked,
            _at("/shipments"),
            concerns=_arrives_or_fails,
        ),
    ),
    "payment.recorded": (
        Rule(
            "paid",
            "billing",
            ("payments:read",),
            _lead_and("payments:update"),
            sentences.paid,
            _at("/payments"),
        ),
    ),
    "invoice.paid": (
        Rule(
            "invoice_paid",
            "billing",
            ("invoices:read",),
            _lead,
            sentences.paid_up,
            _at("/invoices"),
        ),
    ),
    "invoice.overdue": (
        Rule(
            "invoice_overdue",
            "billing",
            ("invoices:read",),
            _lead_and("invoices:update"),
            sentences.overdue_invoice,
            _at("/invoices"),
        ),
    ),
    "return.requested": (
        Rule(
            "return_requested",
            "order_updates",
            ("returns:read",),
            _lead,
            sentences.return_words("was requested"),
            _at("/returns"),
        ),
    ),
    "return.received": (
        Rule(
            "return_received",
            "order_updates",
            ("returns:read",),
            _lead,
            sentences.return_words("has arrived"),
            _at("/returns"),
        ),
    ),
    "product.low": (
        Rule(
            "low_stock",
            "inventory_alerts",
            ("products:read", "inventory:read"),
            _those_who("inventory:update"),
            sentences.low,
            _of_subject("/products"),
        ),
    ),
    "import.finished": (
        Rule(
            "imported",
            "order_updates",
            (),
            _asker,
            sentences.imported,
            _of_subject("/imports"),
            waited=True,
        ),
    ),
    "task.due": (
        Rule("task_due", "order_updates", _ORDERS, _assigned, sentences.task_due, _order_page),
    ),
    "email.failed": (
        Rule(
            "email_failed",
            "order_updates",
            _ORDERS,
            _lead,
            sentences.not_mailed,
            _order_page,
            once=lambda facts: occasion_of("email", facts.subject_id),
        ),
    ),
}


def concerns(event_type: str, body: Mapping[str, Any]) -> bool:
    """Whether an event of this type with this body is told to anybody."""
    return any(rule.concerns(body) for rule in TABLE[event_type])


# What time brings about is looked for; everything else follows from an event.
FOUND_BY_DATE: Final = frozenset(
    {"production_job.overdue", "invoice.overdue", "task.due", "product.low"}
)
EVENT_TYPES: Final = tuple(sorted(set(TABLE) - FOUND_BY_DATE))
