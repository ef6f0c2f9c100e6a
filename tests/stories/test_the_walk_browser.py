"""The walk of domain 8.5 in a browser, as the people of the shop take it, read off the pages.

750 diamonds come from stock, 10 silver rings are made for the order. Each step does what a person
does and then reads what the pages say; the figures are those of the walk.
"""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.plugins.server import Server
from tests.stories.shop import Shop, open_shop
from tests.stories.test_diamonds_and_rings import set_up
from tests.web.conftest import sign_in

ORDER = "SO-00001"
DIAMONDS, RINGS = 1, 2


@dataclass(frozen=True, slots=True)
class Screen:
    """What a person does on the pages of the order, and what they read there."""

    shop: Shop
    page: Page
    products: dict[str, str]

    @property
    def dialog(self) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog")

    def sign_in(self) -> None:
        """The founder, at the desk."""
        sign_in(self.page, self.shop.company.email)

    def open_order(self) -> None:
        """The order's page."""
        self.page.goto(f"/orders/sales/{ORDER}")

    def open_job(self) -> None:
        """The job's page."""
        self.page.goto("/production/jobs/PJ-00001")

    def choose(self, label: str, typed: str, option: str, *, within: Locator | None = None) -> None:
        """Find something by typing, and take it."""
        place = within or self.page.locator("main")
        place.get_by_label(label).first.press_sequentially(typed)
        found = self.page.get_by_role("option", name=option).and_(self.page.locator(":visible"))
        found.first.click()

    def menu(self, verb: str) -> Locator:
        """An action in the menu of the page, allowed or refused."""
        self.page.get_by_role("button", name="Actions", exact=True).click()
        return self.page.locator("#order-actions").get_by_role("button", name=verb)

    def stands(self, stage: str, fulfillment: str, payment: str) -> None:
        """The three chips at the top of the order."""
        self.open_order()
        expect(self.page.locator(".order-state .state > .chip")).to_have_text(
            [stage, fulfillment, payment]
        )

    def lines_are(self, *statuses: str) -> None:
        """The status of each line of goods."""
        expect(
            self.page.locator("#lines tr[data-wants] td[data-label='Status'] .chip")
        ).to_have_text(list(statuses))

    def line(self, position: int) -> Locator:
        """The row of a line."""
        return self.page.locator("#lines tr[data-wants]").nth(position - 1)

    def sums(self) -> list[str]:
        """Subtotal, discount, freight and total, as they stand below the lines."""
        cells = self.page.locator("#lines .sums td:nth-of-type(1)")
        return cells.all_text_contents()

    def stock_of(self, product: str) -> dict[str, str]:
        """On hand, reserved, short and available, on the product's page."""
        self.page.goto(f"/products/{self.products[product]}")
        figures = self.page.locator(".figures > div")
        names = figures.locator("dt").all_text_contents()
        return dict(zip(names, figures.locator("dd").all_text_contents(), strict=True))

    def efficiency(self, section: Locator) -> list[str]:
        """Output, gross waste, net waste and consumption of a job or an order."""
        return [
            text.strip()
            for text in section.locator(".efficiency dd:not(.better)").all_text_contents()
        ]


@pytest.fixture
def screen(server: Server, page: Page) -> Screen:
    """Acme, diamonds and rings, two lots of diamonds, silver grain, and one stage."""
    shop = open_shop(server)
    made = set_up(shop)
    made["grain"] = shop.post(
        "/products",
        {"sku": "AG", "name": "Silver Grain", "default_unit": "g", "weight_unit": "g"},
    )["id"]
    shop.post("/lots", {"product_id": made["grain"], "quantity": "100", "tag_id": "AG0001"})
    shop.post("/stages", {"name": "Casting"})
    page.set_default_timeout(15_000)
    found = Screen(shop, page, made)
    found.sign_in()
    return found


def test_from_the_estimate_to_rings_that_are_ready_to_ship(screen: Screen) -> None:
    enter_the_estimate(screen)
    generate_the_run(screen)
    generate_again(screen)
    issue_the_order(screen)
    issue_silver(screen)
    select_the_diamonds(screen)
    select_more(screen)
    receive_the_rings(screen)


def enter_the_estimate(screen: Screen) -> None:
    """Step 1: 750 diamonds, 10 rings, code TEN, by quick order."""
    page = screen.page
    page.goto("/orders/sales/quick")
    screen.choose("Customer", "Acme", "Acme")
    page.get_by_label("Discount code").fill("TEN")
    for index, (sku, name, quantity) in enumerate(
        (("RD12", "Round Diamond 1.2", "750"), ("RING", "Silver Ring", "10"))
    ):
        row = page.locator("[data-quick-row]").nth(index)
        screen.choose("Product", sku, name, within=row)
        row.get_by_label("Quantity").fill(quantity)
        row.get_by_label("Quantity").press("Enter")
    expect(page.locator("[data-totals] .grand dd")).to_have_text("$7,599.07")
    page.get_by_role("button", name="Create order").click()
    expect(page.get_by_role("heading", name=ORDER)).to_be_visible()
    screen.stands("Estimate", "Not Started", "Unpaid")
    assert screen.sums() == ["$8,415.63", "−$841.56", "$25.00", "$7,599.07"]
    expect(screen.line(DIAMONDS).locator("[data-label='Unit price']")).to_contain_text("$10.6875")
    expect(screen.line(DIAMONDS).locator("[data-label='Total']")).to_have_text("$8,015.63")
    expect(screen.line(RINGS).locator("[data-label='Total']")).to_have_text("$400.00")
    expect(page.locator("#production")).to_have_count(0)


def generate_the_run(screen: Screen) -> None:
    """Step 2: rings are suggested, diamonds are not offered; a job is planned."""
    page = screen.page
    screen.menu("Generate production run").click()
    make = screen.dialog.locator("tbody tr")
    expect(make).to_have_count(1)
    expect(make).to_contain_text("Silver Ring")
    expect(make.locator("[data-label='Ordered']")).to_have_text("10 pcs")
    expect(make.get_by_role("textbox")).to_have_value("10")
    expect(screen.dialog).to_contain_text(
        "Skipped, because not manufactured: 1. Round Diamond 1.2."
    )
    screen.dialog.get_by_role("button", name="Generate run").click()
    page.wait_for_url("**/production/runs/PR-00001")
    expect(page.locator(".page-head .chip")).to_have_text("Pending")
    page.get_by_role("link", name="PJ-00001").click()
    expect(page.locator(".weights tr").first).to_have_text("Requested30 g")
    screen.stands("Estimate", "Not Started", "Unpaid")
    screen.lines_are("Not Started", "Not Started")


def generate_again(screen: Screen) -> None:
    """Step 3: one run per order; the menu says why, and so does the address of the dialog."""
    refused = screen.menu("Generate production run")
    expect(refused).to_have_attribute("aria-disabled", "true")
    expect(refused.locator(".why")).to_have_text("It has run PR-00001 already.")
    answer = screen.page.goto(f"/orders/sales/{ORDER}/production-run")
    assert answer is not None
    assert answer.status == 409
    expect(screen.page.locator("main")).to_contain_text(f"{ORDER} has run PR-00001 already.")


def issue_the_order(screen: Screen) -> None:
    """Step 4: diamonds are reserved, rings are backordered, and the pick asks for both."""
    page = screen.page
    screen.open_order()
    screen.menu("Issue order").or_(
        page.get_by_role("button", name="Issue order").first
    ).first.click()
    screen.dialog.get_by_role("button", name="Issue order").click()
    expect(screen.dialog).to_be_hidden()
    screen.stands("Issued", "Not Started", "Unpaid")
    screen.lines_are("Not Started", "Backordered")
    page.goto(f"/picks/{ORDER}")
    asked = page.locator("[data-pick-row]")
    expect(asked).to_have_count(2)
    picked = asked.get_by_role("spinbutton").or_(asked.get_by_role("textbox"))
    assert [picked.nth(index).input_value() for index in (0, 1)] == ["0", "0"]
    stock = screen.stock_of("diamond")
    assert list(stock.values()) == ["800 pcs", "750 pcs", "0 pcs", "50 pcs"]
    assert screen.stock_of("ring")["Short"] == "10 pcs"


def issue_silver(screen: Screen) -> None:
    """Step 5: 32 g of silver leave their lot; the line is in progress and says by which job."""
    page = screen.page
    screen.open_job()
    page.get_by_role("link", name="Issue material").click()
    screen.choose("Lot", "AG0001", "AG0001")
    page.get_by_label("Full").uncheck()
    page.get_by_label("Weight").fill("32")
    page.get_by_role("button", name="Issue material").click()
    expect(page.locator(".page-head .chip").first).to_have_text("Ongoing")
    screen.stands("Issued", "In Production", "Unpaid")
    screen.lines_are("Not Started", "In Progress")
    expect(screen.line(RINGS).locator("[data-label='Status'] [role='tooltip']")).to_have_text(
        "Production job PJ-00001 is ongoing"
    )
    page.goto("/production/runs/PR-00001")
    expect(page.locator(".page-head .chip")).to_have_text("In Progress")
    assert screen.stock_of("grain")["On hand"] == "68 g"


def select_the_diamonds(screen: Screen) -> None:
    """Step 6: all of the first lot and 150 of the second; available to promise stays as it is."""
    page = screen.page
    screen.open_order()
    screen.line(DIAMONDS).get_by_label("Select line 1").check()
    page.locator("[data-bulk]").get_by_role("button", name="Select inventory").click()
    lots = screen.dialog.locator("[data-lot]")
    expect(lots).to_have_count(2)
    first, second = lots.filter(has_text="GEMDIA0001"), lots.filter(has_text="GEMDIA0002")
    first.get_by_label("All of GEMDIA0001").check()
    expect(first.get_by_label("Weight from GEMDIA0001")).to_have_value("120")
    take = second.get_by_label("Quantity from GEMDIA0002")

    # More than the line still needs is refused, and what was typed stays.
    take.fill("190")
    expect(screen.dialog.locator("[data-total]")).to_have_text("790 of 750")
    screen.dialog.get_by_role("button", name="Select inventory").click()
    expect(screen.dialog.get_by_label("Take more than is outstanding")).to_be_visible()
    expect(take).to_have_value("190")

    take.fill("150")
    expect(second.get_by_label("Weight from GEMDIA0002")).to_have_value("30")
    screen.dialog.get_by_label("Mark this line item as “Ready”").check()
    screen.dialog.get_by_role("button", name="Select inventory").click()
    expect(screen.dialog).to_be_hidden()
    screen.stands("Issued", "In Production", "Unpaid")
    screen.lines_are("Ready", "In Progress")
    expect(screen.line(DIAMONDS).locator(".done").first).to_contain_text("750 selected")
    stock = screen.stock_of("diamond")
    assert list(stock.values()) == ["50 pcs", "0 pcs", "0 pcs", "50 pcs"]
    page.goto("/inventory?q=GEMDIA0001&status=retrieved_out")
    expect(page.get_by_role("link", name="GEMDIA0001")).to_be_visible()


def select_more(screen: Screen) -> None:
    """Step 7: nothing more can be selected for the diamonds; only 50 are left besides."""
    page = screen.page
    screen.open_order()
    screen.line(DIAMONDS).get_by_role("button", name="Actions on line 1").click()
    menu = page.locator("#line-menu")
    expect(menu.get_by_role("button", name="Select inventory")).to_be_hidden()
    line = screen.line(DIAMONDS).get_by_role("checkbox").get_attribute("value")
    more = {
        "line_id": line,
        "selections": [{"lot_id": screen.products["second"], "quantity": "60"}],
    }
    path = f"/sales-orders/{ORDER}/actions/select-inventory"
    screen.shop.refuses(409, "over_selection", "post", path, {"lines": [more]})


def receive_the_rings(screen: Screen) -> None:
    """Step 8: ten rings, weighed with what was lost; the job closes, the order can be shipped."""
    page = screen.page
    screen.open_job()
    page.get_by_role("link", name="Receive").click()
    row = page.locator("[data-output]")
    row.get_by_label("Pieces", exact=True).fill("10")
    row.get_by_label("Received weight").fill("28.0")
    row.get_by_label("Waste").fill("0.5")
    row.get_by_text("Rejected", exact=True).click()
    row.get_by_label("Rejected weight").fill("0.5")
    row.get_by_text("Scrap", exact=True).click()
    row.get_by_label("Scrap weight").fill("1.0")
    expect(page.locator("[data-running]")).to_have_text(
        "30 g in this receipt, pending after this 0 of 30 g"
    )
    expect(page.get_by_label("Assign the good output to line 2")).to_be_checked()
    page.get_by_role("button", name="Receive").click()

    expect(page.locator(".page-head .chip").first).to_have_text("Completed")
    state = page.locator(".job-state")
    assert screen.efficiency(state) == ["95.0 %", "5.0 %", "1.7 %", "5.3 %"]
    expect(page.locator(".made .code")).to_have_text(
        ["AG0001-RCV1", "AG0001-REJ1", "AG0001-SCRAP1"]
    )
    page.goto("/production/runs/PR-00001")
    expect(page.locator(".page-head .chip")).to_have_text("Completed")

    screen.stands("Issued", "Ready to Ship", "Unpaid")
    screen.lines_are("Ready", "Production Completed")
    card = page.locator("#production")
    expect(card.locator(".flow dd:not(.quiet)")).to_have_text(["32 g", "28.5 g"])
    expect(card).to_contain_text("Final stage: Casting")
    assert screen.efficiency(card) == ["89.1 %", "4.7 %", "1.6 %", "5.3 %"]
    expect(screen.line(RINGS).locator(".making")).to_have_text("93.3 %, 1 of 1 job")
