"""Reports of orders, shipments and money: figures by hand from a small company's month."""

from datetime import timedelta
from decimal import Decimal

import pytest

from orderwright.reporting.known_reports import REPORTS
from orderwright.reporting.reports import Asked, Row, Told, tell
from orderwright.sales.models import SalesOrder
from orderwright.shipping.models import Shipment
from orderwright.web.report_charts import chart_of
from tests.invoicing.billing_desk import Billing, open_billing

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk() -> Billing:
    return open_billing()


def told(desk: Billing, key: str) -> Told:
    return tell(desk.by, REPORTS[key], Asked("custom"))


def rows(desk: Billing, key: str) -> list[Row]:
    return told(desk, key).rows


def test_revenue_is_what_was_invoiced_less_what_was_credited(desk: Billing) -> None:
    gem = desk.product(base_price="10")
    desk.final(desk.shipped({gem: 10}))
    desk.draft(desk.shipped({gem: 7}))
    desk.pay(None, "30", type="credit_memo", method="")
    (row,) = rows(desk, "revenue-by-customer")
    assert [row[n] for n in ("invoices", "total", "credited", "revenue", "share")] == [
        1,
        100,
        30,
        70,
        100,
    ]


def test_an_invoice_is_told_with_what_is_left_of_it(desk: Billing) -> None:
    gem = desk.product(base_price="10")
    invoice = desk.final(desk.shipped({gem: 10}))
    desk.pay(invoice, "40")
    summary = told(desk, "invoice-summary")
    (row,) = summary.rows
    assert [row[n] for n in ("number", "status", "total", "paid", "balance")] == [
        invoice.head.number,
        "partially_paid",
        100,
        40,
        60,
    ]
    assert summary.totals["balance"] == 60
    assert summary.totals["currency"] == "USD"


def test_what_is_owed_in_several_currencies_has_no_sum(desk: Billing) -> None:
    desk.pay(None, "30")
    desk.pay(None, "20", currency="EUR")
    aging = told(desk, "receivables-aging")
    assert sorted((row["currency"], row["credit"]) for row in aging.rows) == [
        ("EUR", 20),
        ("USD", 30),
    ]
    assert aging.totals == {}


def test_an_order_is_on_time_when_its_last_shipment_left_by_the_promised_day(
    desk: Billing,
) -> None:
    gem = desk.product(base_price="10")
    today = desk.by.today
    desk.shipped({gem: 1}, date_required=today)
    late = desk.shipped({gem: 1}, date_required=today)
    desk.shipped({gem: 1})
    SalesOrder.objects.filter(pk=late.id).update(promised_at=today - timedelta(days=3))
    report = told(desk, "on-time-rate")
    (row,) = report.rows
    assert [row[n] for n in ("orders", "in_time", "late", "rate", "days")] == [2, 1, 1, 50, 3]
    assert report.totals["rate"] == 50


def test_products_on_order_count_what_has_not_shipped(desk: Billing) -> None:
    gem = desk.product(base_price="10")
    desk.lot(gem, 4)
    order = desk.issued({gem: 10})
    desk.issued({gem: 5})
    desk.ship_some(order, 3)
    (row,) = rows(desk, "products-on-order")
    assert [row[n] for n in ("orders", "outstanding", "short")] == [2, 12, 8]


def test_carriers_are_compared_by_speed_and_by_what_went_wrong(desk: Billing) -> None:
    gem = desk.product(base_price="10")
    desk.shipped({gem: 1})
    desk.shipped({gem: 1})
    first, second = Shipment.objects.of(desk.company.id).order_by("id")
    assert first.shipped_at is not None
    Shipment.objects.filter(pk=first.pk).update(
        tracking_status="delivered", delivered_at=first.shipped_at + timedelta(hours=36)
    )
    Shipment.objects.filter(pk=second.pk).update(tracking_status="exception")
    (row,) = rows(desk, "carrier-performance")
    assert [row[n] for n in ("shipments", "delivered", "exceptions", "rate")] == [2, 1, 1, 50]
    assert row["days"] == Decimal("1.5")
    statuses = [(one["status"], one["days"]) for one in rows(desk, "shipment-status")]
    assert sorted(statuses) == [("delivered", Decimal("1.5")), ("exception", None)]


def test_orders_are_drawn_by_where_they_stand_and_invoices_over_days(desk: Billing) -> None:
    gem = desk.product(base_price="10")
    desk.order({gem: 1})
    desk.final(desk.shipped({gem: 10}))
    donut = chart_of(told(desk, "order-summary"), "g", 1)
    assert donut is not None
    assert sorted((part.label, part.value) for part in donut.parts) == [
        ("Not Started", "1"),
        ("Shipped", "1"),
    ]
    today = desk.by.today
    week = Asked("7d", today - timedelta(days=6), today)
    line = chart_of(tell(desk.by, REPORTS["invoice-summary"], week), "g", 1)
    assert line is not None
    assert line.title == "Total (USD)"
    assert '<polyline points="0,120 100,120 200,120 300,120 400,120 500,120 600,0"' in line.drawing
