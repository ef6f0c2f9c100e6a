"""The wizard in a browser: from what a customer wrote to an estimate."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.plugins.server import Server
from tests.web.sales_desk import Desk, open_desk

AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
NOTES = (
    "Need 25 pcs round diamond 1.2 mm; 10 gold rings size 7 US. Also 2 kg silver grain. "
    "Rush - deliver by 15 Dec."
)


@pytest.fixture
def desk(server: Server) -> Desk:
    """A company on the server."""
    return open_desk()


@pytest.fixture
def screen(desk: Desk, page: Page) -> Page:
    """The founder's browser, at the first step."""
    desk.sign_in(page).goto("/orders/sales/new")
    return page


def choose_customer(page: Page) -> None:
    page.get_by_role("combobox", name="Customer").fill("Acme")
    page.get_by_role("option", name="Acme Jewelers").click()


def go_on(page: Page) -> None:
    page.locator(".wizard-foot .btn-primary").click()


def review(page: Page) -> None:
    """As far as the second step with the notes read."""
    choose_customer(page)
    page.get_by_label("What the customer asked for").fill(NOTES)
    go_on(page)
    expect(page.get_by_role("heading", name="Requested products")).to_be_visible()


def products(page: Page) -> list[str]:
    fields = page.locator("[data-rows] [name='row_product_name']")
    return [fields.nth(index).input_value() for index in range(fields.count())]


def test_pasted_notes_become_an_order(screen: Page) -> None:
    review(screen)
    assert products(screen) == ["Round Diamond", "Gold Ring", "Silver Grain"]
    for button in screen.locator("[data-rows] [data-accept]").all():
        button.click()
    expect(screen.locator("[data-accepted-said]")).to_have_text("3 of 3 accepted")
    go_on(screen)
    screen.get_by_role("button", name="required").click()
    assert screen.get_by_label("Date required").input_value().endswith("-12-15")
    go_on(screen)
    screen.get_by_label("The terms of this order are accepted").check()
    go_on(screen)
    expect(screen.get_by_role("heading", name="SO-00001")).to_be_visible()
    expect(screen.locator("#lines tbody tr[data-status]")).to_have_count(3)
    expect(screen.locator(".order-panel")).to_contain_text("with the wizard")


def test_every_row_must_be_accepted(screen: Page) -> None:
    review(screen)
    go_on(screen)
    expect(screen.locator("[data-rows] [role='alert']")).to_have_text(
        [f"Row {number}: accept it, or delete it." for number in (1, 2, 3)]
    )
    assert products(screen) == ["Round Diamond", "Gold Ring", "Silver Grain"]


def test_a_row_lights_its_words_and_the_words_their_row(screen: Page) -> None:
    review(screen)
    screen.locator("[data-rows] [data-row='1'] [name='row_quantity']").focus()
    expect(screen.locator("mark.lit")).to_have_count(1)
    expect(screen.locator("mark.lit")).to_contain_text("10 gold rings")
    screen.locator("mark[data-span='0']").hover()
    expect(screen.locator("[data-rows] [data-row='0']")).to_have_class("review-row lit")


def test_rows_are_added_and_deleted(screen: Page) -> None:
    review(screen)
    screen.locator("[data-rows] [data-delete-row]").nth(2).click()
    screen.get_by_role("button", name="Add product").click()
    screen.keyboard.type("GR-18")
    expect(screen.get_by_role("option", name="Gold Ring")).to_be_visible()
    screen.keyboard.press("Enter")
    assert products(screen) == ["Round Diamond", "Gold Ring", "Gold Ring"]


def test_a_draft_is_kept_and_gone_on_with(screen: Page) -> None:
    review(screen)
    screen.locator("[data-rows] [name='row_quantity']").first.fill("26")
    screen.get_by_role("button", name="Save draft and go on later").click()
    screen.wait_for_url("**/orders/sales")
    screen.get_by_text("1 unfinished draft").click()
    screen.get_by_role("link", name="Acme Jewelers").click()
    assert screen.locator("[data-rows] [name='row_quantity']").first.input_value() == "26"


def test_terms_must_be_accepted(screen: Page) -> None:
    choose_customer(screen)
    go_on(screen)
    screen.get_by_role("button", name="Add product").click()
    screen.keyboard.type("Gold")
    expect(screen.get_by_role("option", name="Gold Ring")).to_be_visible()
    screen.keyboard.press("Enter")
    screen.locator("[data-rows] [name='row_quantity']").fill("2")
    screen.locator("[data-rows] [data-accept]").click()
    go_on(screen)
    screen.get_by_label("Date required").fill("2099-01-31")
    go_on(screen)
    go_on(screen)
    expect(screen.locator(".field .error")).to_have_text("must be accepted")


def test_a_missing_customer_is_said_beside_its_field(screen: Page) -> None:
    screen.get_by_label("What the customer asked for").fill(NOTES)
    go_on(screen)
    expect(screen.locator(".field .error")).to_have_text("Choose the customer.")
    assert screen.get_by_label("What the customer asked for").input_value() == NOTES


def test_axe_finds_nothing_in_the_review(screen: Page) -> None:
    review(screen)
    screen.evaluate(AXE.read_text())
    found = screen.evaluate("axe.run(document)")["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in found] == []
