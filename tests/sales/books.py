"""What must be true of every order at any time (domain 1.20), asked of the database anew."""

from decimal import Decimal
from typing import Any

from orderwright.identity.caller import Caller
from orderwright.inventory import queries as inventory
from orderwright.inventory.queries import SelectionRow
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.weight import convert
from orderwright.sales import queries
from orderwright.sales.lifecycle import plan_automatic_move
from orderwright.sales.models import SalesOrder
from orderwright.sales.page import LineRow, OrderPage
from orderwright.sales.statuses import statuses_of
from orderwright.shipping import queries as shipping
from orderwright.shipping.models import Shipment
from orderwright.shipping.queries import ShipmentPage
from tests.inventory.books import CONTRADICTIONS, contradictions
from tests.inventory.warehouse import rows as rows_of

NEARLY = Decimal("0.00001")


def wrong(by: Caller) -> dict[str, Any]:
    """Everything that is wrong with the orders and the stock of this organization."""
    found: dict[str, Any] = _stock()
    ids = list(SalesOrder.objects.of(by.organization_id).values_list("pk", flat=True))
    pages = [queries.read_order(by, order_id) for order_id in ids]
    owners = [line.reservation_id for page in pages for line in page.lines if line.reservation_id]
    rows = inventory.selections_of(by, owners)
    shipping_of = set(Shipment.objects.of(by.organization_id).values_list("order_id", flat=True))
    for page in pages:
        shipments = shipping.shipments_of_order(by, page.id) if page.id in shipping_of else []
        sentences = [
            *_statuses(page),
            *_sums(page, rows),
            *_told(page, shipments),
            *_money(page),
        ]
        found |= {f"{page.head.number}: {sentence}": page.head.status for sentence in sentences}
    return found


def _stock() -> dict[str, Any]:
    """What is wrong with the books of the stock, asked in one statement unless something is."""
    asked = " UNION ALL ".join(
        f"SELECT 1 WHERE EXISTS ({statement})" for statement in CONTRADICTIONS.values()
    )
    return dict(contradictions()) if rows_of(asked) else {}


def _statuses(page: OrderPage) -> list[str]:
    facts = page.facts()
    derived = statuses_of(facts)
    found = []
    head = page.head
    if plan_automatic_move(facts) is not None:
        found.append(f"it should have become {plan_automatic_move(facts)}")
    reasons = [reason.as_json() for reason in derived.fulfillment.reasons]
    if (head.fulfillment_status, head.fulfillment_reasons) != (
        derived.fulfillment.status,
        reasons,
    ):
        found.append(f"stored {head.fulfillment_status}, derived {derived.fulfillment}")
    for line, own in zip(page.lines, derived.lines, strict=True):
        stored = (line.status, line.reasons)
        anew = (own.status, [one.as_json() for one in own.reasons]) if own else (None, [])
        if stored != anew:
            found.append(f"line {line.position}: stored {stored}, derived {anew}")
    if head.status == "fulfilled" and head.fulfilled_at is None:
        found.append("fulfilled without a time")
    if head.status != "completed" and (head.status == "estimate") != (head.issued_at is None):
        found.append("issued without a time, or an estimate with one")
    return found


def _sums(page: OrderPage, rows: list[SelectionRow]) -> list[str]:
    found = []
    for line in page.lines:
        own = [row for row in rows if row.reservation_id == line.reservation_id]
        for status, stored in (("retrieved", line.retrieved), ("shipped", line.shipped)):
            counted = _in_line([row for row in own if row.status == status], line)
            if abs(counted - stored) > NEARLY:
                found.append(f"line {line.position}: {status} {stored}, counted {counted}")
        promised = page.head.status == "issued" and line.is_stock
        wanted = max(ZERO, line.outstanding - line.retrieved) if promised else ZERO
        if abs(line.in_line_units(line.required) - wanted) > NEARLY:
            found.append(f"line {line.position}: {line.required} reserved, {wanted} wanted")
        if line.is_cancelled and (line.retrieved or line.required):
            found.append(f"line {line.position}: cancelled, and holds stock")
    return found


def _in_line(rows: list[SelectionRow], line: LineRow) -> Decimal:
    if line.basis == "weight":
        return sum((convert(row.weight, row.weight_unit, line.unit) for row in rows), ZERO)
    return sum((row.quantity for row in rows), ZERO) / line.unit_ratio


def _told(page: OrderPage, standing: list[ShipmentPage]) -> list[str]:
    anew = sorted(
        (str(one.head.id), one.head.number, one.head.stage, one.head.tracking_status)
        for one in standing
    )
    told = sorted(
        (one["id"], one["number"], one["stage"], one["tracking_status"])
        for one in page.head.shipments
    )
    found = [] if told == anew else [f"was told {told}, there are {anew}"]
    for line in page.lines:
        carried = sum(
            (
                row.quantity
                for one in standing
                if one.head.stage == "shipped" and one.head.tracking_status != "cancelled"
                for row in one.lines
                if row.line_id == line.id
            ),
            ZERO,
        )
        if abs(carried - line.shipped) > NEARLY:
            found.append(f"line {line.position}: {line.shipped} shipped, shipments carry {carried}")
    return found


def _money(page: OrderPage) -> list[str]:
    head = page.head
    found = []
    positions = [line.position for line in page.lines]
    if positions != list(range(1, len(positions) + 1)):
        found.append(f"positions {positions}")
    kinds = [line.kind for line in page.lines if line.is_generated]
    if kinds != [line.kind for line in page.lines][len(page.lines) - len(kinds) :]:
        found.append("generated lines do not stand last")
    if len(kinds) != len(set(kinds)):
        found.append(f"generated lines {kinds}")
    subtotal = sum((line.line_total for line in page.lines if _counts(line)), ZERO)
    if subtotal != head.subtotal:
        found.append(f"subtotal {head.subtotal}, lines {subtotal}")
    generated = {line.kind: line.line_total for line in page.lines if line.is_generated}
    if generated.get("discount", ZERO) != -head.discount_total:
        found.append(f"discount {head.discount_total}, line {generated.get('discount')}")
    if generated.get("freight", ZERO) != head.freight:
        found.append(f"freight {head.freight}, line {generated.get('freight')}")
    if head.grand_total != head.subtotal - head.discount_total + head.freight + head.tax:
        found.append("the totals do not add up")
    return found


def _counts(line: LineRow) -> bool:
    return not line.is_generated and not line.is_cancelled
