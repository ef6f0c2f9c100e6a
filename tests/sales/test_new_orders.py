"""A new order is answered from memory: as it is read from the database afterwards."""

from datetime import date
from typing import Any

import pytest

from orderwright.api.sales_shapes import show_order
from orderwright.directory.models import Contact
from orderwright.pricing.models import DiscountCode
from orderwright.sales import edits, queries
from orderwright.sales.new_lines import NewLine
from orderwright.sales.page import OrderPage
from tests.sales.desk import Desk, counted, open_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return open_desk()


def assert_is_as_read(desk: Desk, made: OrderPage) -> None:
    read = queries.read_order(desk.by, made.id)
    assert made.head == read.head
    assert made.lines == read.lines
    assert show_order(made, desk.by) == show_order(read, desk.by)


def test_a_plain_order_is_answered_as_it_will_be_read(desk: Desk) -> None:
    assert_is_as_read(desk, desk.order({desk.product(): 3}))


def test_an_order_with_everything_is_answered_as_it_will_be_read(desk: Desk) -> None:
    gems = desk.company.product_line()
    box = desk.product(
        sku="BOX",
        base_price="12.3456",
        product_line_id=gems,
        units={"box": {"ratio": "12", "percent_discount": "0.05"}},
        tax_rate="0.0825",
        unit_cost="3.3333",
    )
    grain = desk.product(
        sku="GRAIN",
        base_price="1.05",
        default_unit="g",
        price_unit="g",
        weight_per_unit="1",
        weight_unit="g",
    )
    ring = desk.product(sku="RING", base_price=None, weight_per_unit="3.25", weight_unit="g")
    DiscountCode.objects.create(
        organization_id=desk.company.id, code="TEN", type="percentage", percentage="0.1"
    )
    Contact.objects.create(
        organization_id=desk.company.id,
        customer_id=desk.customer,
        first_name="Bo",
        last_name="Buyer",
        email="bo@acme.example",
        order_confirmation=True,
        invoice=True,
    )
    lines = [
        NewLine(box, "7", unit="box", size="M", color="red", needed_by=date(2026, 5, 1)),
        NewLine(grain, requested_weight="250.125", weight_unit="g"),
        NewLine(ring, 5, requested_weight="3.5", weight_unit="g", weight_basis="each"),
        NewLine(ring, 2, unit_price="9.9999", description="Engraved", priority="high"),
    ]
    made = desk.order(
        lines,
        discount_code=" ten ",
        customer_po_number=" PO-1 ",
        notes="Wrap it.",
        internal_note="VIP",
        date_required=date(2026, 5, 2),
        order_deadline=date(2026, 5, 3),
        promised_at=date(2026, 5, 4),
        internal_budget="1000.05",
        priority="high",
        sales_rep_id=desk.company.lead_id,
        ship_to={"street_1": "2 Side Street", "city": "Bern", "country": "ch"},
    )
    assert [line.kind for line in made.lines] == ["product"] * 4 + ["discount"]
    assert_is_as_read(desk, made)


def test_a_quote_of_freight_stands_on_the_new_order(desk: Desk) -> None:
    from orderwright.directory.models import ShippingTerm

    term = ShippingTerm.objects.create(
        organization_id=desk.company.id,
        name="Flat 25",
        type="flat_rate_freight",
        flat_rate="25.00",
        currency="USD",
    )
    made = desk.order({desk.product(): 3}, shipping_term_id=term.pk)
    assert made.lines[-1].kind == "freight"
    assert_is_as_read(desk, made)


def test_an_order_on_hold_from_the_start_says_so(desk: Desk) -> None:
    held = desk.company.customer(name="Held", status="hold_all")
    made = desk.order({desk.product(): 3}, customer_id=held)
    assert made.head.fulfillment_status == "on_hold"
    assert_is_as_read(desk, made)


def test_generated_lines_of_an_edit_are_answered_as_they_will_be_read(desk: Desk) -> None:
    DiscountCode.objects.create(
        organization_id=desk.company.id, code="TEN", type="percentage", percentage="0.1"
    )
    made = desk.order({desk.product(): 3})
    edited = edits.edit_order(by=desk.by, order=made.id, changes={"discount_code": "TEN"})
    assert edited.lines[-1].kind == "discount"
    assert edited.lines == queries.read_order(desk.by, made.id).lines


def test_creating_costs_three_statements_whatever_the_lines(desk: Desk) -> None:
    def cost(count: int) -> Any:
        products = [desk.product(sku=f"P{count}-{at}") for at in range(count)]
        with counted() as statements:
            desk.order(dict.fromkeys(products, 1))
        return statements

    assert cost(1) == cost(30) == [3]
