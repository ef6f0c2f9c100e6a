"""A day in the warehouse: two orders, one of them picked, sent in parts, corrected and finished.

The picker works at 360 px with a scanner; after each step the order's page says where it stands
and why (domain 2.1 to 2.3), and at night the books agree.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from orderwright.inventory import queries as inventory
from orderwright.kernel.numbers import trim
from orderwright.sales import actions as sales
from orderwright.sales import queries as orders
from tests.inventory.books import contradictions
from tests.plugins.server import Server
from tests.stories.scanner import SCANNER
from tests.web.sales_desk import Desk, open_desk

ORDER = "SO-00001"
URGENT = "SO-00002"


@dataclass(frozen=True, slots=True)
class Warehouse:
    """The picker's screen, and the desk whose orders wait."""

    desk: Desk
    page: Page

    def scan(self, *codes: str) -> None:
        """Codes of a scanner, each ended by Enter."""
        for code in codes:
            self.page.evaluate(SCANNER, code)

    def open_pick(self, number: str) -> None:
        """From the queue to a pick, by the code on its sheet."""
        self.page.goto("/picks")
        self.scan(number)
        expect(self.page.locator("h1")).to_have_text(f"Pick {number}")

    def take_all(self, product: str) -> None:
        """Everything asked of one line is picked, and kept."""
        row = self.page.locator("[data-pick-row]").filter(has_text=product)
        row.get_by_role("button", name=f"All of {product}").click()
        asked = row.get_attribute("data-asked")
        expect(row).to_have_attribute("data-kept", str(asked))

    def pack(self) -> str:
        """What is picked goes into a box; answers the shipment's number."""
        self.page.get_by_role("button", name="Pack", exact=True).click()
        self.page.get_by_role("dialog").get_by_role("button", name="Pack", exact=True).click()
        self.page.wait_for_url("**/shipments/*")
        expect(self.page.locator(".page-head .chips")).to_have_text("Packed")
        return self.page.url.rpartition("/")[2]

    def ship(self, number: str, tracking: str) -> None:
        """The box leaves, through the dialog of its page."""
        self.page.goto(f"/shipments/{number}")
        self.page.get_by_role("button", name="Ship", exact=True).click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("Tracking number", exact=True).fill(tracking)
        dialog.get_by_role("button", name="Ship", exact=True).click()
        expect(self.page.locator(".page-head .chips")).to_contain_text("Pending")

    def void(self, number: str, reason: str) -> None:
        """The box is unpacked again."""
        self.page.goto(f"/shipments/{number}")
        self.page.get_by_role("button", name="More actions").first.click()
        self.page.get_by_role("button", name="Void shipment").click()
        dialog = self.page.get_by_role("dialog")
        dialog.get_by_label("Reason").fill(reason)
        dialog.get_by_role("button", name="Void shipment").click()
        expect(self.page.locator(".page-head .chips")).to_have_text("Voided")

    def act(self, verb: str, **typed: str) -> Any:
        """Take an action from the order's menu, and fill its dialog."""
        self.page.goto(f"/orders/sales/{ORDER}")
        self.page.get_by_role("button", name="Actions", exact=True).click()
        self.page.locator("#order-actions").get_by_role("button", name=verb, exact=True).click()
        dialog = self.page.get_by_role("dialog")
        for label, value in typed.items():
            dialog.get_by_label(label.replace("_", " ")).fill(value)
        dialog.get_by_role("button", name=verb, exact=True).click()
        expect(dialog).to_be_hidden()

    def stands(
        self, stage: str, fulfillment: str, lines: list[str], why: str, number: str = ORDER
    ) -> None:
        """The order's page shows this stage, this fulfillment and why, and these line chips."""
        self.page.goto(f"/orders/sales/{number}")
        states = self.page.locator(".order-state .state")
        expect(states.nth(0).locator(".chip")).to_have_text(stage)
        expect(states.nth(1).locator(".chip")).to_have_text(fulfillment)
        expect(states.nth(1).locator(".tip > span").first).to_have_text(why)
        expect(self.page.locator("[data-line-filter]")).to_have_text(lines)

    def on_hand(self, product: UUID) -> tuple[str, str]:
        """What is on hand and reserved of a product."""
        with transaction.atomic():
            self.desk.company.enter()
            found = inventory.availability(self.desk.company.by, [product])[product]
        return trim(found.on_hand), trim(found.reserved)


@pytest.fixture
def warehouse(server: Server, page: Page) -> Warehouse:
    """Two issued orders: 25 diamonds and 2 rings; urgently, 3 rings."""
    desk = open_desk()
    for lines, priority in (
        ([(desk.diamond, "25"), (desk.ring, "2")], "normal"),
        ([(desk.ring, "3")], "high"),
    ):
        order = desk.order(lines, priority=priority)
        with transaction.atomic():
            desk.company.enter()
            sales.issue_order(by=desk.company.by, order=order.id)
    page.set_default_timeout(10_000)
    page.set_viewport_size({"width": 360, "height": 740})
    desk.sign_in(page)
    return Warehouse(desk, page)


def test_a_day_in_the_warehouse(warehouse: Warehouse) -> None:
    day, page = warehouse, warehouse.page
    page.goto("/picks")
    queue = page.locator("main a[href^='/picks/SO-']")
    assert queue.all_text_contents() == [URGENT, ORDER]
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    day.stands("Issued", "Not Started", ["Not Started 2"], "2 of 2 lines not started")

    # The rings are complete; of the diamonds only three are found in the morning.
    day.open_pick(ORDER)
    day.scan("RD-12", "rd-12", "RD-12", "GR-18", "GR-18")
    expect(page.locator("[data-scan-said]")).to_have_text("Gold Ring: 2 of 2 picked.")
    expect(page.locator("[data-pick-row][data-kept='3']")).to_have_count(1)
    expect(page.locator("[data-pick-row][data-kept='2']")).to_have_count(1)
    day.stands("Issued", "In Production", ["In Progress 2"], "2 of 2 lines in progress")

    day.open_pick(ORDER)
    first = day.pack()
    assert first == ORDER
    assert day.on_hand(day.desk.diamond) == ("37", "22")
    day.stands("Issued", "In Production", ["In Progress 2"], "2 of 2 lines in progress")

    day.ship(first, "1Z001")
    partly = ["Partially Shipped 1", "Shipped 1"]
    why = "5 of 27 shipped"
    day.stands("Issued", "Partially Shipped", partly, why)

    # The rest is packed into the wrong box: voided, packed again, sent.
    day.open_pick(ORDER)
    day.take_all("Round Diamond")
    second = day.pack()
    day.void(second, "The wrong box")
    day.stands("Issued", "Partially Shipped", partly, why)
    day.open_pick(ORDER)
    third = day.pack()
    assert (second, third) == (f"{ORDER}-2", f"{ORDER}-3")
    day.ship(third, "1Z003")
    why = "27 of 27 shipped"
    day.stands("Fulfilled", "Shipped", ["Shipped 2"], why)

    # The customer wanted two more: reopened, corrected, and finished by sending them.
    day.act("Reopen", What_has_to_be_corrected="They ordered 27 diamonds")
    day.stands("Issued", "Shipped", ["Shipped 2"], why)
    expect(page.get_by_text("Reopened for corrections.")).to_be_visible()
    with transaction.atomic():
        day.desk.company.enter()
        line = orders.read_order(day.desk.company.by, ORDER).lines[0]
    page.goto(f"/orders/sales/{ORDER}/lines/{line.id}")
    page.get_by_label("Quantity").fill("27")
    page.get_by_role("button", name="Save line").click()
    page.wait_for_url(f"**/orders/sales/{ORDER}")
    why = "27 of 29 shipped"
    day.stands("Issued", "Partially Shipped", partly, why)
    day.open_pick(ORDER)
    day.take_all("Round Diamond")
    fourth = day.pack()
    day.ship(fourth, "1Z004")
    why = "29 of 29 shipped"
    day.stands("Fulfilled", "Shipped", ["Shipped 2"], why)
    expect(page.get_by_text("Reopened for corrections.")).to_have_count(0)

    # Nobody touched the other order, and every piece is accounted for.
    day.stands("Issued", "Not Started", ["Not Started 1"], "1 of 1 lines not started", URGENT)
    assert day.on_hand(day.desk.diamond) == ("13", "0")
    assert day.on_hand(day.desk.ring) == ("8", "3")
    with transaction.atomic():
        day.desk.company.enter()
        assert contradictions() == {}
