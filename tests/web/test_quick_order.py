"""Quick order in a browser, by the keyboard alone."""

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.server import Server
from tests.web.sales_desk import Desk, open_desk

PASTE = """text => {
    const data = new DataTransfer();
    data.setData("text/plain", text);
    const event = { clipboardData: data, bubbles: true, cancelable: true };
    document.activeElement.dispatchEvent(new ClipboardEvent("paste", event));
}"""


@pytest.fixture
def desk(server: Server) -> Desk:
    """A company on the server."""
    return open_desk()


@pytest.fixture
def screen(desk: Desk, page: Page) -> Page:
    """The founder's browser, at the empty grid."""
    desk.sign_in(page).goto("/orders/sales/quick")
    return page


def choose(page: Page, typed: str, option: str) -> None:
    page.keyboard.type(typed)
    expect(page.get_by_role("option", name=option).and_(page.locator(":visible"))).to_be_visible()
    page.keyboard.press("Enter")


def quantities(page: Page) -> list[str]:
    fields = page.locator("[data-grid] [name='row_quantity']")
    return [fields.nth(index).input_value() for index in range(fields.count())]


def test_ten_lines_are_entered_by_keyboard_alone(screen: Page) -> None:
    choose(screen, "Acme", "Acme Jewelers")
    for index in range(10):
        product = ("RD-12", "Round Diamond") if index % 2 else ("GR-18", "Gold Ring")
        choose(screen, *product)
        screen.keyboard.type(str(index + 1))
        screen.keyboard.press("Enter" if index < 5 else "Tab")
    assert quantities(screen) == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", ""]
    expect(screen.locator("[data-totals] .grand dd")).to_have_text("$8,125.00")
    screen.keyboard.press("Control+Enter")
    expect(screen.get_by_role("heading", name="SO-00001")).to_be_visible()
    expect(screen.locator("#lines tbody tr[data-status]")).to_have_count(10)
    expect(screen.locator(".order-panel")).to_contain_text("as a quick order")


def test_rows_pasted_from_a_spreadsheet_fill_lines(screen: Page) -> None:
    choose(screen, "Acme", "Acme Jewelers")
    screen.evaluate(PASTE, "rd-12\t25\nGR-18\t1,250\nNOPE\t3")
    expect(screen.locator("[data-totals] .grand dd")).to_have_text("$387,812.50")
    assert quantities(screen) == ["25", "1250", "3", ""]
    expect(screen.locator("[data-wrong]").nth(2)).to_have_text(
        "No product has this code. Choose one."
    )


def test_what_is_wrong_stands_in_its_row_and_nothing_is_lost(screen: Page) -> None:
    choose(screen, "Acme", "Acme Jewelers")
    choose(screen, "GR-18", "Gold Ring")
    screen.keyboard.type("2.5")
    screen.keyboard.press("Control+Enter")
    expect(screen.locator("[data-errors]")).to_be_visible()
    assert quantities(screen) == ["2.5", ""]
    assert screen.locator("[name='row_quantity']").first.get_attribute("aria-invalid") == "true"


def test_an_order_is_ordered_again(desk: Desk, screen: Page) -> None:
    desk.order([(desk.diamond, "25"), (desk.ring, "3")])
    screen.goto("/orders/sales/quick?copy=SO-00001")
    assert quantities(screen) == ["25", "3", ""]
    screen.get_by_role("button", name="Create order").click()
    expect(screen.get_by_role("heading", name="SO-00002")).to_be_visible()
