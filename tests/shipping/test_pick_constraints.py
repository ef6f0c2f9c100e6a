"""What the database itself refuses of picks, cases and packed goods."""

from collections.abc import Callable
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from orderwright.inventory.models import Selection
from orderwright.kernel.ids import new_id
from orderwright.sales.page import OrderPage
from orderwright.shipping.models import Pick, PickLine, ShipmentCase
from tests.sales.desk import Desk, open_desk
from tests.shipping import picks

pytestmark = pytest.mark.django_db


def packed() -> tuple[Desk, OrderPage]:
    desk = open_desk()
    gem = desk.product()
    desk.lot(gem, 10)
    order = desk.issued({gem: 10})
    picks.packed(desk, order, 4)
    return desk, order


def pick_twice(desk: Desk, order: OrderPage) -> None:
    first = Pick.objects.get(order_id=order.id)
    Pick.objects.create(
        organization_id=desk.by.organization_id,
        order_id=order.id,
        number="another",
        due_on=first.due_on,
    )


def second_open_row(desk: Desk, order: OrderPage) -> None:
    row = PickLine.objects.get(packed_at=None)
    row.pk = new_id()
    row.save(force_insert=True)


def changed(rows: Callable[[], Any], **values: Any) -> Callable[[Desk, OrderPage], None]:
    def act(desk: Desk, order: OrderPage) -> None:
        assert rows().update(**values) > 0

    return act


@pytest.mark.parametrize(
    ("act", "constraint"),
    [
        (pick_twice, "pick_once_an_order"),
        (second_open_row, "pick_line_open_once"),
        (changed(Pick.objects.all, status="finished"), "pick_finished_has_time"),
        (changed(PickLine.objects.all, quantity=-1), "pick_line_never_negative"),
        (
            changed(lambda: PickLine.objects.exclude(packed_at=None), shipment_id=None),
            "pick_line_packed_into_shipment",
        ),
        (
            changed(lambda: PickLine.objects.filter(packed_at=None), ordered_quantity=0),
            "pick_line_packed_into_shipment",
        ),
        (changed(ShipmentCase.objects.all, position=0), "shipment_case_from_one"),
        (changed(ShipmentCase.objects.all, weight=0), "shipment_case_weighs"),
        (
            changed(ShipmentCase.objects.all, freight_amount=-1),
            "shipment_case_freight_not_negative",
        ),
        (
            changed(lambda: Selection.objects.filter(is_packed=True), status="shipped"),
            "selection_packed_is_retrieved",
        ),
    ],
)
def test_the_database_keeps_picks_sound(
    act: Callable[[Desk, OrderPage], None], constraint: str
) -> None:
    desk, order = packed()
    with pytest.raises(IntegrityError) as caught, transaction.atomic():
        act(desk, order)
    assert constraint in str(caught.value)
