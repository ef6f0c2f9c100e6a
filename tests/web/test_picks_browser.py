"""A picker with a scanner in the hand: at 360 px, without ever touching the screen."""

import pytest
from django.db import transaction
from playwright.sync_api import Page, expect

from orderwright.kernel.numbers import trim
from orderwright.sales import actions as sales
from orderwright.sales.page import OrderPage
from orderwright.shipping import pick_queries
from tests.plugins.server import Server
from tests.web.sales_desk import Desk, open_desk
from tests.web.test_browser import findings, wear


@pytest.fixture
def desk(server: Server) -> Desk:
    """A company with stock."""
    return open_desk()


def issued(desk: Desk, *lines: tuple[object, str]) -> OrderPage:
    order = desk.order(list(lines))  # type: ignore[arg-type]
    with transaction.atomic():
        desk.company.enter()
        return sales.issue_order(by=desk.company.by, order=order.id)


def picked(desk: Desk, order: OrderPage) -> list[str]:
    with transaction.atomic():
        desk.company.enter()
        page = pick_queries.pick_page(desk.company.by, order.head.number)
    return [trim(line.quantity) for line in page.open_lines]


def scan(page: Page, code: str) -> None:
    page.keyboard.type(code)
    page.keyboard.press("Enter")


def test_a_scanner_finds_lines_and_lots_wherever_the_focus_is(desk: Desk, page: Page) -> None:
    order = issued(desk, (desk.diamond, "25"), (desk.ring, "2"))
    page.set_viewport_size({"width": 360, "height": 740})
    desk.sign_in(page)
    page.goto(f"/picks/{order.head.number}")
    said = page.locator("[data-scan-said]")
    diamonds = page.get_by_label("Picked of Round Diamond")
    scan(page, "rd-12")
    expect(said).to_have_text("Round Diamond: 1 of 25 picked.")
    expect(page.get_by_role("button", name="Pack", exact=True)).to_be_visible()
    # In a field the code is taken out again, and no form is sent.
    page.get_by_label("Picked of Gold Ring").focus()
    scan(page, "RD-12")
    expect(diamonds).to_have_value("2")
    expect(page.get_by_label("Picked of Gold Ring")).to_have_value("0")
    scan(page, "NO-SUCH-CODE")
    expect(said).to_have_text("Nothing on this pick has the code NO-SUCH-CODE.")
    tag = page.locator("button[data-lot]").first.get_attribute("data-tag")
    scan(page, str(tag))
    expect(page.locator(f"button[data-tag='{tag}']")).to_have_attribute("aria-pressed", "true")
    expect(page.locator("[data-pick-row][data-kept='2']")).to_have_count(1)
    assert picked(desk, order) == ["2", "0"]
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    page.get_by_role("button", name="Pack", exact=True).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label(f"From {tag}")).to_have_value("2")
    for theme in ("light", "dark"):
        wear(page, theme)
        assert findings(page) == []
    dialog.get_by_role("button", name="Pack").click()
    page.wait_for_url("**/shipments/*")
    expect(page.locator("h1")).to_have_text("Shipment SO-00001")


def test_packing_and_shipping_need_no_mouse(desk: Desk, page: Page) -> None:
    order = issued(desk, (desk.ring, "2"))
    desk.sign_in(page)
    page.goto(f"/picks/{order.head.number}")
    page.get_by_role("button", name="Pick all").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-said]")).to_have_text("1 of 1 lines picked")
    page.get_by_role("button", name="Pack", exact=True).focus()
    page.keyboard.press("Enter")
    cases = page.get_by_role("dialog").get_by_label("Number of cases")
    expect(cases).to_be_focused()
    cases.fill("2")
    page.keyboard.press("Control+Enter")
    page.wait_for_url("**/shipments/*")
    page.get_by_role("button", name="Ship", exact=True).focus()
    page.keyboard.press("Enter")
    tracking = page.get_by_role("dialog").get_by_label("Tracking number", exact=True)
    expect(tracking).to_be_focused()
    page.keyboard.type("1Z999", delay=120)
    page.keyboard.press("Control+Enter")
    expect(page.locator(".chips").first).to_contain_text("Pending")
    for theme in ("light", "dark"):
        wear(page, theme)
        for route in ("/picks?status=all", "/shipments", "/shipments/new", "/shipments/SO-00001"):
            page.goto(route)
            for width in (360, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert findings(page) == []
                assert page.evaluate("document.documentElement.scrollWidth") <= width
