"""Stones that a customer waits for are bought from pasted notes, and arrive (domain 4.2, 4.9).

A buyer pastes what the supplier shall send, the goods are received in two parts, and after each
part the page of the customer's order says what changed.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.plugins.server import Server
from tests.stories.shop import Shop, open_shop
from tests.web.conftest import sign_in

SALES, PURCHASE = "SO-00001", "PO-00001"
NOTES = "Please send 12 pcs RS-100 and 200 g silver grain, needed by 15 December."


@dataclass(frozen=True, slots=True)
class Screen:
    """The buyer's screen."""

    shop: Shop
    page: Page

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog")

    def line_stands(self, status: str, said: str) -> None:
        """What the sales order says of its only line: its status, and what is short."""
        self.page.goto(f"/orders/sales/{SALES}")
        row = self.page.locator("#lines tr[data-wants]")
        expect(row.locator("[data-label='Status'] .chip")).to_have_text(status)
        expect(row.locator(".done").first).to_have_text(said)

    def purchase_stands(self, *chips: str) -> None:
        """The chips at the head of the purchase order."""
        self.page.goto(f"/orders/purchase/{PURCHASE}")
        expect(self.page.locator(".order-state .state > .chip")).to_have_text(list(chips))

    def receive(self, gems: str, grain: str = "") -> None:
        """Goods arrive: so many stones, so much grain."""
        self.page.goto(f"/orders/purchase/{PURCHASE}")
        self.page.get_by_role("button", name="Receive inventory").first.click()
        cards = self.dialog.locator("[data-receive-card]")
        expect(cards.first).to_be_visible()
        for name, arrived in (("Round Gem", gems), ("Silver Grain", grain)):
            card = cards.filter(has_text=name)
            if card.count():
                card.locator("[data-quantity]").fill(arrived)
        self.dialog.get_by_role("button", name="Receive inventory").click()


@pytest.fixture
def screen(server: Server, page: Page) -> Screen:
    """A customer waits for 10 stones; one supplier sells them under a code of its own."""
    shop = open_shop(server)
    gem = shop.post("/products", {"sku": "GEM", "name": "Round Gem", "base_price": "10"})["id"]
    shop.post(
        "/products",
        {"sku": "AG", "name": "Silver Grain", "default_unit": "g", "weight_unit": "g"},
    )
    shop.post(
        "/suppliers",
        {"name": "Rough & Sons", "supplied_products": [{"product_id": gem, "code": "RS-100"}]},
    )
    shop.post(
        "/sales-orders",
        {
            "customer_id": str(shop.company.customer()),
            "order_lead_id": str(shop.company.lead_id),
            "accept_terms": True,
            "lines": [{"product_id": gem, "quantity": "10"}],
        },
    )
    shop.act(SALES, "issue")
    page.set_default_timeout(15_000)
    sign_in(page, shop.company.email)
    return Screen(shop, page)


def test_from_pasted_notes_to_stones_that_are_ready_for_the_customer(screen: Screen) -> None:
    screen.line_stands("Backordered", "10 short")
    paste_the_notes(screen)
    review_and_submit(screen)
    issue(screen)

    # Five arrive: half of what the customer waits for.
    screen.receive("5")
    expect(screen.page.get_by_text("PO-00001-R1 is received.")).to_contain_text(SALES)
    screen.purchase_stands("Ordered", "Partially Received")
    screen.line_stands("Backordered", "5 short")

    # The rest arrives: the line can be made ready.
    screen.receive("7", "200")
    expect(screen.page.get_by_text("PO-00001-R2 is received.")).to_contain_text(SALES)
    screen.purchase_stands("Fulfilled", "Completed")
    screen.line_stands("Not Started", "")
    expect(screen.page.locator("#activity")).to_contain_text("PO-00001-R2")
    make_ready(screen)


def paste_the_notes(screen: Screen) -> None:
    """The wizard's first step: the supplier, and what is needed as somebody wrote it."""
    page = screen.page
    page.goto("/orders/purchase/new")
    page.get_by_role("combobox", name="Supplier").press_sequentially("Rough")
    page.get_by_role("option", name="Rough & Sons").click()
    page.get_by_label("What we need").fill(NOTES)
    page.get_by_role("button", name="Next").click()


def review_and_submit(screen: Screen) -> None:
    """Each row that was read is looked at; then day and prices, then the terms."""
    page = screen.page
    rows = page.locator("[data-row]")
    expect(rows).to_have_count(2)
    names = page.locator("[data-rows] [name='row_product_name']")
    assert [names.nth(index).input_value() for index in (0, 1)] == ["Round Gem", "Silver Grain"]
    expect(rows.nth(0).get_by_label("Quantity")).to_have_value("12")
    for row in (rows.nth(0), rows.nth(1)):
        row.get_by_role("button", name="Accept").click()
    page.get_by_role("button", name="Next").click()
    page.get_by_role("button", name="required").click()
    expect(page.get_by_label("Date required")).not_to_have_value("")
    page.get_by_label("Unit price of Round Gem").fill("4.25")
    page.get_by_label("Unit price of Silver Grain").fill("0.80")
    page.get_by_role("button", name="Next").click()
    expect(page.locator("main")).to_contain_text("$211.00")
    page.get_by_label("The terms of this order are accepted").check()
    page.get_by_role("button", name="Enter the order").click()
    page.wait_for_url(f"**/orders/purchase/{PURCHASE}")


def issue(screen: Screen) -> None:
    """From the quote to the order; the page says who waits for it."""
    page = screen.page
    screen.purchase_stands("Quoted", "Not Started")
    page.get_by_role("button", name="Issue order").first.click()
    screen.dialog.get_by_role("button", name="Issue order").click()
    expect(screen.dialog).to_be_hidden()
    screen.purchase_stands("Ordered", "Not Started")
    expect(page.locator(".next")).to_contain_text("Orders wait for 10 pcs of Round Gem.")


def make_ready(screen: Screen) -> None:
    """The lots that arrived are suggested, oldest first; the line is made ready from them."""
    page = screen.page
    page.get_by_role("button", name="Select inventory").first.click()
    fields = screen.dialog.locator("[data-lot] [data-quantity]")
    assert [fields.nth(index).input_value() for index in (0, 1)] == ["5", "5"]
    screen.dialog.get_by_label("Mark this line item as “Ready”").check()
    screen.dialog.get_by_role("button", name="Select inventory").click()
    expect(screen.dialog).to_be_hidden()
    screen.line_stands("Ready", "10 selected")
    expect(page.locator(".order-state .state > .chip").nth(1)).to_have_text("Ready to Ship")
