"""The second half of the walk of domain 8.5 in a browser: parcels, invoices, a return, the money.

The rings are made and the diamonds selected (steps 1 to 8, which have a story of their own); what
follows is done on the pages, and each figure is read off them.
"""

from dataclasses import dataclass
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.server import Server
from tests.stories.shop import open_shop
from tests.stories.test_diamonds_and_rings import set_up
from tests.stories.test_notes_to_delivery import run_the_worker
from tests.stories.test_the_walk_browser import DIAMONDS, ORDER, RINGS, Screen


@dataclass(frozen=True, slots=True)
class Office(Screen):
    """The desk of those who ship, bill and collect."""

    def act(self, verb: str) -> None:
        """Open the dialog of the page's next step."""
        self.page.get_by_role("button", name=verb).first.click()

    def confirm(self, verb: str) -> None:
        """Do what the dialog says."""
        self.dialog.get_by_role("button", name=verb, exact=True).click()
        expect(self.dialog).to_be_hidden()

    def hold(self, status: str, reason: str) -> None:
        """Give the customer another status."""
        self.page.goto(f"/customers/{self.products['acme']}/status")
        self.page.get_by_role("radio", name=status).check()
        self.page.get_by_label("Reason").fill(reason)
        self.page.get_by_role("button", name="Change status").click()
        self.page.wait_for_url(f"**/customers/{self.products['acme']}")

    def ship(self, position: int, tracking: str) -> None:
        """Everything that is selected of one line leaves with the carrier."""
        self.open_order()
        self.line(position).get_by_label(f"Select line {position}").check()
        bulk = self.page.locator("[data-bulk]")
        bulk.get_by_role("button", name="Create shipment").click()
        self.dialog.get_by_label("Carrier").select_option(label="UPS")
        self.dialog.get_by_label("Tracking number").fill(tracking)
        self.confirm("Create shipment")

    def invoice(self, number: str, total: str) -> None:
        """Make a draft final and send it."""
        self.page.goto("/invoices?status=draft")
        row = self.page.locator("#list tbody tr").filter(has_text=total)
        row.get_by_role("link", name="Draft").click()
        self.act("Finalise")
        self.confirm("Finalise")
        expect(self.page.get_by_role("heading", level=1)).to_have_text(number)
        self.act("Send invoice")
        expect(self.dialog.get_by_label("To", exact=False)).to_have_value("pay@acme.example")
        self.confirm("Send invoice")
        expect(self.page.locator(".due-figure")).to_have_text(total)


@pytest.fixture
def office(server: Server, page: Page) -> Office:
    """The order of the walk after step 8."""
    shop = open_shop(server)
    made = set_up(shop)
    contact = {"first_name": "Ann", "last_name": "Lee", "email": "pay@acme.example"}
    shop.patch(f"/customers/{made['acme']}", {"contacts": [{**contact, "invoice": True}]})
    page.set_default_timeout(15_000)
    found = Office(shop, page, made)
    made_and_selected(found)
    found.sign_in()
    return found


def made_and_selected(office: Office) -> None:
    """Steps 1 to 8, over the API."""
    shop, made = office.shop, office.products
    grain = {"sku": "AG", "name": "Silver Grain", "default_unit": "g", "weight_unit": "g"}
    lot = {"product_id": shop.post("/products", grain)["id"], "quantity": "100"}
    silver = shop.post("/lots", lot)["id"]
    shop.post("/stages", {"name": "Casting"})
    head = {
        "customer_id": made["acme"],
        "order_lead_id": str(shop.company.lead_id),
        "accept_terms": True,
        "discount_code": "TEN",
    }
    wanted = (("diamond", "750"), ("ring", "10"))
    asked = [{"product_id": made[name], "quantity": quantity} for name, quantity in wanted]
    order = shop.post("/sales-orders", {**head, "lines": asked})
    shop.act(ORDER, "create-production-run")
    shop.act(ORDER, "issue")
    job = "/production-jobs/PJ-00001/actions"
    shop.post(f"{job}/issue-material", {"inputs": [{"lot_id": silver, "weight": "32"}]})
    taken: list[dict[str, Any]] = [
        {"lot_id": made["first"], "full": True},
        {"lot_id": made["second"], "quantity": "150"},
    ]
    diamonds = {"line_id": order["lines"][0]["id"], "selections": taken, "mark_ready": True}
    shop.act(ORDER, "select-inventory", lines=[diamonds])
    output = {
        "product_id": made["ring"],
        "pieces": "10",
        "received": "28.0",
        "rejected": {"weight": "0.5"},
        "scrap": {"weight": "1.0"},
        "wasted": "0.5",
    }
    shop.post(f"{job}/receive", {"rows": [output], "assign_to_line": True})


def test_from_what_is_ready_to_an_order_that_is_paid_and_closed(office: Office) -> None:
    hold_acme(office)
    ship_both(office)
    deliver_both(office)
    bill_and_collect(office)
    take_two_rings_back(office)
    settle(office)
    nothing_is_left_to_do(office)


def hold_acme(office: Office) -> None:
    """Step 9: while shipments to Acme are on hold, nothing leaves, and the page says why."""
    office.hold("Hold Shipment", "Two invoices are overdue")
    office.stands("Issued", "On Hold", "Unpaid")
    refused = office.page.get_by_role("button", name="Create shipment").first
    expect(refused).to_have_attribute("aria-disabled", "true")
    expect(office.page.locator(".next")).to_contain_text("Shipments to the customer are on hold")
    office.hold("Normal", "Paid")
    office.stands("Issued", "Ready to Ship", "Unpaid")


def ship_both(office: Office) -> None:
    """Steps 10 and 11: two parcels, each with the draft of its invoice."""
    page = office.page
    office.ship(DIAMONDS, "1Z750")
    office.stands("Issued", "Partially Shipped", "Unpaid")
    run_the_worker()
    page.goto(f"/orders/sales/{ORDER}?tab=invoices")
    expect(page.locator(".order-invoice")).to_contain_text("$7,239.07")
    office.ship(RINGS, "1Z10")
    office.stands("Fulfilled", "Shipped", "Unpaid")
    run_the_worker()
    page.goto("/invoices?status=draft")
    totals = page.locator("#list tbody td[data-label='Total']")
    expect(totals).to_have_text(["$360.00", "$7,239.07"])


def deliver_both(office: Office) -> None:
    """Step 12: the parcels arrive; the order is complete but for the money."""
    for number in (ORDER, f"{ORDER}-2"):
        office.page.goto(f"/shipments/{number}")
        office.page.get_by_role("button", name="Mark delivered").click()
        office.dialog.get_by_role("button", name="Record").click()
        expect(office.page.locator(".page-head .chips")).to_contain_text("Delivered")
    office.stands("Fulfilled", "Completed", "Unpaid")


def bill_and_collect(office: Office) -> None:
    """Step 13: both invoices go out; the large one is paid by wire."""
    office.invoice("INV-00001", "$7,239.07")
    office.invoice("INV-00002", "$360.00")
    office.page.goto("/invoices/INV-00001")
    office.act("Record payment")
    expect(office.dialog.get_by_label("Amount in USD")).to_have_value("7239.07")
    office.dialog.get_by_label("Method").select_option("wire")
    office.confirm("Record payment")
    expect(office.page.locator(".order-names .chip")).to_have_text("Paid")
    office.stands("Fulfilled", "Completed", "Partially Paid")


def take_two_rings_back(office: Office) -> None:
    """Step 14: two rings come back into stock and are credited at what they cost."""
    page = office.page
    office.menu("Return goods").click()
    office.dialog.get_by_label("Reason").fill("Too small")
    office.dialog.get_by_label("Back, pcs").nth(RINGS - 1).fill("2")
    office.dialog.get_by_role("button", name="Announce return").click()
    expect(page.locator(".notice").first).to_contain_text("2 pcs Silver Ring on the way back")
    page.goto("/returns/RMA-00001")
    page.get_by_role("button", name="Receive return").click()
    office.confirm("Receive return")
    expect(page.locator("main")).to_contain_text("$72.00")
    office.stands("Fulfilled", "Partially Returned", "Partially Paid")
    office.lines_are("Shipped", "Partially Returned")


def settle(office: Office) -> None:
    """Step 15: the credit and a check settle the second invoice; the order completes itself."""
    page = office.page
    page.goto(f"/payments/settle?customer={office.products['acme']}")
    page.get_by_role("button", name="Oldest first").click()
    expect(page.get_by_label("Settle of INV-00002", exact=True)).to_have_value("72.00")
    page.get_by_role("button", name="Settle", exact=True).click()
    page.wait_for_url("**/balance")
    page.goto("/invoices/INV-00002")
    expect(page.locator(".due-figure")).to_have_text("$288.00")
    office.act("Record payment")
    office.dialog.get_by_label("Method").select_option("check")
    office.confirm("Record payment")
    office.stands("Completed", "Partially Returned", "Paid")
    page.goto("/receivables")
    expect(page.locator("main")).not_to_contain_text("Acme")


def nothing_is_left_to_do(office: Office) -> None:
    """Step 16: a completed order is neither removed, nor reopened, nor edited."""
    office.open_order()
    removing = office.menu("Remove order")
    expect(removing).to_have_attribute("aria-disabled", "true")
    expect(removing.locator(".why")).to_contain_text("This sales order is completed")
    answer = office.page.goto(f"/orders/sales/{ORDER}/reopen")
    assert answer is not None
    assert answer.status == 409
    expect(office.page.locator("main")).to_contain_text("This sales order is completed")
    line = office.shop.order(ORDER)["lines"][0]["id"]
    locked = office.shop.refuses(
        409, "order_locked", "patch", f"/sales-orders/{ORDER}/lines/{line}", {"quantity": "5"}
    )
    assert locked["reason"] == "completed"
