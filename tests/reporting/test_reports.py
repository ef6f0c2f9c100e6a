"""Reports: figures by hand, the same rows on the page, in the file and over the API."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from orderwright.kernel.errors import Invalid
from orderwright.production import actions
from orderwright.production.metrics import shown
from orderwright.reporting.known_reports import REPORTS
from orderwright.reporting.reports import Asked, Row, days_of, read_asked, tell
from tests.production.workshop import Workshop, open_workshop
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Workshop:
    """Two stages: 32 g and 100 ct went in; one job has a gap of 2 g."""
    shop = open_workshop()
    ring = shop.product(sku="RING", name="Silver Ring", is_manufactured=True)
    silver = shop.lot(shop.product(sku="AG", default_unit="g", weight_unit="g"), 100)
    order = shop.issued({ring: 10})
    first = shop.job(order, inputs={silver: 32})
    shop.receive(first, pieces=10, received=28, rejected="0.5", scrap=1, wasted="0.5")
    actions.complete_job(by=shop.by, job=first.id)
    second = shop.job(order, stage_id=shop.polish, weight_unit="ct", inputs={silver: 20})
    shop.receive(second, received=90, scrap=4, wasted=6)
    return shop


def rows(shop: Workshop, key: str, asked: Asked | None = None) -> list[Row]:
    """The rows of a report, all days unless said."""
    return tell(shop.by, REPORTS[key], asked or Asked("custom")).rows


def test_each_stage_says_how_well_it_converts(shop: Workshop) -> None:
    names = ("name", "jobs", "issued", "output", "gross_waste", "net_waste", "consumption")
    found = [
        [shown(row[n]) if isinstance(row[n], Decimal) else row[n] for n in names]
        for row in rows(shop, "stage-performance")
    ]
    assert found == [
        ["Preform", 1, "32.0", "89.1", "4.7", "1.6", "5.3"],
        ["Final Polish", 1, "20.0", "90.0", "10.0", "6.0", "11.1"],
    ]


def test_weights_of_jobs_in_other_units_are_added_in_the_organizations(shop: Workshop) -> None:
    (row,) = rows(shop, "production-summary")
    assert [row[n] for n in ("jobs", "issued", "received", "scrapped", "waste")] == [
        2,
        52,
        46,
        Decimal("1.8"),
        Decimal("1.7"),
    ]


def test_a_gap_is_shown_with_its_place(shop: Workshop) -> None:
    (row,) = rows(shop, "weight-balance")
    assert (row["stage"], row["missing"], row["surplus"]) == ("Preform", 2, 0)
    assert row["where"] == "Left unrecorded when the job was completed"


def test_losses_are_logged_newest_first(shop: Workshop) -> None:
    found = [(row["stage"], row["waste"], row["scrapped"]) for row in rows(shop, "waste-and-scrap")]
    assert found == [
        ("Final Polish", Decimal("1.2"), Decimal("0.8")),
        ("Preform", Decimal("0.5"), Decimal(1)),
    ]


def test_stock_and_its_movement_agree(shop: Workshop) -> None:
    on_hand = {row["sku"]: row["on_hand"] for row in rows(shop, "stock-summary")}
    moved = {row["sku"]: row["net"] for row in rows(shop, "stock-movement")}
    assert on_hand["AG"] == moved["AG"] == 48


def test_days_and_stage_narrow(shop: Workshop) -> None:
    long_ago = Asked("custom", date(2001, 1, 1), date(2001, 1, 31))
    assert rows(shop, "stage-performance", long_ago) == []
    only = Asked("custom", stage_id=shop.polish)
    assert [row["name"] for row in rows(shop, "stage-performance", only)] == ["Final Polish"]


def test_presets_end_today() -> None:
    today = date(2026, 5, 20)
    assert days_of("7d", today) == (today - timedelta(days=6), today)
    assert days_of("month", today) == (date(2026, 5, 1), today)
    assert days_of("quarter", today) == (date(2026, 4, 1), today)


def test_days_that_make_no_sense_are_refused(shop: Workshop) -> None:
    one = REPORTS["stage-performance"]
    with pytest.raises(Invalid) as refused:
        read_asked(shop.by, {"range": "century", "from": "soon", "stage_id": "x"}, one)
    assert set(refused.value.fields) == {"range", "from", "stage_id"}
    with pytest.raises(Invalid) as refused:
        read_asked(shop.by, {"from": "2026-02-02", "to": "2026-02-01"}, one)
    assert set(refused.value.fields) == {"to"}


@pytest.mark.parametrize("key", sorted(REPORTS))
def test_page_file_and_answer_have_the_same_rows(shop: Workshop, key: str) -> None:
    client = signed_in(shop.company.email)
    page = client.get(f"/reports/{key}")
    assert page.status_code == 200
    lines = b"".join(client.get(f"/reports/{key}.csv").streaming_content).decode().splitlines()
    headers = {"Authorization": f"Bearer {shop.company.api_key}"}
    told = client.get(f"/api/v1/reports/{key}", headers=headers).json()
    assert len(told["data"]) == len(lines) - 1
    assert f"{len(told['data'])} row" in page.content.decode()


@pytest.mark.parametrize("key", sorted(REPORTS))
def test_a_report_is_one_statement(shop: Workshop, key: str) -> None:
    with CaptureQueriesContext(connection) as seen:
        rows(shop, key)
    # What is owed and what is left on account are invoicing's own two.
    assert len(seen) == (2 if key == "receivables-aging" else 1)


def test_the_balance_stands_with_production(shop: Workshop) -> None:
    client = signed_in(shop.company.email)
    assert "Weight balance" in client.get("/production/balance").content.decode()
    assert client.get("/reports").content.decode().count("/reports/") >= len(REPORTS)
    assert client.get("/reports/none").status_code == 404
