"""Create a purchase order: read what it copies, check its lines, write it in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.money import check_currency, check_money
from orderwright.kernel.numbers import ZERO
from orderwright.kernel.text import check_text, refuse_card_numbers
from orderwright.purchasing import new_lines, sql
from orderwright.purchasing.new_lines import BoughtProduct, NewLine
from orderwright.purchasing.page import LineRow, OrderPage, OrderRow
from orderwright.purchasing.party import Chosen, Party, read_party
from orderwright.purchasing.writing import derive, event_parameters, tell

LONGEST_NOTES = 20_000
PRIORITIES = ("low", "normal", "high")


@dataclass(frozen=True, slots=True)
class NewPurchaseOrder:
    """What somebody buys. None takes the supplier's default, then the organization's."""

    supplier_id: UUID
    order_lead_id: UUID | None
    lines: Sequence[NewLine]
    accept_terms: bool = False
    supplier_reference: str = ""
    notes: str = ""
    internal_note: str = ""
    date_required: date | None = None
    order_deadline: date | None = None
    promised_at: date | None = None
    currency: str | None = None
    internal_budget: object = None
    priority: str | None = None
    payment_term_id: UUID | None = None
    shipping_term_id: UUID | None = None
    carrier_id: UUID | None = None
    location_id: UUID | None = None
    bill_to: Mapping[str, Any] | None = None
    ship_to: Mapping[str, Any] | None = None
    source: str = "api"
    confirmed: frozenset[str] = frozenset()


def create_order(*, by: Caller, new: NewPurchaseOrder) -> OrderPage:
    """Write a quoted purchase order (domain 4.2): its number, lines and events. Three statements,
    however many lines.

    Raises Invalid with the field for what is missing or makes no sense, Conflict
    `confirmation_required` (`past_date`).
    """
    by.must("purchase_orders:create")
    _check_new(by, new)
    party = read_party(
        by,
        new.supplier_id,
        Chosen(
            order_lead_id=new.order_lead_id,
            payment_term_id=new.payment_term_id,
            shipping_term_id=new.shipping_term_id,
            carrier_id=new.carrier_id,
            location_id=new.location_id,
            bill_to=new.bill_to,
            ship_to=new.ship_to,
        ),
    )
    currency = _currency(by, new.currency, party.default_currency)
    products = new_lines.read_products(
        by, party.supplier_id, {line.product_id for line in new.lines if line.product_id}
    )
    rows = new_lines.read_lines(by, new.lines, products, currency=currency)
    lines = [line_row(row, products) for row in rows]
    page = derive(by, _head(by, new, party, currency), lines)
    return _insert(by, page, rows)


def quote_lines(
    *,
    by: Caller,
    supplier_id: UUID,
    order_lead_id: UUID | None,
    lines: Sequence[NewLine],
    currency: str | None = None,
) -> tuple[list[dict[str, Any]], str]:
    """The lines as an order would have them, with prices and totals, and its currency. Nothing is
    written. Raises Invalid with the field of a line that makes no sense."""
    by.must("purchase_orders:create")
    party = read_party(by, supplier_id, Chosen(order_lead_id=order_lead_id))
    chosen = _currency(by, currency, party.default_currency)
    products = new_lines.read_products(
        by, supplier_id, {line.product_id for line in lines if line.product_id}
    )
    return new_lines.read_lines(by, lines, products, currency=chosen), chosen


def check_order_text(notes: str, internal_note: str, supplier_reference: str) -> None:
    """Refuse texts that are too long or hold a card number."""
    check_text(notes, "notes", longest=LONGEST_NOTES)
    refuse_card_numbers(notes, "notes")
    check_text(internal_note, "internal_note", longest=LONGEST_NOTES)
    refuse_card_numbers(internal_note, "internal_note")
    check_text(supplier_reference, "supplier_reference", longest=80)


def check_date_required(by: Caller, wanted: date | None, confirmed: frozenset[str]) -> None:
    """A date that has passed needs a person's yes (ruling 9). Raises Conflict."""
    if wanted is not None and wanted < by.today and "past_date" not in confirmed:
        raise Conflict(
            "confirmation_required",
            f"The required date {wanted.isoformat()} has passed. Choose a later one, or confirm.",
            fields={"date_required": "has passed"},
            details={"confirm": "past_date"},
        )


def check_priority(value: object) -> str:
    """Low, normal or high. Raises Invalid `invalid_priority`."""
    if value not in PRIORITIES:
        message = "The priority is low, normal or high."
        raise Invalid("invalid_priority", message, fields={"priority": message})
    return str(value)


def line_row(row: dict[str, Any], products: Mapping[UUID, BoughtProduct]) -> LineRow:
    """A line as it will be read, from the row to insert."""
    product = products.get(row["product_id"]) if row["product_id"] else None
    return LineRow(
        **row,
        is_cancelled=False,
        cancelled_quantity=ZERO,
        cancel_reason="",
        received=ZERO,
        rejected=ZERO,
        stock_unit=product.units.default_unit if product else "",
        product_name=product.name if product else "",
        product_is_active=product.is_active if product else True,
        weight_per_unit=product.units.weight_per_unit if product else None,
        product_weight_unit=product.units.weight_unit if product else "",
        short=product.short if product else ZERO,
    )


def _check_new(by: Caller, new: NewPurchaseOrder) -> None:
    if not new.accept_terms:
        message = "Accept the terms to submit the purchase order."
        raise Invalid("terms_not_accepted", message, fields={"accept_terms": "must be accepted"})
    if new.order_lead_id is None:
        message = "Choose the order lead: the person who answers for this order."
        raise Invalid("order_lead_missing", message, fields={"order_lead_id": "choose a person"})
    check_order_text(new.notes, new.internal_note, new.supplier_reference)
    if new.priority is not None:
        check_priority(new.priority)
    check_date_required(by, new.date_required, new.confirmed)


def _currency(by: Caller, wanted: str | None, suppliers: str) -> str:
    if wanted and by.may("orders_commercial:update"):
        return check_currency(wanted)
    return suppliers or by.organization.default_currency


def _budget(by: Caller, wanted: object, currency: str) -> Decimal | None:
    if wanted is None or not by.may("orders_commercial:update"):
        return None
    return check_money(wanted, currency, "internal_budget")


def _head(by: Caller, new: NewPurchaseOrder, party: Party, currency: str) -> OrderRow:
    assert new.order_lead_id is not None
    return OrderRow(
        id=new_id(),
        number="",
        version=1,
        status="quoted",
        is_closed=False,
        closed_at=None,
        fulfillment_status="not_started",
        fulfillment_reasons=[],
        acknowledgment_status="not_sent",
        supplier_id=party.supplier_id,
        supplier_number=party.number,
        supplier_name=party.name,
        supplier_email=party.email,
        supplier_is_active=party.is_active,
        order_lead_id=new.order_lead_id,
        order_lead_name=party.order_lead_name,
        supplier_reference=new.supplier_reference.strip(),
        notes=new.notes,
        internal_note=new.internal_note,
        date_required=new.date_required,
        order_deadline=new.order_deadline,
        promised_at=new.promised_at,
        priority=new.priority or "normal",
        currency=currency,
        internal_budget=_budget(by, new.internal_budget, currency),
        payment_term_id=party.payment_term_id,
        payment_term_name=party.payment_term_name,
        shipping_term_id=party.shipping_term_id,
        shipping_term_name=party.shipping_term_name,
        carrier_id=party.carrier_id,
        carrier_name=party.carrier_name,
        location_id=party.location_id,
        location_name=party.location_name,
        bill_to=party.bill_to,
        ship_to=party.ship_to,
        manual_hold=False,
        hold_reason="",
        terms_accepted_at=by.now,
        terms_accepted_by=by.actor.name,
        issued_at=None,
        fulfilled_at=None,
        subtotal=ZERO,
        source=new.source,
        created_at=by.now,
        updated_at=by.now,
    )


def _insert(by: Caller, page: OrderPage, rows: list[dict[str, Any]]) -> OrderPage:
    head = page.head
    body = {
        "source": head.source,
        "line_count": len(rows),
        "subtotal": head.subtotal,
        "currency": head.currency,
        "supplier": head.supplier_name,
    }
    event = {"id": new_id(), "type": "purchase_order.created", "subject_id": head.id, "body": body}
    with connection.cursor() as cursor:
        cursor.execute(
            sql.INSERT_ORDER,
            {
                **event_parameters(by, head.id, [event]),
                **{name: getattr(head, name) for name in sql.NEW_HEAD},
                **{name: to_json(getattr(head, name)) for name in sql.NEW_HEAD_JSON},
                "prefix": by.organization.po_prefix,
                "lines": to_json(rows),
            },
        )
        ((number,),) = cursor.fetchall()
    tell(by, head.id, [event])
    return replace(page, head=replace(head, number=number))
