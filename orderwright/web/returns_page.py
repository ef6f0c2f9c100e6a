"""The page of a return: where it stands, what came back, what became of it, its credit (U32)."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest, HttpResponse

from orderwright.activity import queries as activity
from orderwright.identity.caller import Caller
from orderwright.invoicing import queries as invoicing
from orderwright.kernel.errors import Conflict
from orderwright.returns import actions, queries
from orderwright.returns.queries import ReturnPage
from orderwright.web import display
from orderwright.web.forms import Form, done
from orderwright.web.order_events import entries
from orderwright.web.returns_view import next_of, offers, url_of
from orderwright.web.road import page


@dataclass(frozen=True, slots=True)
class MemoView:
    """The credit memo of a return, for those who may see payments."""

    number: str
    url: str
    amount: str
    open_credit: str


def return_page(request: HttpRequest, reference: str) -> HttpResponse:
    """Everything about one return."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = queries.return_page(by, reference)
    offered = offers(by, found)
    step = next_of(found, offered)
    primary = step.offer.action if step.offer else ""
    here = {"receive": "requested", "close": "received", "cancel": "requested"}
    context = {
        "back": found.head,
        "lines": found.lines,
        "is_received": found.head.received_at is not None,
        "url": url_of(found),
        "next": step,
        "offers": [
            one
            for one in offered.values()
            if one.action != primary and here[one.action] == found.head.status
        ],
        "memo": _memo(by, found),
        "sees_order": by.may("sales_orders:read"),
        "sees_customer": by.may("customers:read"),
        "sees_stock": by.may("inventory:read"),
        "events": entries(activity.history(by, found.id, [found.head.order_id])),
        "older_url": "",
    }
    return page(request, "returns/page.html", context)


def close(request: HttpRequest, reference: str) -> HttpResponse:
    """Nothing more follows from it."""
    return _task(request, reference, "close", actions.close_return, "is closed")


def cancel(request: HttpRequest, reference: str) -> HttpResponse:
    """The goods stay with the customer after all."""
    return _task(request, reference, "cancel", actions.cancel_return, "is cancelled")


def allowed_return(by: Caller, reference: str, action: str) -> ReturnPage:
    """The return, if the action may be taken now. Raises Conflict with the sentence why not."""
    found = queries.return_page(by, reference)
    by.must("returns:update")
    for one in found.allowed(by.permissions):
        if one.action == action and not one.allowed:
            raise Conflict("not_allowed_now", one.why_not or "This is not possible now.")
    return found


def _task(request: HttpRequest, reference: str, name: str, act: Any, said: str) -> HttpResponse:
    by: Caller = request.caller  # type: ignore[attr-defined]
    found = allowed_return(by, reference, name)
    form = Form.of({"version": found.head.version})
    if request.method == "POST":
        form = Form.posted(request)
        version = form.whole("version")
        if form.accept(lambda: act(by=by, reference=found.id, version=version)):
            return done(request, url_of(found), f"{found.head.number} {said}.")
    context = {"back": found.head, "form": form, "url": url_of(found)}
    return page(request, f"returns/{name}.html", context, status=form.status)


def _memo(by: Caller, found: ReturnPage) -> MemoView | None:
    memo = found.head.credit_memo
    if not memo or not by.may("payments:read"):
        return None
    head = invoicing.payment_page(by, memo["id"]).head
    return MemoView(
        number=head.number,
        url=f"/payments/{head.number}",
        amount=display.money(head.amount, head.currency),
        open_credit=display.money(head.open_credit, head.currency),
    )
