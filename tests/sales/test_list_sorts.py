"""The list of orders in every sort: each order once, whichever way the pages are turned."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orderwright.kernel.errors import Invalid
from orderwright.kernel.paging import Sort, Window
from orderwright.sales import order_lists
from orderwright.sales.models import SalesOrder
from orderwright.sales.order_lists import OrderFilter, OrderSummary
from tests.sales.desk import Desk, counted, open_desk

pytestmark = pytest.mark.django_db

COUNT = 9
DAYS = st.sampled_from([None, date(2026, 3, 1), date(2026, 3, 2), date(2026, 9, 30)])
TOTALS = st.sampled_from([Decimal("0"), Decimal("10"), Decimal("10.5"), Decimal("900")])
SORTS = st.builds(Sort, st.sampled_from(["number", "required", "total"]), st.booleans())
ROWS = st.lists(st.tuples(DAYS, TOTALS), min_size=COUNT, max_size=COUNT)


@pytest.fixture
def desk() -> Desk:
    desk = open_desk()
    gem = desk.product()
    for _ in range(COUNT):
        desk.order({gem: 1})
    return desk


def expected(rows: list[OrderSummary], sort: Sort) -> list[Any]:
    """Rows without a value last in both directions; equal ones by their age, in the same way."""
    value: Callable[[OrderSummary], Any] = {
        "number": lambda row: row.id,
        "required": lambda row: row.date_required,
        "total": lambda row: row.grand_total,
    }[sort.name]
    filled = [row for row in rows if value(row) is not None]
    empty = [row for row in rows if value(row) is None]
    filled.sort(key=lambda row: (value(row), row.id), reverse=sort.is_descending)
    empty.sort(key=lambda row: row.id, reverse=sort.is_descending)
    return [row.number for row in filled + empty]


@given(ROWS, SORTS, st.integers(1, 4))
@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_every_order_is_visited_once_in_both_directions(
    desk: Desk, rows: list[tuple[date | None, Decimal]], sort: Sort, size: int
) -> None:
    mine = SalesOrder.objects.of(desk.by.organization_id)
    for order_id, (day, total) in zip(mine.values_list("pk", flat=True), rows, strict=True):
        mine.filter(pk=order_id).update(
            date_required=day, subtotal=total, grand_total=total, freight=0, tax=0, discount_total=0
        )
    window = Window(sort, size=size)
    page = order_lists.orders(desk.by, OrderFilter(), window)
    pages = [page]
    while page.later:
        page = order_lists.orders(desk.by, OrderFilter(), replace(window, place=page.later))
        pages.append(page)
    assert pages[0].earlier is None
    seen = [row for one in pages for row in one.rows]
    assert [row.number for row in seen] == expected(seen, sort)
    assert len(seen) == COUNT
    back = [page]
    while page.earlier:
        wanted = replace(window, place=page.earlier, is_backward=True)
        page = order_lists.orders(desk.by, OrderFilter(), wanted)
        back.insert(0, page)
    returned = [row.number for one in back for row in one.rows]
    assert returned == [row.number for row in seen]


def test_of_several_values_any_one_fits(desk: Desk) -> None:
    first, second, third = SalesOrder.objects.of(desk.by.organization_id).order_by("pk")[:3]
    SalesOrder.objects.of(desk.by.organization_id).exclude(
        pk__in=[first.pk, second.pk, third.pk]
    ).update(status="completed")
    SalesOrder.objects.of(desk.by.organization_id).filter(pk=second.pk).update(status="issued")

    def found(text: str) -> int:
        wanted = order_lists.read_filter({"status": text})
        return len(order_lists.orders(desk.by, wanted).rows)

    assert [found(text) for text in ("estimate", "issued", "estimate,issued")] == [2, 1, 3]


def test_a_customers_group_narrows_its_orders(desk: Desk) -> None:
    from orderwright.directory.models import Customer, CustomerGroup

    mine = desk.by.organization_id
    group = CustomerGroup.objects.create(organization_id=mine, name="Gold", type="pricing_group")
    wanted = order_lists.read_filter({"customer_group_id": str(group.pk)})
    assert order_lists.orders(desk.by, wanted).rows == []
    Customer.objects.of(mine).filter(pk=desk.customer).update(pricing_group_ids=[group.pk])
    assert len(order_lists.orders(desk.by, wanted).rows) == COUNT


def test_values_that_make_no_sense_are_refused_with_their_fields() -> None:
    with pytest.raises(Invalid) as refused:
        order_lists.read_filter(
            {
                "status": "issued,lost",
                "customer_id": "x",
                "on_hold": "perhaps",
                "required_from": "soon",
                "priority": "high",
            }
        )
    assert sorted(refused.value.fields) == ["customer_id", "on_hold", "required_from", "status"]


def test_tabs_are_counted_up_to_a_bound_in_one_statement(desk: Desk) -> None:
    with counted() as statements:
        found = order_lists.counts(desk.by)
    assert statements == [1]
    assert found == {
        "all": COUNT,
        "on_hold": 0,
        "estimate": COUNT,
        "issued": 0,
        "fulfilled": 0,
        "completed": 0,
    }
    assert "LIMIT 1000" in order_lists.list_sql.counts_of_orders([""], most=1000)
