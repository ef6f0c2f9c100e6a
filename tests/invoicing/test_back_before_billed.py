"""What came back before it was invoiced is not billed: nobody was credited for it (domain 4.13)."""

from decimal import Decimal
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from orderwright.invoicing import actions, drafting, payments, previewing, queries
from orderwright.invoicing.actions import Deposit, LineAsk
from orderwright.invoicing.crediting import credited_of_lines
from orderwright.invoicing.page import InvoicePage
from orderwright.invoicing.queries import InvoiceFilter, PaymentFilter
from orderwright.invoicing.settling import Settling
from orderwright.kernel.errors import Refusal
from orderwright.kernel.numbers import ZERO, trim
from orderwright.returns import actions as returns
from orderwright.returns.actions import NewReturn
from orderwright.returns.rules import Asked
from orderwright.sales.page import OrderPage
from tests.invoicing.billing_desk import Billing, open_billing

pytestmark = pytest.mark.django_db


def refusal_of(call: Any, **given: Any) -> Refusal:
    with pytest.raises(Refusal) as refused, transaction.atomic():
        call(**given)
    return refused.value


def ordered(**fields: Any) -> tuple[Billing, OrderPage]:
    """An order of ten gems at 10.00; nothing has shipped."""
    desk = open_billing()
    gem = desk.product(sku="GEM", base_price="10.00")
    return desk, desk.issued({gem: 10}, **fields)


def come_back(desk: Billing, order: OrderPage, quantity: object, position: int = 1) -> None:
    """So much of a line comes back and is received."""
    line = desk.line(order, position)
    new = NewReturn(order.id, [Asked(line.id, str(quantity))], reason="too small")
    found = returns.request_return(by=desk.by, new=new)
    returns.receive_return(by=desk.by, reference=found.id)


def credited_to(desk: Billing, order: OrderPage) -> Decimal:
    """What credit memos of the order give back."""
    found = queries.payments(desk.by, PaymentFilter(order_id=order.id), limit=200)
    return sum((one.head.amount for one in found if one.head.type == "credit_memo"), Decimal(0))


def to_bill(desk: Billing) -> list[tuple[str, Decimal]]:
    return [(one.number, one.worth) for one in previewing.orders_to_bill(desk.by)]


def test_the_customer_is_billed_for_what_is_kept() -> None:
    desk, order = ordered()
    desk.ship_all(order)
    come_back(desk, order, 4)
    assert to_bill(desk) == [("SO-00001", Decimal("60.00"))]
    preview = previewing.preview_invoice(desk.by, desk.read(order))
    assert (preview.content.sums["total"], trim(preview.lines[0].open())) == (Decimal("60.00"), "6")
    line = desk.line(order).id
    asked = refusal_of(
        actions.create_invoice, by=desk.by, order=order.id, lines=[LineAsk(line, "7")]
    )
    assert (asked.code, asked.details["open"]) == ("over_invoicing", "6")
    assert "were kept" in asked.message
    assert desk.final(order).head.total == Decimal("60.00")
    assert to_bill(desk) == []
    assert credited_to(desk, order) == 0
    assert refusal_of(desk.draft, order=order).code == "nothing_to_bill"


def test_what_came_back_after_it_was_invoiced_is_credited_and_not_taken_off_twice() -> None:
    desk, order = ordered()
    desk.ship_some(order, 6)
    desk.final(order)
    come_back(desk, order, 4)
    assert credited_to(desk, order) == Decimal("40.00")
    desk.ship_some(order, 4)
    assert to_bill(desk) == [("SO-00001", Decimal("40.00"))]
    assert desk.final(order).head.total == Decimal("40.00")


def test_what_comes_back_from_one_line_beyond_what_was_invoiced_is_taken_off() -> None:
    desk, order = ordered()
    desk.ship_all(order)
    desk.final(order, lines=[LineAsk(desk.line(order).id, "6")])
    come_back(desk, order, 8)
    assert credited_to(desk, order) == Decimal("60.00")
    assert desk.final(order).head.total == Decimal("20.00")


def test_what_came_back_while_its_invoice_was_a_draft_is_credited_and_settles_it() -> None:
    desk, order = ordered()
    desk.ship_all(order)
    draft = desk.draft(order)
    come_back(desk, order, 4)
    assert credited_to(desk, order) == Decimal("40.00")
    final = actions.finalise_invoice(by=desk.by, invoice=draft.id)
    assert final.head.total == Decimal("100.00")
    (credit,) = queries.payments(desk.by, PaymentFilter(customer_id=desk.customer))
    payments.allocate(by=desk.by, payment=credit.id, allocations=[Settling(final.id, "40.00")])
    desk.pay(final, "60.00")
    assert desk.money(order) == ("completed", "paid")


def test_the_draft_of_a_shipment_leaves_out_what_came_back() -> None:
    desk, order = ordered()
    shipment = desk.ship_some(order, 10)
    come_back(desk, order, 4)
    drafting.draft_for_shipment(by=desk.by, shipment_id=shipment)
    found = queries.invoices(desk.by, InvoiceFilter(shipment_id=shipment))
    assert [one.head.total for one in found] == [Decimal("60.00")]


def test_a_shipment_that_came_back_whole_is_not_invoiced() -> None:
    desk, order = ordered()
    shipment = desk.ship_some(order, 10)
    come_back(desk, order, 10)
    assert drafting.draft_for_shipment(by=desk.by, shipment_id=shipment) is None
    action = {one.action: one for one in desk.read(order).allowed(desk.by.permissions)}
    assert action["create-invoice"].why_not == "Nothing has shipped that is not yet invoiced."


def test_a_deposit_goes_as_far_as_what_is_kept() -> None:
    desk, order = ordered()
    desk.ship_all(order)
    come_back(desk, order, 4)
    beyond = refusal_of(
        actions.create_invoice, by=desk.by, order=order.id, deposit=Deposit("60.01")
    )
    assert (beyond.code, beyond.details) == ("over_invoicing", {"open": "60.00"})
    assert desk.final(order, deposit=Deposit("60.00")).head.total == Decimal("60.00")


def test_goods_and_a_deposit_together_come_to_what_is_kept() -> None:
    desk, order = ordered()
    desk.ship_all(order)
    come_back(desk, order, 4)
    deposit = desk.draft(order, deposit=Deposit("30.00"))
    goods = desk.draft(order, lines=[LineAsk(desk.line(order).id, "6")])
    actions.finalise_invoice(by=desk.by, invoice=deposit.id)
    refused = refusal_of(actions.finalise_invoice, by=desk.by, invoice=goods.id)
    assert (refused.code, refused.details) == ("over_invoicing", {"open": "30.00"})
    lines = [LineAsk(desk.line(order).id, "6")]
    actions.edit_invoice(by=desk.by, invoice=goods.id, changes={"lines": lines})
    assert actions.finalise_invoice(by=desk.by, invoice=goods.id).head.total == Decimal("30.00")


STEPS = st.lists(
    st.tuples(
        st.sampled_from(["ship", "bill", "bill", "return", "return", "void"]),
        st.integers(1, 2),
        st.integers(1, 7),
    ),
    min_size=4,
    max_size=14,
)


class Story:
    """Two lines with odd prices, a discount and freight; what is returned is really returned."""

    def __init__(self, desk: Billing, products: list[UUID]) -> None:
        self.desk = desk
        self.order = desk.issued(dict.fromkeys(products, 12))

    def final(self) -> list[InvoicePage]:
        """The invoices that stand."""
        found = queries.invoices(self.desk.by, InvoiceFilter(order_id=self.order.id), limit=100)
        return [one for one in found if one.head.step in ("finalised", "sent")]

    def step(self, verb: str, position: int, quantity: int) -> None:
        """One step; what is refused changes nothing."""
        desk, line = self.desk, self.desk.line(self.order, position)
        try:
            with transaction.atomic():
                if verb == "ship" and line.outstanding:
                    most = min(quantity, int(line.outstanding))
                    desk.ship_some(self.order, most, position=position)
                elif verb == "bill":
                    desk.final(self.order, lines=[LineAsk(line.id, str(quantity))])
                elif verb == "return":
                    come_back(desk, self.order, quantity, position)
                elif verb == "void" and self.final():
                    actions.void_invoice(by=desk.by, invoice=self.final()[0].id, reason="x")
        except Refusal:
            pass

    def owed(self) -> dict[int, Decimal]:
        """Invoiced and not credited, by line."""
        lines = self.desk.read(self.order).lines
        credited = credited_of_lines(self.desk.by, [line.id for line in lines])
        billed = [row for one in self.final() for row in one.lines]
        return {
            line.position: sum((row.quantity for row in billed if row.line_id == line.id), ZERO)
            - (credited[line.id].quantity if line.id in credited else ZERO)
            for line in lines
            if line.is_stock
        }

    def kept(self) -> dict[int, Decimal]:
        """Shipped and not returned, by line."""
        lines = self.desk.read(self.order).lines
        return {one.position: one.shipped - one.returned for one in lines if one.is_stock}


@settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.generate],
)
@given(steps=STEPS)
def test_nobody_owes_more_than_is_kept_and_in_the_end_exactly_that(
    steps: list[tuple[str, int, int]],
) -> None:
    with transaction.atomic():
        desk = open_billing()
        products = [
            desk.product(sku="A", base_price="3.3333", tax_rate="0.19"),
            desk.product(sku="B", base_price="0.0150"),
        ]
        story = Story(desk, products)
        for step in [("ship", 1, 5), ("ship", 2, 7), *steps]:
            story.step(*step)
            owed, kept = story.owed(), story.kept()
            assert all(owed[at] <= kept[at] for at in owed), step
        if previewing.preview_invoice(desk.by, desk.read(story.order)).lines:
            desk.final(story.order)
        assert story.owed() == story.kept()
        transaction.set_rollback(True)
