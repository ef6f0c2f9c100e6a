"""Issue an order: what is there for its lines, what will be missing, who is told (4.4, U17)."""

from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from orderwright.identity.caller import Caller
from orderwright.inventory import queries as inventory
from orderwright.kernel.numbers import ZERO
from orderwright.sales import actions, standing
from orderwright.sales.page import PREPAID_TIMINGS, LineRow, OrderPage
from orderwright.web import display
from orderwright.web.forms import Form, done
from orderwright.web.order_actions import allowed_order, dialog
from orderwright.web.order_page import url_of
from orderwright.web.places import address_text


@dataclass(frozen=True, slots=True)
class IssueLine:
    """A line as the dialog of issuing shows it: what is there for it, what will be missing."""

    row: LineRow
    available: str
    short: str


def issue(request: HttpRequest, reference: str) -> HttpResponse:
    """Commit us to the order: what is short is shown, prepaid terms ask (domain 4.4, U17)."""
    by: Caller = request.caller  # type: ignore[attr-defined]
    order = allowed_order(by, reference, "issue")
    form = Form.of({"notify_customer": bool(order.head.acknowledgement_contacts)})
    if request.method == "POST":
        form = Form.posted(request)
        if form.accept(
            lambda: actions.issue_order(
                by=by,
                order=order.id,
                notify_customer=form.flag("notify_customer"),
                confirmed=frozenset(form.several("confirm")),
                version=form.whole("version"),
            )
        ):
            return done(request, url_of(order), f"{order.head.number} is issued.")
    lines = _issue_lines(by, order)
    context = {
        "lines": lines,
        "beyond_credit": standing.beyond_credit(by, order),
        "short_count": sum(bool(line.short) for line in lines),
        "ship_to": address_text(order.head.ship_to),
        "is_prepaid": order.head.payment_timing in PREPAID_TIMINGS
        and order.head.payment_status not in ("paid", "overpaid"),
    }
    return dialog(request, order, "sales/issue.html", form, context)


def _issue_lines(by: Caller, order: OrderPage) -> list[IssueLine]:
    """Each line with what is free for it; lines of one product share what there is."""
    goods = [line for line in order.lines if line.is_stock and not line.is_cancelled]
    if not by.may("inventory:read"):
        return [IssueLine(line, "", "") for line in goods]
    found = inventory.availability(by, {line.product_id for line in goods if line.product_id})
    left = {product_id: max(ZERO, entry.available) for product_id, entry in found.items()}
    return [_issue_line(line, left) for line in goods]


def _issue_line(line: LineRow, left: dict[UUID, Decimal]) -> IssueLine:
    if line.product_id is None or line.basis == "weight":
        return IssueLine(line, "", "")
    wanted = line.outstanding * line.unit_ratio
    there = left.get(line.product_id, ZERO)
    left[line.product_id] = max(ZERO, there - wanted)
    short = line.in_line_units(wanted - there) if wanted > there else ZERO
    available = display.quantity(line.in_line_units(there), line.unit)
    return IssueLine(line, available, display.quantity(short, line.unit) if short else "")
