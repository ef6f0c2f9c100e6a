"""Lists in a real browser: select a range, hold it, walk by keyboard, narrow; accessible open."""

from collections.abc import Sequence

import pytest
from playwright.sync_api import Page, expect

from orderwright.sales.page import OrderPage
from tests.plugins.server import Server
from tests.web.sales_desk import Desk, open_desk
from tests.web.test_browser import WIDTHS, findings, wear


@pytest.fixture
def desk(server: Server, page: Page) -> Desk:
    desk = open_desk()
    page.set_default_timeout(10_000)
    return desk


@pytest.fixture
def orders(desk: Desk, page: Page) -> Sequence[OrderPage]:
    orders = [desk.order() for _ in range(5)]
    desk.sign_in(page).goto("/orders/sales")
    return orders


def test_a_range_is_selected_and_put_on_hold(orders: Sequence[OrderPage], page: Page) -> None:
    newest = [order.head.number for order in reversed(orders)]
    page.get_by_label(f"Select {newest[1]}").click()
    page.get_by_label(f"Select {newest[3]}").click(modifiers=["Shift"])
    expect(page.get_by_role("status").filter(has_text="3 selected")).to_be_visible()
    page.get_by_role("button", name="Put on hold").click()
    dialog = page.get_by_role("dialog", name="Put on hold")
    expect(dialog).to_contain_text("3 orders will be put on hold.")
    dialog.get_by_label("Reason").fill("Credit check")
    dialog.get_by_role("button", name="Put on hold").click()
    expect(page.get_by_text("3 orders put on hold.")).to_be_visible()
    page.get_by_role("link", name="On hold").click()
    expect(page.locator("tbody .primary a")).to_have_text(newest[1:4])


def test_rows_are_walked_selected_and_opened_by_the_keyboard(
    orders: Sequence[OrderPage], page: Page
) -> None:
    newest = [order.head.number for order in reversed(orders)]
    for key in ("j", "j", "ArrowDown", "k", "x"):
        page.keyboard.press(key)
    expect(page.get_by_role("link", name=newest[1], exact=True)).to_be_focused()
    expect(page.get_by_label(f"Select {newest[1]}")).to_be_checked()
    page.keyboard.press("Enter")
    page.wait_for_url(f"**/orders/sales/{newest[1]}")


def test_a_filter_narrows_without_leaving_it_and_stands_in_the_address(
    orders: Sequence[OrderPage], page: Page
) -> None:
    page.get_by_role("button", name="Fulfillment").click()
    page.get_by_role("group", name="Fulfillment").get_by_label("Shipped", exact=True).check()
    expect(page.get_by_role("heading", name="Nothing matches")).to_be_visible()
    page.get_by_role("group", name="Fulfillment").get_by_label("Not Started").check()
    expect(page.locator("tbody .primary a")).to_have_count(5)
    page.wait_for_url("**fulfillment_status=not_started&fulfillment_status=shipped")
    page.keyboard.press("Escape")
    page.get_by_role("link", name="Remove Fulfillment: Not Started, Shipped").click()
    page.wait_for_url("**/orders/sales")


def test_on_a_phone_all_rows_are_selected_and_the_list_is_sorted(
    orders: Sequence[OrderPage], page: Page
) -> None:
    page.set_viewport_size({"width": 360, "height": 800})
    page.get_by_label("Select all", exact=True).check()
    expect(page.get_by_role("status").filter(has_text="5 selected")).to_be_visible()
    page.get_by_role("button", name="Clear").click()
    expect(page.get_by_label("Select all", exact=True)).not_to_be_checked()
    page.get_by_role("button", name="Sort").click()
    page.get_by_label("Sort", exact=True).get_by_role("link", name="Number").click()
    page.wait_for_url("**sort=number")
    expect(page.locator("tbody .primary a")).to_have_text([one.head.number for one in orders])


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_list_is_accessible_with_everything_open(
    orders: Sequence[OrderPage], page: Page, theme: str
) -> None:
    wear(page, theme)
    found: list[str] = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 800})
        page.goto("/orders/sales?fulfillment_status=not_started&sort=-total")
        page.get_by_label("Select all rows of this page").check(force=True) if width > 640 else None
        page.get_by_label(f"Select {orders[0].head.number}").check()
        found += findings(page)
        if page.evaluate("document.documentElement.scrollWidth > innerWidth"):
            found.append(f"wider than {width} px")
        page.get_by_role("button", name="Views").click()
        found += findings(page)
    for route in ("filters", "columns", "views/new"):
        page.goto(f"/lists/sales-orders/{route}")
        found += findings(page)
    assert found == []
