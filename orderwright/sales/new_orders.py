"""Create a sales order, or quote it: read what decides, price it, write it in one statement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from django.db import connection

from orderwright.activity import subscriptions
from orderwright.identity.caller import Caller
from orderwright.kernel.errors import Conflict, Invalid
from orderwright.kernel.ids import new_id
from orderwright.kernel.json_text import to_json
from orderwright.kernel.money import check_currency, check_money
from orderwright.kernel.text import check_text, refuse_card_numbers
from orderwright.pricing import facts as prices
from orderwright.pricing.discounts import check_code
from orderwright.pricing.rules import CodeFacts, PricedOrder, PricingInput
from orderwright.pricing.sql import LOCK_CODE
from orderwright.pricing.stack import price_order
from orderwright.sales import actions, lifecycle, new_lines, sql
from orderwright.sales.new_lines import NewLine, ReadLine
from orderwright.sales.new_page import new_head, new_line
from orderwright.sales.page import OrderPage
from orderwright.sales.party import Party, Terms, read_party
from orderwright.sales.writing import derive, event_parameters

LONGEST_NOTES = 20_000
PRIORITIES = ("low", "normal", "high")


@dataclass(frozen=True, slots=True)
class NewOrder:
    """What somebody orders. None takes the customer's default, then the organization's."""

    customer_id: UUID
    order_lead_id: UUID | None
    lines: Sequence[NewLine]
    accept_terms: bool = False
    customer_po_number: str = ""
    notes: str = ""
    internal_note: str = ""
    date_required: date | None = None
    order_deadline: date | None = None
    promised_at: date | None = None
    discount_code: str | None = None
    currency: str | None = None
    internal_budget: object = None
    priority: str | None = None
    payment_term_id: UUID | None = None
    shipping_term_id: UUID | None = None
    carrier_id: UUID | None = None
    carrier_option_id: UUID | None = None
    sales_rep_id: UUID | None = None
    bill_to: Mapping[str, Any] | None = None
    ship_to: Mapping[str, Any] | None = None
    source: str = "api"
    confirmed: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Quote:
    """Prices without an order: nothing is written. `asked` is what decided them."""

    currency: str
    lines: tuple[ReadLine, ...]
    priced: PricedOrder
    asked: PricingInput


def create_order(*, by: Caller, new: NewOrder) -> OrderPage:
    """Write an estimate (domain 2.1, 4.1): its number, its lines with prices, its events.

    Three statements, four with a code, however many lines; the answer comes from memory. Raises
    Invalid with the field for what is missing or makes no sense, Conflict `duplicate_po_number`,
    `confirmation_required` (`past_date`).
    """
    by.must("sales_orders:create")
    _check_new(by, new)
    party = read_party(
        by,
        customer_id=new.customer_id,
        order_lead_id=new.order_lead_id,
        chosen=Terms(
            payment_term_id=new.payment_term_id,
            shipping_term_id=new.shipping_term_id,
            carrier_id=new.carrier_id,
            carrier_option_id=new.carrier_option_id,
            sales_rep_id=new.sales_rep_id,
            priority=new.priority,
        ),
        bill_to=new.bill_to,
        ship_to=new.ship_to,
        customer_po_number=new.customer_po_number.strip(),
    )
    if new.discount_code:
        lock_code(by, new.discount_code)
    facts = prices.price_facts(
        by,
        customer_id=new.customer_id,
        product_ids={line.product_id for line in new.lines},
        shipping_term_id=party.terms.shipping_term_id,
        carrier_option_id=party.terms.carrier_option_id,
        code=new.discount_code,
    )
    currency = _currency(by, new.currency, party.default_currency)
    lines = new_lines.read_lines(by, new.lines, facts)
    code = _code(by, new.discount_code, facts, currency)
    priced = price_order(_pricing_input(by, facts, lines, currency, code))
    page = _new_page(
        by,
        new,
        party,
        products=facts.products,
        lines=lines,
        priced=priced,
        currency=currency,
        code=code,
    )
    return _issued_at_once(by, _insert(by, page, len(lines)), new.confirmed)


def quote(
    *,
    by: Caller,
    customer_id: UUID,
    lines: Sequence[NewLine],
    discount_code: str | None = None,
    currency: str | None = None,
    on: date | None = None,
) -> Quote:
    """What an order would cost, with every step of every price; nothing is written. `on` is the
    day on which the code is to be used, today unless said."""
    by.must("sales_orders:read")
    party = read_party(
        by, customer_id=customer_id, order_lead_id=None, chosen=Terms(), lenient=True
    )
    facts = prices.price_facts(
        by,
        customer_id=customer_id,
        product_ids={line.product_id for line in lines},
        shipping_term_id=party.terms.shipping_term_id,
        carrier_option_id=party.terms.carrier_option_id,
        code=discount_code,
    )
    chosen = _currency(by, currency, party.default_currency)
    read = new_lines.read_lines(by, lines, facts)
    code = _code(by, discount_code, facts, chosen, on=on)
    asked = _pricing_input(by, facts, read, chosen, code)
    return Quote(chosen, read, price_order(asked), asked)


def _issued_at_once(by: Caller, page: OrderPage, confirmed: frozenset[str]) -> OrderPage:
    """With `orders.auto_issue_on_submit` a new order is issued, if its customer is not on hold and
    the caller may; what needs a yes is asked for before anything is written (domain 4.1). What is
    imported nobody submits: it stays an estimate."""
    wanted = by.organization.setting("orders.auto_issue_on_submit") and page.head.source != "import"
    if not wanted or not by.may("sales_orders:update"):
        return page
    if lifecycle.why_refused("issue", page.facts()) is not None:
        return page
    return actions.issue_order(by=by, order=page.id, confirmed=confirmed)


def _check_new(by: Caller, new: NewOrder) -> None:
    if not new.accept_terms:
        raise Invalid(
            "terms_not_accepted",
            "Accept the terms to submit the order.",
            fields={"accept_terms": "must be accepted"},
        )
    if new.order_lead_id is None:
        raise Invalid(
            "order_lead_missing",
            "Choose the order lead: the person who answers for this order.",
            fields={"order_lead_id": "choose a person"},
        )
    check_order_text(new.notes, new.internal_note, new.customer_po_number)
    if new.priority is not None and new.priority not in PRIORITIES:
        raise Invalid(
            "invalid_priority",
            "The priority is low, normal or high.",
            fields={"priority": "low, normal or high"},
        )
    check_date_required(by, new.date_required, new.confirmed)


def check_order_text(notes: str, internal_note: str, customer_po_number: str) -> None:
    """Refuse texts that are too long or hold a card number (domain 1.11)."""
    check_text(notes, "notes", longest=LONGEST_NOTES)
    refuse_card_numbers(notes, "notes")
    check_text(internal_note, "internal_note", longest=LONGEST_NOTES)
    refuse_card_numbers(internal_note, "internal_note")
    check_text(customer_po_number, "customer_po_number", longest=80)


def check_date_required(by: Caller, wanted: date | None, confirmed: frozenset[str]) -> None:
    """A date that has passed needs a person's yes (ruling 9). Raises Conflict."""
    if wanted is not None and wanted < by.today and "past_date" not in confirmed:
        raise Conflict(
            "confirmation_required",
            f"The required date {wanted.isoformat()} has passed. Choose a later one, or confirm.",
            fields={"date_required": "has passed"},
            details={"confirm": "past_date"},
        )


def lock_code(by: Caller, code: str) -> None:
    """Orders that use one code wait for each other here, so that a limit holds."""
    with connection.cursor() as cursor:
        cursor.execute(LOCK_CODE, {"organization": by.organization_id, "code": code.strip()})


def _currency(by: Caller, wanted: str | None, customers: str) -> str:
    if wanted and by.may("orders_commercial:update"):
        return check_currency(wanted)
    return customers or by.organization.default_currency


def _code(
    by: Caller,
    wanted: str | None,
    facts: prices.PriceFacts,
    currency: str,
    *,
    on: date | None = None,
) -> CodeFacts | None:
    if not wanted:
        return None
    return check_code(
        facts.code,
        customer_id=facts.buyer.id,
        today=on or by.today,
        currency=currency,
        default_currency=by.organization.default_currency,
    )


def _pricing_input(
    by: Caller,
    facts: prices.PriceFacts,
    lines: tuple[ReadLine, ...],
    currency: str,
    code: CodeFacts | None,
) -> PricingInput:
    return PricingInput(
        currency=currency,
        default_currency=by.organization.default_currency,
        buyer=facts.buyer,
        lines=tuple(line.to_price for line in lines),
        customer_prices=facts.customer_prices,
        volume_discounts=facts.volume_discounts,
        code=code,
        freight=facts.freight,
        settings=facts.settings,
    )


def _new_page(
    by: Caller,
    new: NewOrder,
    party: Party,
    *,
    products: Mapping[UUID, prices.CatalogFacts],
    lines: tuple[ReadLine, ...],
    priced: PricedOrder,
    currency: str,
    code: CodeFacts | None,
) -> OrderPage:
    """The order with everything that is derived, but for its number."""
    head = new_head(
        by,
        new_id(),
        party,
        priced,
        code,
        customer_po_number=new.customer_po_number.strip(),
        notes=new.notes,
        internal_note=new.internal_note,
        date_required=new.date_required,
        order_deadline=new.order_deadline,
        promised_at=new.promised_at,
        currency=currency,
        internal_budget=_budget(by, new.internal_budget, currency),
        source=new.source,
    )
    rows = new_lines.rows(lines, priced)
    return derive(by, head, [new_line(row, products.get(row["product_id"])) for row in rows])


def _insert(by: Caller, page: OrderPage, line_count: int) -> OrderPage:
    """Write the order, answer it with its number. One statement, however many lines."""
    head = page.head
    event: dict[str, Any] = {
        "id": new_id(),
        "type": "sales_order.created",
        "subject_id": head.id,
        "body": {
            "source": head.source,
            "line_count": line_count,
            "grand_total": head.grand_total,
            "currency": head.currency,
        },
    }
    lines = [{name: getattr(line, name) for name in sql.NEW_LINE} for line in page.lines]
    with connection.cursor() as cursor:
        cursor.execute(
            sql.INSERT_ORDER,
            {
                **{name: getattr(head, name) for name in sql.NEW_HEAD},
                **{name: to_json(getattr(head, name)) for name in sql.NEW_HEAD_JSON},
                **event_parameters(by, head.id, [event]),
                "prefix": by.organization.so_prefix,
                "redemption": new_id(),
                "lines": to_json(lines),
            },
        )
        row = cursor.fetchone()
    assert row is not None
    subscriptions.tell(by, event["type"], event["id"], head.id, event["body"])
    return replace(page, head=replace(head, number=row[0]))


def _budget(by: Caller, wanted: object, currency: str) -> Decimal | None:
    if wanted is None or not by.may("orders_commercial:update"):
        return None
    return check_money(wanted, currency, "internal_budget")
