"""Orders that an older version issued have the pick that they would have got (domain 4.8)."""

from importlib import import_module
from typing import Any

import psycopg
import pytest
from django.db import transaction

from orderwright.shipping.models import Pick, PickLine
from tests.sales.desk import Desk, open_desk
from tests.shipping import picks

pytestmark = pytest.mark.django_db(transaction=True)

MIGRATION = import_module("orderwright.shipping.migrations.0005_picks_of_older_orders")
FORGET = """
    DELETE FROM shipping_pick;
    UPDATE sales_salesorderline SET picked = 0, packed = 0
"""


def a_day_of_trade() -> Desk:
    """An estimate, and orders of which nothing, a part, everything, and too little has left."""
    desk = open_desk()
    with transaction.atomic():
        desk.company.enter()
        trade(desk)
    return desk


def trade(desk: Desk) -> None:
    gem, ring = desk.product(sku="GEM"), desk.product(sku="RING")
    desk.lot(gem, 50)
    desk.lot(ring, 50)
    desk.order({gem: 3})
    desk.issued({gem: 4, ring: 2}, priority="high")
    partly = desk.issued({gem: 5, ring: 5}, date_required=desk.by.today)
    picks.ship(desk, picks.packed(desk, partly, 2))
    whole = desk.issued({ring: 6})
    picks.ship(desk, picks.packed(desk, whole, 6))
    voided = desk.issued({ring: 7})
    picks.void(desk, picks.ship(desk, picks.packed(desk, voided, 7)))


def standing(desk: Desk) -> tuple[Any, ...]:
    heads = ("number", "status", "priority_rank", "due_on", "note")
    rows = ("line_id", "ordered_quantity", "packed_at", "shipment__number")
    with transaction.atomic():
        desk.company.enter()
        assert picks.wrong_picks(desk) == []
        return (
            sorted(Pick.objects.values_list(*heads)),
            sorted(map(str, PickLine.objects.values_list(*rows))),
        )


def test_orders_of_before_get_the_pick_that_they_would_have(as_owner: psycopg.Connection) -> None:
    desk = a_day_of_trade()
    before = standing(desk)
    as_owner.execute(FORGET)
    assert as_owner.execute("SELECT count(*) FROM shipping_pick").fetchone() == (0,)

    as_owner.execute(MIGRATION.OF_ALL)

    assert standing(desk) == before
    assert len(before[0]) == 4


def test_a_pick_that_is_there_is_left_as_it_is(as_owner: psycopg.Connection) -> None:
    a_day_of_trade()
    every_row = "SELECT w.*, p.* FROM shipping_pickline w JOIN shipping_pick p ON p.id = w.pick_id"
    before = sorted(map(str, as_owner.execute(every_row).fetchall()))

    as_owner.execute(MIGRATION.OF_ALL)

    assert len(before) == 7
    assert sorted(map(str, as_owner.execute(every_row).fetchall())) == before
