"""The pages of production: what they show, what they take, and how many statements they cost."""

from decimal import Decimal

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from orderwright.production import queries
from orderwright.production.job_page import JobPage
from tests.production.workshop import Workshop, open_workshop
from tests.web.conftest import signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def shop() -> Workshop:
    return open_workshop()


@pytest.fixture
def browser(shop: Workshop) -> Client:
    return signed_in(shop.company.email)


def made(shop: Workshop) -> tuple[JobPage, object]:
    """Ten rings with a job of 32 g, of which 30 g came."""
    ring = shop.product(sku="RING", name="Silver Ring", is_manufactured=True)
    silver = shop.lot(shop.product(sku="AG", default_unit="g", weight_unit="g"), 100)
    order = shop.issued({ring: 10})
    return shop.job(order, inputs={silver: 32}), silver


def test_the_job_page_says_where_the_weight_is(shop: Workshop, browser: Client) -> None:
    job, _ = made(shop)
    shop.receive(job, pieces=10, received=28, rejected="0.5", scrap=1, wasted="0.5")
    shown = browser.get(f"/production/jobs/{job.head.number}").content.decode()
    for words in (
        "87.5 %",
        "89.1 %",
        "4.7 %",
        "1.6 %",
        "5.3 %",
        "Higher is better.",
        "2 g is still",
    ):
        assert words in shown


def test_material_is_issued_and_output_received_over_the_pages(
    shop: Workshop, browser: Client
) -> None:
    job, silver = made(shop)
    url = f"/production/jobs/{job.head.number}"
    sent = {"inputs.0.lot_id": str(silver), "inputs.0.weight": "8"}
    assert browser.post(f"{url}/issue-material", sent).status_code == 302
    sent = {
        "received_date": shop.by.today.isoformat(),
        "rows.0.product_id": str(job.head.product_id),
        "rows.0.unit": "kg",
        "rows.0.pieces": "10",
        "rows.0.received": "0.036",
        "rows.0.wasted": "0.004",
    }
    assert browser.post(f"{url}/receive", sent).status_code == 302
    head = shop.seen_job(job).head
    assert (head.issued, head.received, head.waste) == (40, 36, 4)
    assert (head.status, head.gap) == ("completed", 0)


def test_more_than_the_base_asks_for_a_yes(shop: Workshop, browser: Client) -> None:
    job, _ = made(shop)
    url = f"/production/jobs/{job.head.number}/receive"
    sent = {"received_date": "", "rows.0.unit": "g", "rows.0.received": "33"}
    asked = browser.post(url, sent)
    assert asked.status_code == 409
    assert "Yes, do it" in asked.content.decode()
    assert browser.post(url, sent | {"confirm": "over_base"}).status_code == 302
    page = browser.get(f"/production/jobs/{job.head.number}").content.decode()
    assert "over base by 1 g" in page


def test_a_receipt_of_nothing_keeps_what_was_typed(shop: Workshop, browser: Client) -> None:
    job, _ = made(shop)
    url = f"/production/jobs/{job.head.number}/receive"
    answer = browser.post(url, {"rows.0.unit": "g", "notes": "in the blue tray"})
    assert answer.status_code == 422
    assert "in the blue tray" in answer.content.decode()


def test_the_wizard_makes_a_job_in_three_steps(shop: Workshop, browser: Client) -> None:
    ring = shop.product(sku="RING", name="Silver Ring", is_manufactured=True)
    silver = shop.lot(shop.product(sku="AG", default_unit="g", weight_unit="g"), 100)
    order = shop.issued({ring: 10})
    line = order.lines[0].id
    begun = browser.get(f"/production/jobs/new?order={order.head.number}&line={line}")
    assert "1. Silver Ring" in begun.content.decode()
    values = {"order_id": str(order.id), "line_id": str(line), "stage_id": str(shop.polish)}
    second = browser.post("/production/jobs/new", values | {"step": "1", "go": "next"})
    assert "Total weight requested" in second.content.decode()
    values |= {"pieces_requested": "10", "weight_requested": "30", "weight_unit": "g"}
    third = browser.post("/production/jobs/new", values | {"step": "2", "go": "next"})
    assert "Material" in third.content.decode()
    values |= {"inputs.0.lot_id": str(silver), "inputs.0.weight": "32"}
    answer = browser.post("/production/jobs/new", values | {"step": "3"})
    assert answer.status_code == 302
    head = queries.job_page(shop.by, answer["Location"].rpartition("/")[2]).head
    assert (head.weight_requested, head.issued, head.stage_name) == (30, 32, "Final Polish")


@pytest.mark.parametrize("action", ["complete", "cancel", "edit"])
def test_every_short_task_shows_its_dialog(shop: Workshop, browser: Client, action: str) -> None:
    job, _ = made(shop)
    assert browser.get(f"/production/jobs/{job.head.number}/{action}").status_code == 200


def test_a_job_is_completed_reopened_and_cancelled(shop: Workshop, browser: Client) -> None:
    job, _ = made(shop)
    url = f"/production/jobs/{job.head.number}"
    assert browser.post(f"{url}/complete", {}).status_code == 302
    assert "unrecorded" in browser.get(url).content.decode()
    assert browser.get(f"{url}/receive").status_code == 409
    assert browser.post(f"{url}/reopen", {}).status_code == 302
    assert browser.post(f"{url}/cancel", {}).status_code == 422
    assert browser.post(f"{url}/cancel", {"reason": "wrong alloy"}).status_code == 302
    assert shop.seen_job(job).head.status == "cancelled"


def test_a_run_is_generated_in_the_dialog(shop: Workshop, browser: Client) -> None:
    ring = shop.product(sku="RING", name="Silver Ring", is_manufactured=True)
    box = shop.product(sku="BOX", name="Gift Box")
    order = shop.order({ring: 10, box: 3})
    url = f"/orders/sales/{order.head.number}/production-run"
    shown = browser.get(url).content.decode()
    assert "Skipped, because not manufactured" in shown
    sent = {f"make-{order.lines[0].id}": "4"}
    answer = browser.post(url, sent)
    assert answer.status_code == 302
    page = browser.get(answer["Location"]).content.decode()
    assert "1 open, 0 closed" in page
    assert browser.post(url, sent).status_code == 409


def test_the_tabs_count_the_jobs_of_each_status(shop: Workshop, browser: Client) -> None:
    job, _ = made(shop)
    shop.receive(job, pieces=10, received=32)
    shown = browser.get("/production/jobs").content.decode()
    assert job.head.number in shown
    assert job.head.number not in browser.get("/production/jobs?status=ongoing").content.decode()
    assert job.head.number in browser.get("/lists/production-jobs/export.csv").getvalue().decode()


def test_the_list_and_the_page_cost_the_same_for_many_as_for_few(
    shop: Workshop, browser: Client
) -> None:
    job, silver = made(shop)

    def cost(url: str) -> int:
        with CaptureQueriesContext(
            connection,
        ) as seen:
            assert browser.get(url).status_code == 200
        return len(seen)

    urls = ("/production/jobs", f"/production/jobs/{job.head.number}", "/production/runs")
    before = [cost(url) for url in urls]
    for _ in range(3):
        shop.issue(job, {silver: 1})
        shop.receive(job, received=1)
        shop.job(shop.issued({job.head.product_id: 1}))
    assert [cost(url) for url in urls] == before


def test_a_lookup_finds_lots_that_hold_something(shop: Workshop, browser: Client) -> None:
    made(shop)
    found = browser.get("/lookup/lots?q=").json()["data"]
    assert [Decimal(one["weight"]) for one in found] == [68]


def test_the_order_page_tells_of_its_production(shop: Workshop, browser: Client) -> None:
    job, _ = made(shop)
    shop.receive(job, pieces=10, received=28, rejected="0.5", scrap=1, wasted="0.5")
    url = f"/orders/sales/{job.head.order_number}"
    shown = browser.get(f"{url}?tab=production").content.decode()
    for words in ("Net input", "32 g", "28.5 g", "Final stage: Preform", "Create production job"):
        assert words in shown
    assert f"Waiting for production: {job.head.number}." not in shown


def test_the_page_of_an_order_pays_one_statement_for_its_jobs(
    shop: Workshop, browser: Client
) -> None:
    ring = shop.product(sku="RING", name="Silver Ring", is_manufactured=True)

    def cost(number: str) -> int:
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(f"/orders/sales/{number}").status_code == 200
        return len(seen)

    order = shop.issued({ring: 10})
    without = cost(order.head.number)
    shop.job(order)
    assert cost(order.head.number) == without + 1
    shop.job(order)
    shop.job(order)
    assert cost(order.head.number) == without + 1


def test_an_order_that_waits_for_its_job_says_so(shop: Workshop, browser: Client) -> None:
    job, _ = made(shop)
    shown = browser.get(f"/orders/sales/{job.head.order_number}").content.decode()
    assert f"Waiting for production: {job.head.number}." in shown


def test_the_menu_of_a_line_leads_into_the_wizard(shop: Workshop, browser: Client) -> None:
    job, _ = made(shop)
    line = job.head.line_id
    url = f"/orders/sales/{job.head.order_number}/create-production-job?line={line}"
    wanted = f"/production/jobs/new?order={job.head.order_number}&line={line}"
    assert browser.get(url)["Location"] == wanted
