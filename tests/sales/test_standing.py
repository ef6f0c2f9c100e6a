"""How long an estimate stands, and when a customer's open orders go beyond its credit limit."""

from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from orderwright.directory.models import Customer
from orderwright.sales import standing
from orderwright.sales.standing import BeyondCredit
from tests.sales.desk import Desk, open_desk


@pytest.mark.parametrize(
    ("timezone", "days", "last"),
    [
        ("UTC", 30, date(2026, 3, 31)),
        ("Asia/Tokyo", 30, date(2026, 4, 1)),
        ("UTC", 1, date(2026, 3, 2)),
        ("UTC", 0, None),
    ],
)
def test_an_estimate_stands_for_days_where_the_organization_is(
    timezone: str, days: int, last: date | None
) -> None:
    made = datetime(2026, 3, 1, 20, tzinfo=UTC)
    assert standing.estimate_ends(made, timezone=timezone, days=days) == last


@pytest.fixture
def desk(db: None) -> Desk:
    return open_desk()


def limited(desk: Desk, limit: str | None, currency: str = "") -> None:
    Customer.objects.of(desk.by.organization_id).update(
        credit_limit=limit, default_currency=currency
    )


def test_open_orders_together_go_beyond_a_credit_limit(desk: Desk) -> None:
    gem = desk.product(sku="GEM")
    first, second = desk.issued({gem: 2}), desk.issued({gem: 3})
    value = first.head.grand_total + second.head.grand_total
    assert value > 0
    for limit, found in (
        (value, None),
        (value - 1, BeyondCredit(value, value - 1, first.head.currency)),
        (None, None),
    ):
        limited(desk, None if limit is None else str(limit))
        assert standing.beyond_credit(desk.by, second) == found


def test_a_limit_in_another_currency_says_nothing_and_who_sees_no_values_is_not_told(
    desk: Desk,
) -> None:
    gem = desk.product(sku="GEM")
    order = desk.issued({gem: 2})
    limited(desk, "0.01", "CHF")
    assert standing.beyond_credit(desk.by, order) is None
    limited(desk, "0.01")
    assert standing.beyond_credit(desk.by, order) == BeyondCredit(
        order.head.grand_total, Decimal("0.01"), order.head.currency
    )
    blind = replace(desk.by, permissions=desk.by.permissions - {"orders_commercial:read"})
    assert standing.beyond_credit(blind, order) is None


def test_an_issued_order_does_not_expire(desk: Desk) -> None:
    gem = desk.product(sku="GEM")
    order = desk.issued({gem: 2})
    assert standing.estimate_stands_until(desk.by, order) is None
    estimate = replace(order, head=replace(order.head, status="estimate"))
    made = order.head.created_at
    expected = standing.estimate_ends(made, timezone=desk.by.organization.timezone, days=30)
    assert standing.estimate_stands_until(desk.by, estimate) == expected
