"""The page of a production job: where it stands, its bar and chips, what went in and came out."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from django.http import HttpRequest, HttpResponse

from orderwright.activity import queries as activity
from orderwright.identity.caller import Caller
from orderwright.kernel.lifecycle import Allowed
from orderwright.kernel.numbers import ZERO
from orderwright.production import queries
from orderwright.production.job_page import JobPage, JobRow, OutputRow, ReceiptRow
from orderwright.web import display
from orderwright.web.job_bar import bar_of, chips_of, warnings_of
from orderwright.web.order_events import entries
from orderwright.web.road import page

EVENTS_SHOWN: Final = 50
WORDS: Final = {
    "issue-material": ("Issue material", "package-export"),
    "receive": ("Receive", "package-import"),
    "complete": ("Complete job", "circle-check"),
    "reopen": ("Reopen", "lock-open"),
    "edit": ("Edit plan", "pencil"),
    "cancel": ("Cancel job", "ban"),
}
DISTRIBUTIONS: Final = {
    "match_issued": "In proportion to what is issued",
    "split_evenly": "Evenly among the inputs",
    "custom": "By hand",
}


@dataclass(frozen=True, slots=True)
class JobOffer:
    """An action as the page offers it; those for which there is a page open it."""

    action: str
    text: str
    icon: str
    allowed: bool
    why_not: str
    is_dangerous: bool
    is_page: bool


@dataclass(frozen=True, slots=True)
class Made:
    """One weight of a receipt that became a lot, or was only recorded."""

    name: str
    tone: str
    weight: str
    pieces: str
    tag_id: str
    lot_id: Any


@dataclass(frozen=True, slots=True)
class RowView:
    """A row of a receipt with what its weights became."""

    row: OutputRow
    made: list[Made]


@dataclass(frozen=True, slots=True)
class ReceiptView:
    """A receipt with its rows."""

    head: ReceiptRow
    rows: list[RowView]


@dataclass(frozen=True, slots=True)
class Balance:
    """Issued = received + rejected + scrap + waste + unaccounted, in words and numbers."""

    parts: list[tuple[str, str]]
    gap: str
    said: str
    tone: str


def job(request: HttpRequest, reference: str) -> HttpResponse:
    """The whole page."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = queries.job_page(by, reference)
    return page(request, "production/job.html", context_of(by, found))


def url_of(row: JobRow) -> str:
    """Where the page of a job is."""
    return f"/production/jobs/{row.number}"


def context_of(by: Caller, found: JobPage) -> dict[str, Any]:
    """Everything that the page shows."""
    head = found.head
    metrics = head.metrics()
    places = by.organization.setting("metrics.percent_dp")
    offered = offers(head.allowed(by.permissions))
    primary = _primary(head, offered)
    return {
        "job": head,
        "url": url_of(head),
        "metrics": metrics,
        "bar": bar_of(metrics, places=places),
        "chips": chips_of(metrics.efficiency, places=places),
        "warnings": warnings_of(metrics.flags),
        "base_said": _base_said(head),
        "inputs": found.inputs,
        "receipts": [_receipt(head, one) for one in found.receipts],
        "balance": balance_of(head),
        "primary": primary,
        "offers": [one for one in offered if one is not primary],
        "events": entries(_history(by, head)),
        "distribution": DISTRIBUTIONS.get(head.distribution, head.distribution),
        "is_late": is_late(by, head),
        "sees_order": by.may("sales_orders:read"),
        "sees_customer": by.may("customers:read"),
        "sees_lots": by.may("inventory:read"),
    }


def _history(by: Caller, head: JobRow) -> list[activity.EventRow]:
    topics = [head.id] if head.order_id is None else [head.id, head.order_id]
    return activity.history(by, head.id, topics, limit=EVENTS_SHOWN)


def is_late(by: Caller, head: JobRow) -> bool:
    """Whether it should be done and is not."""
    is_open = head.status in ("unscheduled", "scheduled", "ongoing")
    return bool(is_open and head.deadline and head.deadline < by.today)


def offers(allowed: Sequence[Allowed]) -> list[JobOffer]:
    """The actions in the order of the menu; reopening only where there is something to reopen."""
    known = {one.action: one for one in allowed}
    return [
        JobOffer(
            action=action,
            text=text,
            icon=icon,
            allowed=known[action].allowed,
            why_not=known[action].why_not or "",
            is_dangerous=action == "cancel",
            is_page=action in ("receive", "issue-material"),
        )
        for action, (text, icon) in WORDS.items()
        if action in known and (action != "reopen" or known[action].allowed)
    ]


def balance_of(head: JobRow) -> Balance:
    """Where the issued weight is, and what is missing."""
    unit = head.weight_unit
    buckets = head.buckets
    parts = [
        (name, display.measured(weight, unit))
        for name, weight in (
            ("Issued", head.issued),
            ("Received", buckets.received),
            ("Rejected", buckets.rejected),
            ("Scrap", buckets.scrapped),
            ("Waste", buckets.waste),
        )
    ]
    said, tone = _gap_said(head, head.gap)
    return Balance(parts, display.measured(head.gap, unit), said, tone)


def _gap_said(head: JobRow, gap: Decimal) -> tuple[str, str]:
    amount = display.quantity(abs(gap), head.weight_unit)
    if gap == 0:
        return ("The balance closes.", "green") if head.issued else ("Nothing is issued yet.", "")
    if gap < 0:
        return f"{amount} more came out than went in. Check the receipts and the inputs.", "amber"
    if head.status == "completed":
        return f"{amount} left {head.stage_name} unrecorded: issued, and in no receipt.", "amber"
    if head.status == "cancelled":
        return f"{amount} stayed in {head.stage_name} when the job was cancelled.", "amber"
    return f"{amount} is still in {head.stage_name}, in work.", "blue"


def _primary(head: JobRow, offered: Sequence[JobOffer]) -> JobOffer | None:
    """What comes next: material first, then what comes of it, then the end."""
    wanted = "receive" if head.has_inputs else "issue-material"
    return next((one for one in offered if one.action == wanted and one.allowed), None)


def _base_said(head: JobRow) -> str:
    if head.weight_requested:
        return "the requested weight"
    return "the issued weight" if head.issued else "what was recorded"


def _receipt(head: JobRow, receipt: ReceiptRow) -> ReceiptView:
    return ReceiptView(receipt, [RowView(row, _made(head, row)) for row in receipt.rows])


def _made(head: JobRow, row: OutputRow) -> list[Made]:
    found = (
        ("Received", "green", row.received, row.pieces, row.tag_id, row.lot_id),
        ("Rejected", "red", row.rejected, row.rejected_pieces, row.rejected_tag_id,
         row.rejected_lot_id),
        ("Scrap", "amber", row.scrapped, row.scrap_pieces, row.scrap_tag_id, row.scrap_lot_id),
        ("Waste", "violet", row.waste, ZERO, None, None),
    )  # fmt: skip
    return [
        Made(
            name,
            tone,
            display.measured(weight, head.weight_unit),
            f"{display.quantity(pieces)} pcs" if pieces else "",
            tag or "",
            lot_id,
        )
        for name, tone, weight, pieces, tag, lot_id in found
        if weight or pieces
    ]
