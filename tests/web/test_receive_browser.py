"""Goods come in with a scanner in the hand, at 360 px."""

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from orderwright.catalog import supplying
from orderwright.kernel.numbers import trim
from tests.plugins.server import Server
from tests.purchasing.buying import Buying, open_buying
from tests.stories.scanner import SCANNER
from tests.web.conftest import sign_in
from tests.web.test_browser import findings, wear


@pytest.fixture
def desk(server: Server) -> Buying:
    """A company that buys."""
    with transaction.atomic():
        return open_buying()


def test_a_scan_finds_its_line_and_what_arrived_is_received(desk: Buying, page: Page) -> None:
    with transaction.atomic():
        desk.company.enter()
        gem, ring = desk.product(sku="GEM-1"), desk.product(sku="RING-1")
        sold = [{"product_id": str(ring), "code": "CW-77"}]
        supplying.change_supplier(
            by=desk.by, supplier_id=desk.supplier, sent={"supplied_products": sold}
        )
        order = desk.ordered({gem: 10, ring: 5})
    page.set_viewport_size({"width": 360, "height": 740})
    sign_in(page, desk.company.email)
    page.goto("/orders/purchase/PO-00001")
    page.get_by_role("button", name="Receive inventory").click()
    dialog = page.get_by_role("dialog")
    arrived = dialog.get_by_label("Arrived, pcs")
    expect(arrived.first).to_have_value("10")
    dialog.get_by_role("button", name="Nothing").click()
    expect(arrived.first).to_have_value("")
    page.keyboard.type("CW-77")
    page.keyboard.press("Enter")
    expect(arrived.nth(1)).to_be_focused()
    page.keyboard.type("3", delay=100)
    for theme in ("light", "dark"):
        wear(page, theme)
        assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    dialog.get_by_role("button", name="Receive inventory").click()
    expect(page.locator(".receipt")).to_have_count(1)
    with transaction.atomic():
        desk.company.enter()
        assert [trim(line.received) for line in desk.seen(order).lines] == ["0", "3"]


def test_a_scan_finds_a_line_beyond_those_that_are_shown(desk: Buying, page: Page) -> None:
    with transaction.atomic():
        desk.company.enter()
        made = [desk.product(sku=f"PART-{index:03}") for index in range(1, 106)]
        order = desk.ordered(dict.fromkeys(made, 10))
    page.set_default_timeout(15_000)
    sign_in(page, desk.company.email)
    page.goto("/orders/purchase/PO-00001")
    page.get_by_role("button", name="Receive inventory").first.click()
    dialog = page.get_by_role("dialog")
    cards = dialog.locator("[data-receive-card]")
    expect(cards).to_have_count(50)
    page.evaluate(SCANNER, "part-002")
    expect(cards.nth(1).locator("[data-quantity]")).to_be_focused()
    cards.nth(1).locator("[data-quantity]").fill("7")
    page.evaluate(SCANNER, "PART-104")
    expect(cards).to_have_count(1)
    expect(cards.locator("[data-quantity]")).to_be_focused()
    cards.locator("[data-quantity]").fill("4")
    expect(dialog.locator(".receive-part")).to_contain_text("1 typed so far")
    assert findings(page) == []
    dialog.get_by_role("button", name="Receive inventory").click()
    expect(page.locator(".receipt")).to_have_count(1)
    with transaction.atomic():
        desk.company.enter()
        found = {line.position: trim(line.received) for line in desk.seen(order).lines}
    assert {position: held for position, held in found.items() if held != "0"} == {2: "7", 104: "4"}
