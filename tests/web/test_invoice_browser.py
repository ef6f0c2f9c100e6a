"""An invoice goes its way in a browser: draft, final, sent, paid; usable for everybody."""

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from tests.invoicing.billing_desk import Billing, open_billing
from tests.plugins.server import Server
from tests.web.conftest import sign_in
from tests.web.test_browser import findings, wear


@pytest.fixture
def desk(server: Server) -> Billing:
    """A company that bills."""
    with transaction.atomic():
        return open_billing()


def sound(page: Page) -> None:
    """Axe finds nothing at either width, and nothing is wider than a phone."""
    for width, theme in ((1280, "light"), (360, "dark")):
        page.set_viewport_size({"width": width, "height": 800})
        wear(page, theme)
        assert findings(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == width
    page.set_viewport_size({"width": 1280, "height": 800})


def test_an_order_is_invoiced_and_paid_from_its_page(desk: Billing, page: Page) -> None:
    with transaction.atomic():
        desk.company.enter()
        gem, ring = desk.product(sku="GEM", name="Round Gem"), desk.product(sku="RING", name="Ring")
        desk.shipped({gem: 10, ring: 4})
    sign_in(page, desk.company.email)

    page.goto("/orders/sales/SO-00001")
    page.get_by_role("button", name="Create invoice").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.locator(".sums-list .grand dd")).to_have_text("$140.00")
    dialog.get_by_label("Quantity of line 2").fill("3")
    expect(dialog.locator(".sums-list .grand dd")).to_have_text("$130.00")
    dialog.get_by_label("Quantity of line 2").fill("5")
    expect(dialog.locator("#bill-preview")).to_contain_text("has 4 pcs that shipped")
    dialog.get_by_label("Quantity of line 2").fill("4")
    expect(dialog.locator(".sums-list .grand dd")).to_have_text("$140.00")
    sound(page)
    dialog.get_by_role("button", name="Make draft").click()

    page.wait_for_url("**/invoices/*")
    expect(page.get_by_role("heading", level=1)).to_have_text("Draft for SO-00001")
    sound(page)
    page.get_by_role("button", name="Finalise").first.click()
    dialog.get_by_role("button", name="Finalise").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("INV-00001")

    page.get_by_role("button", name="Send invoice").first.click()
    dialog.get_by_role("button", name="Send invoice").click()
    expect(dialog.locator("#e-recipients")).to_contain_text("Nobody is named")
    dialog.get_by_label("To", exact=False).fill("bea@acme.example")
    sound(page)
    dialog.get_by_role("button", name="Send invoice").click()
    expect(page.locator(".due-figure")).to_have_text("$140.00")

    page.get_by_role("button", name="Record payment").first.click()
    dialog.get_by_label("Amount in USD").fill("150")
    dialog.get_by_label("Method").select_option("wire")
    dialog.get_by_role("button", name="Record payment").click()
    expect(dialog.locator(".notice-amber")).to_contain_text("$10.00 stay as open credit")
    sound(page)
    dialog.get_by_role("button", name="Yes, do it").click()
    expect(page.locator(".order-names .chip")).to_have_text("Paid")
    page.goto("/orders/sales/SO-00001?tab=invoices")
    expect(page.locator(".order-state")).to_contain_text("Completed")
    expect(page.locator(".order-invoice")).to_contain_text("INV-00001")
    page.goto("/invoices")
    sound(page)
