"""A new shipment is answered from memory: as it is read from the database afterwards."""

from typing import Any

import pytest

from orderwright.directory.models import CarrierOption
from orderwright.sales.new_lines import NewLine
from orderwright.sales.stock import LotAsk
from orderwright.shipping.actions import SelectionAsk, ShipLine
from orderwright.shipping.queries import ShipmentPage, read_shipment
from tests.sales.desk import Desk, counted, open_desk

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Desk:
    return open_desk()


def assert_is_as_read(desk: Desk, made: ShipmentPage) -> None:
    read = read_shipment(desk.by, made.head.id)
    assert made.head == read.head
    assert made.lines == read.lines
    assert made.events == read.events


def test_all_that_is_selected_ships_and_is_answered_as_it_will_be_read(desk: Desk) -> None:
    gem, ring = desk.product(), desk.product(sku="RING")
    lots = {product: desk.lot(product, 10, weight="33.3") for product in (gem, ring)}
    order = desk.issued({gem: 3, ring: 7})
    desk.select(order, {lots[ring]: 7}, position=2)
    desk.select(order, {lots[gem]: 3}, position=1)
    made = desk.ship(order)
    assert [line.position for line in made.lines] == [1, 2]
    assert_is_as_read(desk, made)


def test_a_part_and_a_fresh_lot_on_one_line_are_answered_as_they_will_be_read(desk: Desk) -> None:
    gem = desk.product()
    waiting, fresh = desk.lot(gem, 10, weight="20"), desk.lot(gem, 10, weight="25")
    order = desk.issued({gem: 12})
    desk.select(order, {waiting: 9})
    (selection,) = desk.open_selections(order)
    line = ShipLine(
        desk.line(order).id,
        selections=[SelectionAsk(selection, "4")],
        lots=[LotAsk(fresh, quantity="2")],
    )
    option = CarrierOption.objects.create(
        organization_id=desk.company.id,
        carrier_id=desk.company.carrier_id,
        name="Overnight",
        code="ON",
    )
    made = desk.ship(
        order,
        line,
        carrier_option_id=option.pk,
        note="By the back door",
        package={"weight": "1.50", "weight_unit": "kg"},
        ship_to={
            "street_1": "2 Side Street",
            "city": "Bern",
            "postal_code": "3011",
            "country": "ch",
        },
    )
    assert made.head.carrier_option_name == "Overnight"
    assert_is_as_read(desk, made)


def test_a_line_by_weight_and_one_in_boxes_are_answered_as_they_will_be_read(desk: Desk) -> None:
    grain = desk.product(
        sku="GRAIN", default_unit="g", price_unit="g", weight_per_unit="1", weight_unit="g"
    )
    boxed = desk.product(sku="BOX", units={"box": {"ratio": "12"}})
    silver, boxes = desk.lot(grain, "100"), desk.lot(boxed, 36)
    order = desk.issued(
        [
            NewLine(grain, requested_weight="33.125", weight_unit="g"),
            NewLine(boxed, "3", unit="box"),
        ]
    )
    desk.select(order, {silver: "33.125"}, position=1)
    desk.select(order, {boxes: 30}, position=2)
    assert_is_as_read(desk, desk.ship(order))


def test_the_second_shipment_of_an_order_is_answered_as_it_will_be_read(desk: Desk) -> None:
    gem = desk.product()
    lot = desk.lot(gem, 10)
    order = desk.issued({gem: 5})
    desk.ship_lots(order, {lot: 2})
    made = desk.ship_lots(order, {lot: 3})
    assert made.head.number == f"{order.head.number}-2"
    assert_is_as_read(desk, made)


def test_shipping_costs_as_many_statements_for_thirty_lines_as_for_one(desk: Desk) -> None:
    def cost(count: int) -> Any:
        products = [desk.product(sku=f"P{count}-{at}") for at in range(count)]
        order = desk.issued(dict.fromkeys(products, 1))
        for position, product in enumerate(products, start=1):
            desk.select(order, {desk.lot(product, 1): 1}, position=position)
        with counted() as statements:
            desk.ship(order)
        return statements

    assert cost(1) == cost(30) == [11]
