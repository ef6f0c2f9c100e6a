"""The order page in a browser: where an order stands, and the way from estimate to delivered."""

from pathlib import Path

import pytest
from django.db import transaction
from playwright.sync_api import Browser, Page, expect

from orderwright.directory import actions as directory
from orderwright.sales import actions
from tests.plugins.server import Server
from tests.web.sales_desk import Desk, open_desk

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"


@pytest.fixture
def desk(server: Server) -> Desk:
    """A company on the server."""
    return open_desk()


@pytest.fixture
def screen(desk: Desk, page: Page) -> Page:
    """The founder's browser."""
    return desk.sign_in(page)


def state_of(page: Page) -> list[str]:
    """Stage, fulfillment and payment as their chips read."""
    return page.locator(".order-state .state h2 + .chip").all_inner_texts()


def dialog(page: Page, heading: str) -> Page:
    """The open dialog, once it has this heading."""
    expect(page.locator("#dialog[open] #dialog-title")).to_have_text(heading)
    return page


def test_an_order_goes_from_estimate_to_delivered_with_its_chips(desk: Desk, screen: Page) -> None:
    desk.order()
    screen.goto("/orders/sales/SO-00001")
    assert state_of(screen) == ["Estimate", "Not Started", "Unpaid"]

    screen.get_by_role("button", name="Issue order").click()
    dialog(screen, "Issue SO-00001").locator("#dialog").get_by_role(
        "button", name="Issue order"
    ).click()
    expect(screen.locator(".next")).to_contain_text("Select inventory for 1 line.")
    assert state_of(screen) == ["Issued", "Not Started", "Unpaid"]

    screen.locator(".order-head").get_by_role("button", name="Select inventory").click()
    inside = dialog(screen, "Select inventory for SO-00001").locator("#dialog")
    expect(inside.locator("[data-total]")).to_have_text("25 of 25")
    assert inside.get_by_role("textbox", name="Quantity from").first.input_value() == "25"
    inside.get_by_label("Mark this line item as “Ready”").check()
    inside.get_by_role("button", name="Select inventory").click()
    expect(screen.locator(".next")).to_contain_text("Ship what is selected: 1 line.")
    assert state_of(screen) == ["Issued", "Ready to Ship", "Unpaid"]

    screen.locator(".order-head").get_by_role("button", name="Create shipment").click()
    inside = dialog(screen, "Ship SO-00001").locator("#dialog")
    inside.get_by_label("Tracking number").fill("1Z 999")
    inside.get_by_role("button", name="Create shipment").click()
    expect(screen.locator("#activity .shipment")).to_have_count(1)
    assert state_of(screen) == ["Fulfilled", "Shipped", "Unpaid"]

    screen.get_by_role("button", name="Mark delivered").click()
    dialog(screen, "Mark as delivered").locator("#dialog").get_by_role(
        "button", name="Record"
    ).click()
    expect(screen.locator(".next")).to_contain_text("Everything is delivered.")
    assert state_of(screen) == ["Fulfilled", "Completed", "Unpaid"]


def test_a_refused_action_says_why(desk: Desk, screen: Page) -> None:
    desk.order()
    screen.goto("/orders/sales/SO-00001")
    screen.get_by_role("button", name="Actions", exact=True).click()
    refused = screen.locator("#order-actions .refused", has_text="Create shipment")
    expect(refused.locator(".why")).to_have_text("Issue the order first.")
    assert refused.get_attribute("aria-disabled") == "true"


def test_a_customers_hold_is_the_loudest_fact(desk: Desk, screen: Page) -> None:
    order = desk.order()
    with transaction.atomic():
        desk.company.enter()
        actions.issue_order(by=desk.company.by, order=order.id)
        directory.change_customer(
            by=desk.company.by, customer_id=desk.acme, sent={"status": "hold_shipment"}
        )
    screen.goto("/orders/sales/SO-00001")
    assert state_of(screen) == ["Issued", "On Hold", "Unpaid"]
    expect(screen.locator(".notice")).to_contain_text("The customer is on hold for shipments.")


def test_a_chip_gives_its_reasons_to_the_keyboard(desk: Desk, screen: Page) -> None:
    desk.order()
    screen.goto("/orders/sales/SO-00001")
    chip = screen.locator(".order-state .chip", has_text="Not Started")
    chip.focus()
    tip = screen.locator(f"#{chip.get_attribute('data-tip')}")
    expect(tip).to_be_visible()
    expect(tip).to_have_text("1 of 1 lines not started")


def test_an_error_stands_beside_its_field_and_keeps_what_was_typed(
    desk: Desk, screen: Page
) -> None:
    order = desk.order()
    with transaction.atomic():
        desk.company.enter()
        actions.issue_order(by=desk.company.by, order=order.id)
    screen.goto("/orders/sales/SO-00001")
    screen.locator(".order-head").get_by_role("button", name="Select inventory").click()
    inside = dialog(screen, "Select inventory for SO-00001").locator("#dialog")
    field = inside.get_by_role("textbox", name="Quantity from").first
    field.fill("2.5")
    inside.get_by_role("button", name="Select inventory").click()
    expect(inside.locator("[data-errors]")).to_be_visible()
    field = inside.get_by_role("textbox", name="Quantity from").first
    assert (field.input_value(), field.get_attribute("aria-invalid")) == ("2.5", "true")


def test_more_than_outstanding_is_refused_until_it_is_allowed(desk: Desk, screen: Page) -> None:
    order = desk.order()
    with transaction.atomic():
        desk.company.enter()
        actions.issue_order(by=desk.company.by, order=order.id)
    screen.goto("/orders/sales/SO-00001/select-inventory")
    screen.get_by_role("textbox", name="Quantity from").first.fill("30")
    screen.get_by_role("button", name="Select inventory").click()
    screen.get_by_label("Take more than is outstanding").check()
    screen.get_by_role("button", name="Select inventory").click()
    expect(screen.locator("#lines")).to_contain_text("30 selected")


def test_lines_are_filtered_by_their_status_and_chosen_together(desk: Desk, screen: Page) -> None:
    order = desk.order([(desk.diamond, "25"), (desk.ring, "20")])
    with transaction.atomic():
        desk.company.enter()
        actions.issue_order(by=desk.company.by, order=order.id)
    screen.goto("/orders/sales/SO-00001")
    screen.locator("[data-line-filter='backordered']").click()
    expect(screen.locator("#lines tbody tr[data-status]:visible")).to_have_count(1)
    screen.get_by_label("Select all lines").check()
    expect(screen.locator("[data-bulk-count]")).to_have_text("1 line")
    screen.locator("[data-bulk]").get_by_role("button", name="Cancel lines").click()
    inside = dialog(screen, "Cancel lines of SO-00001").locator("#dialog")
    expect(inside.locator("input[name='line']:checked")).to_have_count(1)
    inside.get_by_label("Reason").fill("The customer changed their mind")
    inside.get_by_role("button", name="Cancel items").click()
    expect(screen.locator("#lines tr.gone")).to_have_count(1)


def test_a_price_is_set_behind_its_padlock(desk: Desk, screen: Page) -> None:
    desk.order()
    screen.goto("/orders/sales/SO-00001")
    screen.get_by_label("Actions on line 1").click()
    screen.locator("#line-menu").get_by_role("button", name="Edit line").click()
    inside = dialog(screen, "Line 1 of SO-00001").locator("#dialog")
    inside.get_by_label("Unlocked").check()
    inside.get_by_label("Unit price").fill("9.99")
    inside.get_by_role("button", name="Save line").click()
    expect(screen.locator("#lines .price")).to_have_text("Why $9.99")
    expect(screen.locator("#lines .unlocked")).to_have_count(1)
    expect(screen.locator(".sums .grand td").first).to_have_text("$249.75")


def test_another_persons_change_appears_and_leaves_the_focus(desk: Desk, screen: Page) -> None:
    order = desk.order()
    screen.goto("/orders/sales/SO-00001")
    screen.get_by_label("Select line 1").focus()
    with transaction.atomic():
        desk.company.enter()
        actions.hold_order(by=desk.company.by, order=order.id, reason="Waiting for a drawing")
    expect(screen.locator(".next")).to_contain_text("Waiting for a drawing", timeout=5_000)
    expect(screen.get_by_label("Select line 1")).to_be_focused()


def test_a_double_click_issues_once(desk: Desk, screen: Page) -> None:
    desk.order()
    screen.goto("/orders/sales/SO-00001/issue")
    screen.locator("main").get_by_role("button", name="Issue order").dblclick()
    expect(screen.locator(".order-state .chip").first).to_have_text("Issued")
    screen.goto("/orders/sales/SO-00001?tab=timeline")
    expect(screen.locator(".timeline > li", has_text="Issued")).to_have_count(1)


def test_removing_asks_for_the_number(desk: Desk, screen: Page) -> None:
    desk.order()
    screen.goto("/orders/sales/SO-00001/remove")
    screen.get_by_label("Type SO-00001 to remove it").fill("SO-1")
    screen.get_by_role("button", name="Remove for good").click()
    expect(screen.locator(".field .error")).to_contain_text("Type the order's number, SO-00001")
    screen.get_by_label("Type SO-00001 to remove it").fill("SO-00001")
    screen.get_by_role("button", name="Remove for good").click()
    expect(screen.locator("h2", has_text="No sales orders yet")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_axe_finds_nothing_on_the_sales_pages(
    desk: Desk, browser: Browser, server: Server, width: int, theme: str
) -> None:
    order = desk.order([(desk.diamond, "25"), (desk.ring, "20")])
    with transaction.atomic():
        desk.company.enter()
        actions.issue_order(by=desk.company.by, order=order.id)
    context = browser.new_context(
        base_url=server.url,
        viewport={"width": width, "height": 800},
        color_scheme=theme,  # type: ignore[arg-type]
        bypass_csp=True,
    )
    page = desk.sign_in(context.new_page())
    found = {}
    for path in (
        "/orders/sales",
        "/orders/sales/SO-00001",
        "/orders/sales/SO-00001?tab=selections",
        "/orders/sales/SO-00001/select-inventory",
        "/orders/sales/SO-00001/create-shipment",
        "/orders/sales/SO-00001/edit",
        "/orders/sales/SO-00001/lines/add",
        "/orders/sales/SO-00001/hold",
        "/orders/sales/SO-00001/cancel-lines",
        "/orders/sales/SO-00001/remove",
        "/orders/sales/new",
        "/orders/sales/quick",
        "/shipments",
    ):
        page.goto(path)
        page.add_script_tag(path=AXE)
        results = page.evaluate("axe.run(document)")
        for one in results["violations"]:
            found[f"{path} {one['id']}"] = [node["target"] for node in one["nodes"]][:3]
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    context.close()
    assert found == {}
