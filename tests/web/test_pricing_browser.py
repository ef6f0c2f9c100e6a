"""Pricing in a real browser: the example follows what one types, all by keyboard, and axe."""

import pytest
from playwright.sync_api import Page, expect

from tests.company import Company, found_company
from tests.plugins.server import Server
from tests.web.conftest import sign_in
from tests.web.test_browser import WIDTHS, findings, wear

ROUTES = (
    "/pricing/customer-prices",
    "/pricing/customer-prices/new",
    "/pricing/volume-discounts",
    "/pricing/volume-discounts/new",
    "/pricing/discount-codes",
    "/pricing/discount-codes/new",
    "/pricing/checker",
    "/pricing/checker?customer_id={customer}&product_id={product}&quantity=750",
    "/customers/{customer}",
    "/customers/{customer}/prices",
    "/customers/{customer}/orders",
    "/customers/{customer}/shipments",
    "/customers/{customer}/activity",
    "/customers/{customer}/merge",
    "/products/{product}",
)


@pytest.fixture
def company(server: Server) -> Company:
    """A company on the server."""
    return found_company()


@pytest.fixture
def desk(company: Company, page: Page) -> Page:
    """The Admin's browser, signed in."""
    page.set_default_timeout(10_000)
    sign_in(page, company.email)
    return page


def test_tiers_are_typed_by_keyboard_and_the_example_follows(company: Company, desk: Page) -> None:
    desk.goto("/pricing/volume-discounts/new")
    desk.get_by_label("Name").first.focus()
    keys = desk.keyboard
    for typed in ("Bulk", "100", "5", "First"):
        keys.type(typed)
        keys.press("Tab")
    example = desk.locator("#example")
    expect(example).to_contain_text("× 0.95")
    keys.press("Tab")  # over the button that removes the row
    keys.press("Enter")
    for typed in ("500", "10"):
        keys.type(typed)
        keys.press("Tab")
    expect(example).to_contain_text("× 0.855")
    expect(example).to_contain_text("$10.6875")
    desk.get_by_label("Order quantity").fill("120")
    expect(example).to_contain_text("not met")
    expect(example).to_contain_text("$11.875")
    desk.get_by_label("Name").first.focus()
    keys.press("Control+Enter")
    desk.wait_for_url("**/pricing/volume-discounts")
    (made,) = company.api().get("/volume-discounts").body["data"]
    assert [(tier["threshold"], tier["percent"], tier["name"]) for tier in made["tiers"]] == [
        ("100", "0.05", "First"),
        ("500", "0.1", ""),
    ]


def test_a_removed_tier_leaves_the_example(company: Company, desk: Page) -> None:
    sent = {"name": "Bulk", "tiers": [{"threshold": "1", "percent": "0.5"}]}
    assert company.api().post("/volume-discounts", sent).status == 201
    desk.goto("/pricing/volume-discounts")
    desk.get_by_role("link", name="Bulk").click()
    example = desk.locator("#example")
    expect(example).to_contain_text("× 0.5")
    desk.get_by_role("button", name="Remove this row").click()
    expect(example).to_contain_text("× 1")


@pytest.mark.slow
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_pages_of_prices_customers_and_products_are_accessible(
    company: Company, desk: Page, theme: str
) -> None:
    ids = {"customer": str(company.customer()), "product": str(company.product(sku="RING"))}
    wear(desk, theme)
    found: list[str] = []
    for route in ROUTES:
        desk.goto(route.format(**ids))
        for width in WIDTHS:
            desk.set_viewport_size({"width": width, "height": 800})
            found += findings(desk)
            if desk.evaluate("document.documentElement.scrollWidth > innerWidth"):
                found.append(f"{route} is wider than {width} px")
    assert found == []
