"""A return in a real browser: announced on the order, received on a phone."""

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from orderwright.kernel.numbers import trim
from orderwright.returns import queries
from orderwright.sales import actions, stock
from orderwright.sales import queries as sales
from orderwright.shipping.actions import NewShipment, create_shipment
from tests.plugins.server import Server
from tests.web.sales_desk import Desk, open_desk
from tests.web.test_browser import findings
from tests.web.themes import WEAR


@pytest.fixture
def desk(server: Server) -> Desk:
    """A company on the server, whose first order has left: 25 diamonds and 2 rings."""
    desk = open_desk()
    order = desk.order([(desk.diamond, "25"), (desk.ring, "2")])
    by = desk.company.by
    with transaction.atomic():
        desk.company.enter()
        actions.issue_order(by=by, order=order.id)
        stock.auto_select(by=by, order=order.id)
        new = NewShipment(carrier_id=desk.company.carrier_id, tracking_number="1Z1")
        create_shipment(by=by, order=order.id, new=new)
    return desk


def accessible(page: Page) -> None:
    """Nobody is kept out, at a desk or on a phone, by day or by night; nothing sticks out."""
    for width, height in ((1280, 800), (360, 740)):
        page.set_viewport_size({"width": width, "height": height})
        for theme in ("light", "dark"):
            page.evaluate(WEAR, theme)
            assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_a_ring_comes_back_by_keyboard_and_phone(desk: Desk, page: Page) -> None:
    desk.sign_in(page)
    page.goto("/orders/sales/SO-00001")
    page.get_by_role("button", name="Actions", exact=True).click()
    page.locator("#order-actions").get_by_role("button", name="Return goods").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Too small")
    page.keyboard.press("Tab")
    dialog.get_by_role("button", name="Announce return").click()
    expect(dialog.get_by_text("Nothing comes back by these numbers.").first).to_be_visible()
    expect(dialog.get_by_label("Reason")).to_have_value("Too small")
    dialog.get_by_label("Back, pcs").nth(1).fill("3")
    dialog.get_by_role("button", name="Announce return").click()
    expect(dialog.get_by_text("2 can still come back").first).to_be_visible()
    accessible(page)
    dialog.get_by_label("Back, pcs").nth(1).fill("2")
    page.keyboard.press("Control+Enter")
    expect(page.locator(".notice").first).to_contain_text("2 pcs Gold Ring on the way back")

    page.set_viewport_size({"width": 360, "height": 740})
    page.get_by_role("link", name="RMA-00001").first.click()
    page.wait_for_url("**/returns/RMA-00001")
    page.get_by_role("button", name="Receive return").click()
    expect(dialog.get_by_label("Arrived, pcs")).to_have_value("2")
    dialog.get_by_label("Becomes").select_option("scrap")
    dialog.get_by_text("Condition, place").click()
    dialog.get_by_label("Condition").fill("Bent")
    accessible(page)
    dialog.get_by_role("button", name="Receive return").click()
    expect(page.locator(".chips .chip")).to_have_text("Received")
    accessible(page)
    with transaction.atomic():
        desk.company.enter()
        (line,) = queries.return_page(desk.company.by, "RMA-00001").lines
        order = sales.read_order(desk.company.by, "SO-00001")
    assert (trim(line.received), line.disposition, line.condition) == ("2", "scrap", "Bent")
    assert [one.status for one in order.lines if one.is_stock] == ["shipped", "returned"]
