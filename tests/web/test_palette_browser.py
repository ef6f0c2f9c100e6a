"""The command palette, by keyboard alone; the dashboard and search as axe sees them."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.server import Server
from tests.web.sales_desk import Desk, open_desk
from tests.web.test_browser import WIDTHS, findings, wear


@pytest.fixture
def desk(server: Server) -> Desk:
    return open_desk()


@pytest.fixture
def screen(desk: Desk, page: Page) -> Page:
    """The founder's screen, on the dashboard, with two orders in the books."""
    page.set_default_timeout(10_000)
    desk.order(customer_po_number="PO-1")
    desk.order()
    return desk.sign_in(page)


def palette(page: Page) -> None:
    page.keyboard.press("Control+k")
    expect(page.locator("#palette-q")).to_be_focused()


def marked(page: Page) -> str:
    return str(page.locator("#palette [role=option][aria-selected=true] .label").text_content())


def test_an_order_is_opened_by_its_number_without_a_mouse(screen: Page) -> None:
    palette(screen)
    screen.keyboard.type("2")
    expect(screen.locator("#palette [aria-label='Sales orders'] [role=option]")).to_have_count(1)
    screen.keyboard.press("Enter")
    screen.wait_for_url("**/orders/sales/SO-00002")


def test_enter_waits_for_the_answer_of_what_was_typed(screen: Page) -> None:
    palette(screen)
    screen.keyboard.type("acme jewlers")
    screen.keyboard.press("Enter")
    screen.wait_for_url(re.compile("/customers/"))


def test_arrows_move_through_results_and_back_to_the_first(screen: Page) -> None:
    screen.locator("h1").click()
    screen.keyboard.press("/")
    screen.keyboard.type("so-0000")
    options = screen.locator("#palette [data-part=found] [role=option]")
    expect(options.first).to_have_attribute("aria-selected", "true")
    first = marked(screen)
    screen.keyboard.press("ArrowDown")
    assert marked(screen) != first
    active = screen.locator("#palette-q").get_attribute("aria-activedescendant")
    assert active == screen.locator("#palette [aria-selected=true]").get_attribute("id")
    screen.keyboard.press("ArrowUp")
    assert marked(screen) == first
    screen.keyboard.press("Escape")
    expect(screen.locator("#palette")).to_be_hidden()


def test_what_was_opened_last_stands_first(screen: Page) -> None:
    screen.goto("/orders/sales/SO-00001")
    screen.goto("/orders/sales/SO-00002")
    screen.goto("/")
    palette(screen)
    labels = screen.locator("#palette [data-part=recent] .label")
    assert labels.all_text_contents() == ["SO-00002", "SO-00001"]


def test_actions_pages_and_the_actions_of_the_order_are_found(screen: Page) -> None:
    palette(screen)
    screen.keyboard.type("switch th")
    screen.keyboard.press("Enter")
    expect(screen.locator("html")).to_have_attribute("data-bs-theme", "dark")
    palette(screen)
    screen.keyboard.type("new cust")
    screen.keyboard.press("Enter")
    screen.wait_for_url("**/customers/new")
    screen.goto("/orders/sales/SO-00001")
    palette(screen)
    screen.keyboard.type("issue")
    expect(screen.locator("#palette [data-part=here] [role=option]:visible").first).to_be_visible()
    screen.keyboard.press("Enter")
    expect(screen.locator("#dialog")).to_be_visible()


def test_a_slow_answer_leaves_the_one_before_in_place(screen: Page) -> None:
    palette(screen)
    screen.keyboard.type("round")
    found = screen.locator("#palette [aria-label='Products'] [role=option]")
    expect(found).to_have_count(1)
    screen.route("**/search/found?q=round%20d*", lambda route: None)
    screen.keyboard.type(" d")
    screen.wait_for_timeout(400)
    expect(found).to_have_count(1)
    expect(screen.locator("#palette-q")).to_be_focused()


def test_a_finger_opens_it_on_a_phone(screen: Page) -> None:
    screen.set_viewport_size({"width": 360, "height": 640})
    screen.locator("[data-palette-opens]").click()
    screen.keyboard.type("gold")
    screen.locator("#palette [aria-label='Products'] [role=option]").click()
    screen.wait_for_url(re.compile("/products/"))


def test_axe_finds_nothing_on_the_dashboard_search_and_palette(screen: Page) -> None:
    found: list[str] = []
    for theme in ("light", "dark"):
        wear(screen, theme)
        for width in WIDTHS:
            screen.set_viewport_size({"width": width, "height": 800})
            for path in ("/", "/search?q=acme", "/tasks"):
                screen.goto(path)
                found += findings(screen)
                overflow = "document.documentElement.scrollWidth - innerWidth"
                assert screen.evaluate(overflow) <= 0, f"{path} at {width}"
            palette(screen)
            screen.keyboard.type("rond")
            screen.locator("#palette [aria-label='Products']").wait_for()
            found += findings(screen)
    assert found == []
